import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { groupQueries } from '../api/queries.js'
import type { Mail } from '../api/types.js'
import { useGroup, useSession } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Empty } from '../ui/empty.js'
import { Failure } from '../ui/failure.js'
import { Icon, type IconName } from '../ui/icons.js'
import type { Tone } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { moment } from '../ui/time.js'
import { useChange } from './use-change.js'

const states: Record<Mail['state'], [IconName, Tone]> = {
  waiting: ['clock', 'wait'],
  sent: ['tick', 'good'],
  failed: ['warning', 'bad'],
}

/** The mails of the group, so that "I never got it" can be answered. */
export function Mails() {
  const group = useGroup()
  const session = useSession()
  const mails = useQuery(groupQueries.mails(group.slug))
  const change = useChange()
  if (mails.error && !mails.data) return <Failure error={mails.error} retry={() => void mails.refetch()} />
  if (!mails.data) return <CardSkeletons />
  return (
    <>
      <p className="s-lead">{t('mails.lead')}</p>
      {session.mailboxOpen && (
        <p>
          <a href="/mailbox">{t('mails.mailbox')}</a>
        </p>
      )}
      {mails.data.length === 0 && <Empty icon="mail" text={t('mails.none')} />}
      <ul className="s-rows">
        {mails.data.map((mail) => {
          const [icon, tone] = states[mail.state]
          return (
            <li key={mail.id} className="s-card">
              <div className="s-row-head">
                <h2 className="s-grow">{mail.subject}</h2>
                <span className={`s-pill s-${tone}`}>
                  <Icon name={icon} size={16} />
                  <span>{t(`mails.${mail.state}`)}</span>
                </span>
              </div>
              <p className="s-meta s-break">
                {t('mails.to', { to: mail.to })} · {moment(mail.sentAt ?? mail.createdAt, group.timeZone)}
                {mail.tries > 1 && <> · {t('mails.tries', { count: mail.tries })}</>}
              </p>
              {mail.lastError && mail.state !== 'sent' && <p className="s-cause">{mail.lastError}</p>}
              {mail.state === 'failed' && (
                <div className="s-actions">
                  <Button
                    variant="default"
                    disabled={change.isPending}
                    onClick={() =>
                      change.mutate({
                        method: 'POST',
                        path: `/mails/${mail.id}/retry`,
                        body: {},
                        said: t('mails.again'),
                      })
                    }
                  >
                    {t('mails.retry')}
                    <span className="s-hidden">: {mail.subject}</span>
                  </Button>
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
