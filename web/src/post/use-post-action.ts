import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { PostDetail } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { sayFailure, takeBack } from '../ui/notify.js'

/** Does something to a post and shows what the server says came of it; nothing is shown before it is true. */
export function usePostAction() {
  const group = useGroup()
  const queries = useQueryClient()
  const failure = useRef<string>(null)
  return useMutation({
    mutationFn: ({ path, body }: { path: string; body: unknown }) =>
      api<PostDetail>('POST', `${at(group.slug)}/${path}`, body),
    onMutate: () => {
      if (failure.current) takeBack(failure.current)
      failure.current = null
    },
    onSuccess: (post) => {
      queries.setQueryData(groupQueries.post(group.slug, post.id).queryKey, post)
      void queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
    },
    onError: (error) => {
      failure.current = sayFailure(error)
    },
  })
}
