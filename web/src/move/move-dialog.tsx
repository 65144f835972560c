import './move.css'

import { Button, Radio, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import type { SlotOffer } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { Failure } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { slotsQuery, useMove } from './use-move.js'

/** Another time for one post on one channel: the next free slots, or an exact time, and what either brings about. */
export function MoveDialog({
  publicationId,
  wanted = null,
  close,
}: {
  publicationId: string
  /** A window on a day that somebody has chosen already. */
  wanted?: { date: string; start: string } | null
  close: () => void
}) {
  const group = useGroup()
  const move = useMove()
  const [choice, setChoice] = useState<string | null>(wanted ? 'wanted' : null)
  const [at, setAt] = useState('')
  const [reason, setReason] = useState('')
  const [typed] = useDebouncedValue({ at, reason }, 400)
  const exact = choice === 'exact'
  const asking = exact ? (typed.at ? typed : null) : wanted
  const found = useQuery({
    ...groupQueries.slots(group.slug, publicationId, slotsQuery(asking)),
    placeholderData: keepPreviousData,
  })
  const options = found.data
  const settled = !found.isPlaceholderData && (!exact || (typed.at === at && typed.reason === reason))
  const chosen: SlotOffer | null =
    choice === 'exact' || choice === 'wanted'
      ? settled && asking
        ? (options?.asked ?? null)
        : null
      : (options?.offers.find((each) => each.at === choice) ?? null)
  const problem = settled && asking && (exact || choice === 'wanted') ? options?.problem : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (options && chosen) move.go(options, chosen, exact ? reason : '', close)
  }
  return (
    <Dialog opened close={close} title={t('move.title')} wide>
      {found.error && !options && <Failure error={found.error} retry={() => void found.refetch()} />}
      {!options && !found.error && <CardSkeletons count={1} />}
      {options && (
        <form className="s-form" onSubmit={submit}>
          <p>
            <strong>“{options.firstWords}”</strong>{' '}
            {t('move.now', { channel: options.channelName, slot: options.slotText })}
          </p>
          {options.refused ? (
            <Note tone="bad" icon="warning">
              <p>{options.refused}</p>
            </Note>
          ) : (
            <Radio.Group label={t('move.to')} value={choice} onChange={setChoice}>
              <div className="s-move-choices">
                {wanted && (
                  <Radio
                    value="wanted"
                    className="s-choice"
                    label={exact ? t('move.wanted') : (options.asked?.text ?? t('move.wanted'))}
                    description={!exact && options.asked ? sentence(options.asked.reasons) : undefined}
                  />
                )}
                {options.offers.map((offer) => (
                  <Radio
                    key={offer.at}
                    value={offer.at}
                    className="s-choice"
                    label={offer.text}
                    description={sentence(offer.reasons) + (offer.asksAgain ? ` ${t('move.asks')}` : '')}
                  />
                ))}
                <Radio value="exact" className="s-choice" label={t('move.exact')} />
              </div>
            </Radio.Group>
          )}
          {exact && (
            <div className="s-move-exact">
              <TextInput
                type="datetime-local"
                label={t('timing.at', { zone: group.timeZone })}
                value={at}
                onChange={(event) => setAt(event.currentTarget.value)}
              />
              <TextInput
                label={t('move.reason')}
                description={t('timing.reasonHelp')}
                maxLength={300}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            </div>
          )}
          <div className="s-move-foot">
            <div aria-live="polite">
              {problem && (
                <Note tone="bad" icon="warning">
                  <p>{problem}</p>
                </Note>
              )}
              {chosen && (
                <Note tone={chosen.asksAgain ? 'wait' : 'good'} icon={chosen.asksAgain ? 'people' : 'tick'}>
                  <p>{chosen.consequence}</p>
                </Note>
              )}
            </div>
            <p className="s-meta">{t('move.alone')}</p>
            <div className="s-actions s-dialog-actions">
              <Button variant="default" onClick={close}>
                {t('app.back')}
              </Button>
              {!options.refused && (
                <Button type="submit" disabled={!chosen || move.busy}>
                  {move.busy ? t('app.working') : chosen?.asksAgain ? t('move.doAndAsk') : t('move.do')}
                </Button>
              )}
            </div>
          </div>
        </form>
      )}
    </Dialog>
  )
}

/** Reasons are parts of a sentence; here they stand as one. */
function sentence(reasons: readonly string[]): string {
  const words = reasons.join(', ')
  return words === '' ? '' : `${words[0]!.toUpperCase()}${words.slice(1)}.`
}
