import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { Conversation } from '../api/types.js'
import { useGroup } from '../app/session.js'

/** Says or settles something about a post; what comes back is the conversation as it then is. */
export function useConversationAction(postId: string) {
  const group = useGroup()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ method = 'POST', path, body }: { method?: 'POST' | 'DELETE'; path: string; body?: unknown }) =>
      api<Conversation>(method, `${at(group.slug)}/posts/${postId}/${path}`, body),
    onSuccess: (conversation) => {
      queries.setQueryData(groupQueries.conversation(group.slug, postId).queryKey, conversation)
      // An applied suggestion has changed the post.
      void queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
    },
    // Somebody may have settled it meanwhile.
    onError: () => void queries.invalidateQueries({ queryKey: groupQueries.conversation(group.slug, postId).queryKey }),
  })
}
