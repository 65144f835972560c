import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { MoveOptions, PostDetail, SlotOffer } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { say, sayFailure, sayWithUndo } from '../ui/notify.js'

/** What somebody has in mind, as the question for slots. */
export function slotsQuery(wanted: { at: string; reason: string } | { date: string; start: string } | null): string {
  if (!wanted) return ''
  const filled = Object.entries(wanted).filter(([, value]) => value !== '')
  return new URLSearchParams(filled).toString()
}

/** Moves a publication to a slot whose consequence was shown, and offers to take back what asked nobody again. */
export function useMove() {
  const group = useGroup()
  const queries = useQueryClient()
  const mutation = useMutation({
    mutationFn: ({ id, body }: { id: string; body: object }) =>
      api<PostDetail>('POST', `${at(group.slug)}/publications/${id}/move`, body),
    onSuccess: (post) => {
      queries.setQueryData(groupQueries.post(group.slug, post.id).queryKey, post)
    },
    onError: sayFailure,
    onSettled: () => void queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) }),
  })
  const back = (was: MoveOptions, now: SlotOffer) =>
    mutation.mutate(
      { id: was.publicationId, body: { at: was.at, seen: now.slot, asksAgain: false } },
      { onSuccess: () => say(t('move.back', { slot: was.slotText })) },
    )
  const go = (was: MoveOptions, now: SlotOffer, reason: string, done: () => void) =>
    mutation.mutate(
      {
        id: was.publicationId,
        body: { at: now.at, seen: was.slot, asksAgain: now.asksAgain, ...(reason ? { reason } : {}) },
      },
      {
        onSuccess: () => {
          done()
          const said = t('move.done', { words: was.firstWords, slot: now.text })
          if (now.asksAgain) say(`${said} ${t('move.asked')}`)
          else sayWithUndo(said, () => back(was, now))
        },
      },
    )
  return { go, busy: mutation.isPending }
}
