import './governance.css'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { Governance as Facts } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { dayInWords, dayOf } from './day.js'
import { Ethics } from './ethics.js'
import { Managers } from './managers.js'
import { Section } from './section.js'
import { Unanswering } from './unanswering.js'

/** How the group is run: for every member to read, for admins to keep. */
export function Governance() {
  const group = useGroup()
  const governance = useQuery(groupQueries.governance(group.slug))
  if (governance.error && !governance.data)
    return <Failure error={governance.error} retry={() => void governance.refetch()} />
  if (!governance.data) return <CardSkeletons />
  const facts = governance.data
  return (
    <div className="s-governance s-settings-body">
      <p className="s-lead">{t('governance.lead')}</p>
      {facts.notices.length > 0 && (
        <Note tone="wait" icon="info">
          {facts.notices.map((notice) => (
            <p key={notice}>{notice}</p>
          ))}
        </Note>
      )}
      <Managers managers={facts.managers} />
      <Section id="admins" title={t('governance.admins')}>
        <p>
          {t(facts.admins.length < 2 ? 'governance.adminAlone' : 'governance.adminsAre', {
            names: facts.admins.join(', '),
          })}
        </p>
        <h3>{t('governance.ends')}</h3>
        <Lines lines={ends(facts)} none={t('governance.noEnds')} />
        <h3>{t('governance.away')}</h3>
        <Lines
          lines={facts.away.map(({ name, until }) => t('governance.awayUntil', { name, day: dayInWords(until) }))}
          none={t('governance.nobodyAway')}
        />
      </Section>
      {facts.unanswering && (
        <Section id="answers" title={t('governance.answers')}>
          <p className="s-meta">{t('governance.answersHelp')}</p>
          <Unanswering people={facts.unanswering} />
        </Section>
      )}
      <Ethics code={facts.ethics} />
      {facts.handOvers && (
        <Section id="hand-overs" title={t('governance.handOvers')}>
          <Lines
            lines={facts.handOvers.map(({ memberId, name, leftAt, open }) => (
              <Link key={memberId} href={`/g/${group.slug}/hand-over/${memberId}`}>
                {t('governance.handOver', { count: open, name, when: dayOf(leftAt, group.timeZone) })}
              </Link>
            ))}
            none={t('governance.noHandOvers')}
          />
        </Section>
      )}
    </div>
  )
}

function Lines({ lines, none }: { lines: ReactNode[]; none: string }) {
  if (lines.length === 0) return <p className="s-meta">{none}</p>
  return (
    <ul className="s-lines">
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  )
}

function ends({ roleEnds }: Facts): string[] {
  return roleEnds.map(({ name, role, endsOn, kept }) =>
    t(kept ? 'governance.endKept' : 'governance.end', {
      name,
      role: t(`governance.as.${role}`),
      day: dayInWords(endsOn),
    }),
  )
}
