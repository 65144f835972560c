import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api } from '../api/client.js'
import { at } from '../api/queries.js'
import type { CheckResult, PostInput } from '../api/types.js'
import { fingerprint, sendable } from './input.js'

/** What the server says about the post as it stands: lengths, problems, slots, who would be asked. */
export function useCheck(slug: string, input: PostInput) {
  const [typed] = useDebouncedValue(input, 600)
  const settled = sendable(typed)
  return useQuery({
    queryKey: ['group', slug, 'check', fingerprint(settled)],
    queryFn: ({ signal }) => api<CheckResult>('POST', `${at(slug)}/posts/check`, settled, signal),
    placeholderData: keepPreviousData,
    staleTime: 20_000,
    gcTime: 60_000,
  })
}
