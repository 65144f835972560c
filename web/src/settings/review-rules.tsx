import './review-rules.css'

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { groupQueries } from '../api/queries.js'
import type { PolicyVersion, ReviewRules as Rules } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { moment } from '../ui/time.js'
import { NoSecondAdmin } from './no-second-admin.js'
import { Changes } from './policy-changes.js'
import { ReviewMails } from './review-mails.js'
import { RulesForm } from './rules-form.js'
import { useChange } from './use-change.js'

/** What has to happen before a post goes out: in force, proposed, and as it was. Admins change it. */
export function ReviewRules() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const rules = useQuery(groupQueries.rules(group.slug))
  const [isChanging, setChanging] = useState(false)
  if (rules.error && !rules.data) return <Failure error={rules.error} retry={() => void rules.refetch()} />
  if (!rules.data) return <CardSkeletons />
  const { current, proposal, history } = rules.data
  return (
    <>
      {proposal && <Proposal rules={rules.data} proposal={proposal} isAdmin={isAdmin} />}
      <section className="s-panel" aria-labelledby="rules-now">
        <h2 id="rules-now">{t('rules.inForce')}</h2>
        <ul className="s-ticks">
          {current.sentences.map((sentence) => (
            <li key={sentence}>
              <Icon name="tick" /> {sentence}
            </li>
          ))}
        </ul>
        <p className="s-dim">{madeWords(current, group.timeZone)}</p>
        {isAdmin && !isChanging && (
          <div className="s-actions">
            <Button onClick={() => setChanging(true)}>{t('rules.change')}</Button>
          </div>
        )}
      </section>
      {isChanging && <RulesForm key={current.number} policy={current.policy} close={() => setChanging(false)} />}
      {history.length > 0 && (
        <details className="s-panel s-rules-history">
          <summary>{t('rules.history', { count: history.length })}</summary>
          <ol>
            {history.map((version) => (
              <li key={version.number}>
                <h3>
                  {t('rules.version', { number: version.number })} · {t(`rules.${version.state}`)}
                </h3>
                <p className="s-dim">{madeWords(version, group.timeZone)}</p>
                <Changes changes={version.changes} />
                {version.reason && <blockquote>{version.reason}</blockquote>}
              </li>
            ))}
          </ol>
        </details>
      )}
      <ReviewMails />
    </>
  )
}

function Proposal({ rules, proposal, isAdmin }: { rules: Rules; proposal: PolicyVersion; isAdmin: boolean }) {
  const group = useGroup()
  const change = useChange()
  const settle = (how: 'confirm' | 'refuse', said: string) =>
    change.mutate({ method: 'POST', path: `/policy/proposals/${proposal.number}/${how}`, said })
  const isOwn = rules.mayConfirm !== null
  return (
    <Note tone="wait" icon="clock">
      <section className="s-rules-proposal" aria-labelledby="rules-proposed">
        <h2 id="rules-proposed">{t('rules.proposedBy', { name: proposal.madeBy ?? '' })}</h2>
        <p>{t('rules.waits')}</p>
        <Changes changes={proposal.changes} />
        {proposal.reason && <blockquote>{proposal.reason}</blockquote>}
        <p className="s-dim">{moment(proposal.madeAt, group.timeZone)}</p>
        {isAdmin && (
          <>
            {isOwn && <p>{rules.mayConfirm}</p>}
            <NoSecondAdmin />
            <div className="s-actions">
              {!isOwn && (
                <Button disabled={change.isPending} onClick={() => settle('confirm', t('rules.confirmed'))}>
                  {t('rules.confirm')}
                </Button>
              )}
              <Button
                variant="default"
                disabled={change.isPending}
                onClick={() => settle('refuse', t(isOwn ? 'rules.takenBack' : 'rules.saidNo'))}
              >
                {t(isOwn ? 'rules.takeBack' : 'rules.refuse')}
              </Button>
            </div>
          </>
        )}
      </section>
    </Note>
  )
}

function madeWords(version: PolicyVersion, timeZone: string): string {
  const when = moment(version.madeAt, timeZone)
  if (version.madeBy === null) return t('rules.cameWithGroup', { when })
  const made = t('rules.madeBy', { name: version.madeBy, when })
  return version.settledBy ? `${made} ${t(`rules.${version.state}By`, { name: version.settledBy })}` : made
}
