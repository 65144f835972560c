import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api } from '../api/client.js'
import { at } from '../api/queries.js'
import type { CheckResult, PostInput } from '../api/types.js'
import { fingerprint, sendable } from './input.js'

/** What the server says about the post as it stands: lengths, problems, slots, who would be asked. */
export function useCheck(slug: string, postId: string | null, input: PostInput) {
  const [typed] = useDebouncedValue(input, 600)
  const settled = sendable(typed)
  return useQuery({
    queryKey: ['group', slug, 'check', postId, fingerprint(settled)],
    queryFn: ({ signal }) => api<CheckResult>('POST', `${at(slug)}/posts/check`, checked(postId, settled), signal),
    placeholderData: keepPreviousData,
    staleTime: 20_000,
    gcTime: 60_000,
  })
}

/** A post that has been saved brings its own slot and contributors. */
export function checked(postId: string | null, input: PostInput): PostInput & { postId?: string } {
  return postId === null ? input : { ...input, postId }
}
