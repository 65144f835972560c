import './calendar.css'

import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { groupQueries } from '../api/queries.js'
import type { Silence } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { Holidays } from './holidays.js'
import { NewSilence } from './new-silence.js'
import { PauseButton } from './pause-button.js'

/** When nothing goes out: pausing everything, silences; and which days are like weekend. */
export function QuietTimes() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const calendar = useQuery(groupQueries.calendar(group.slug))
  if (calendar.error && !calendar.data) return <Failure error={calendar.error} retry={() => void calendar.refetch()} />
  if (!calendar.data) return <CardSkeletons />
  return (
    <div className="s-quiet-times">
      <section>
        <h2>{t('pause.button')}</h2>
        <p>{calendar.data.pause ? t('pause.isPaused') : t('pause.help')}</p>
        <div className="s-actions">
          <PauseButton />
        </div>
      </section>
      <section>
        <h2>{t('silences.title')}</h2>
        <p>{t('silences.help')}</p>
        {calendar.data.silences.length === 0 ? (
          <p className="s-quiet-line">{t('silences.none')}</p>
        ) : (
          <ul className="s-rows">
            {calendar.data.silences.map((silence) => (
              <li key={silence.id} className="s-card">
                <Row silence={silence} />
              </li>
            ))}
          </ul>
        )}
        {isAdmin && <NewSilence />}
      </section>
      <Holidays />
    </div>
  )
}

function Row({ silence }: { silence: Silence }) {
  const isAdmin = useIs('admin')
  const change = useChange()
  return (
    <>
      <div className="s-row-head">
        <h3 className="s-grow">
          {silence.name}
          {silence.now && <span className="s-dim"> · {t('silences.now')}</span>}
        </h3>
        {isAdmin && (
          <ActionIcon
            aria-label={t('silences.remove', { name: silence.name })}
            disabled={change.isPending}
            onClick={() =>
              change.mutate({ method: 'DELETE', path: `/silences/${silence.id}`, said: t('silences.removed') })
            }
          >
            <Icon name="bin" />
          </ActionIcon>
        )}
      </div>
      <p>{silence.text}</p>
      <p className="s-meta">
        {silence.channels === null ? t('silences.everywhere') : silence.channels.join(', ')} ·{' '}
        {t('silences.by', { name: silence.madeBy })}
      </p>
    </>
  )
}
