import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { SpreadProposal, Week, WeekDay } from '../api/types.js'
import { useGroup, useMayWrite, useNow } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { say, sayFailure, sayWithUndo } from '../ui/notify.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { longDate } from '../ui/time.js'

/** Spreads the posts of one day over its windows again, having shown what would move. */
export function SpreadDialog({ week, today, close }: { week: Week; today: string; close: () => void }) {
  const group = useGroup()
  const queries = useQueryClient()
  const days = week.days.filter((day) => day.date >= today)
  const [date, setDate] = useState(days[0]?.date ?? today)
  const proposal = useQuery({
    queryKey: ['group', group.slug, 'spread', date],
    queryFn: ({ signal }) => api<SpreadProposal>('GET', `${at(group.slug)}/spreads?date=${date}`, undefined, signal),
  })
  const refresh = () => void queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
  const undo = useUndo()
  const apply = useMutation({
    mutationFn: ({ moves }: SpreadProposal) =>
      api<{ id: string }>('POST', `${at(group.slug)}/spreads`, {
        date,
        moves: moves.map(({ publicationId, slot }) => ({ publicationId, slot })),
      }),
    onSuccess: ({ id }) => {
      close()
      sayWithUndo(t('spread.done', { day: longDate(date) }), () => undo.mutate(id))
    },
    onError: sayFailure,
    onSettled: refresh,
  })
  const shown = proposal.data
  return (
    <Dialog opened close={close} title={t('spread.title')}>
      <div className="s-form">
        <p>{t('spread.text')}</p>
        <NativeSelect
          label={t('spread.day')}
          value={date}
          data={days.map((day) => ({ value: day.date, label: longDate(day.date) }))}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
        {proposal.error && <Failure error={proposal.error} retry={() => void proposal.refetch()} />}
        {proposal.isPending && <CardSkeletons count={1} />}
        {shown && (
          <div aria-live="polite">
            <p>{shown.sentence}</p>
            <ul>
              {shown.moves.map((move) => (
                <li key={move.publicationId}>
                  <p>
                    <strong>{t('spread.move', { before: move.before, after: move.after })}</strong> “{move.firstWords}”
                    ({move.channelName})
                  </p>
                  <p className="s-meta s-cap">{move.reasons.join(', ')}</p>
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="s-actions s-dialog-actions">
          <Button variant="default" onClick={close}>
            {t('app.back')}
          </Button>
          {shown && shown.moves.length > 0 && (
            <Button disabled={apply.isPending} onClick={() => apply.mutate(shown)}>
              {apply.isPending ? t('app.working') : t('spread.do')}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}

/** Puts a day back that was spread, while that can be done as a whole. */
export function UndoSpread({ day: { date, undo } }: { day: WeekDay }) {
  const now = useNow()
  const mayWrite = useMayWrite()
  const undoing = useUndo()
  if (!undo || !mayWrite || Date.parse(undo.until) <= now) return null
  return (
    <Button
      size="compact-md"
      variant="default"
      className="s-undo-spread"
      disabled={undoing.isPending}
      leftSection={<Icon name="undo" size={16} />}
      onClick={() => undoing.mutate(undo.spreadId)}
    >
      {t('spread.undo')}
      <span className="s-hidden"> {longDate(date)}</span>
    </Button>
  )
}

function useUndo() {
  const group = useGroup()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api('POST', `${at(group.slug)}/spreads/${id}/undo`),
    onSuccess: () => say(t('spread.undone')),
    onError: sayFailure,
    onSettled: () => void queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) }),
  })
}
