import { UnstyledButton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'

import { api } from '../api/client.js'
import { groupQueries } from '../api/queries.js'
import type { DemoPerson } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Dropdown, DropdownItem } from '../ui/dropdown.js'
import { Icon } from '../ui/icons.js'
import { say, sayFailure } from '../ui/notify.js'
import { moment } from '../ui/time.js'
import { useMaybeGroup, useNow, useSession } from './session.js'

/** The strip over the demonstration: who you are, be somebody else, let time pass, see the mails and the public page. */
export function DemoBar() {
  const session = useSession()
  const group = useMaybeGroup()
  const now = useNow()
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  const details = useQuery({ ...groupQueries.group(group?.slug ?? ''), enabled: group !== null })
  const zone = group?.timeZone ?? 'Europe/London'
  const people = session.demo?.people ?? []

  const enter = async (person: DemoPerson) => {
    try {
      await api('POST', '/demo/enter', { memberId: person.memberId })
      go('/')
      await queries.resetQueries()
      say(t('demo.now', { name: person.name }))
    } catch (error) {
      sayFailure(error)
    }
  }
  const moveOn = async (minutes: number) => {
    setBusy(true)
    try {
      const moved = await api<{ now: string }>('POST', '/demo/clock', { minutes })
      await queries.invalidateQueries()
      say(t('demo.itIsNow', { time: moment(moved.now, zone) }))
    } catch (error) {
      sayFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <aside className="s-demo" aria-label={t('demo.label')}>
      <div className="s-demo-in">
        <Dropdown
          side="start"
          className="s-demo-button"
          content={(close) => (
            <>
              <p className="s-dropdown-head">{t('demo.switch')}</p>
              {people.map((person) => (
                <DropdownItem
                  key={person.memberId}
                  chosen={group?.memberId === person.memberId}
                  end={group?.memberId === person.memberId ? <Icon name="tick" size={18} /> : undefined}
                  onClick={() => {
                    close()
                    void enter(person)
                  }}
                >
                  <strong>{person.name}</strong>
                  <span className="s-dropdown-sub">
                    {person.roles.map((role) => t(`role.${role}`)).join(', ')} · {person.groupName}
                  </span>
                </DropdownItem>
              ))}
            </>
          )}
        >
          <Icon name="people" size={18} />
          <span>
            <span className="s-demo-wide">{t('demo.youAre')} </span>
            <strong>{session.person?.name ?? t('demo.nobody')}</strong>
          </span>
          <Icon name="chevron" size={14} />
        </Dropdown>
        <span className="s-demo-clock">
          <span className="s-demo-time">
            <Icon name="clock" size={18} />
            <span>
              <span className="s-hidden">{t('demo.clockIs')} </span>
              {moment(new Date(now).toISOString(), zone)}
            </span>
          </span>
          {/* A group of one's own lives by the real clock. */}
          {group?.demo !== false && (
            <>
              <UnstyledButton className="s-demo-button s-demo-step" disabled={busy} onClick={() => void moveOn(60)}>
                {t('demo.hour')}
                <span className="s-hidden">: {t('demo.hourLong')}</span>
              </UnstyledButton>
              <UnstyledButton
                className="s-demo-button s-demo-step"
                disabled={busy}
                onClick={() => void moveOn(24 * 60)}
              >
                {t('demo.day')}
                <span className="s-hidden">: {t('demo.dayLong')}</span>
              </UnstyledButton>
            </>
          )}
        </span>
        <span className="s-demo-links">
          {session.mailboxOpen && (
            <a href="/mailbox">
              <Icon name="mail" size={18} />
              {t('demo.mailbox')}
            </a>
          )}
          {details.data?.noticeboardUrl && (
            <a href={details.data.noticeboardUrl}>
              <Icon name="pin" size={18} />
              {t('demo.noticeboard')}
            </a>
          )}
        </span>
      </div>
    </aside>
  )
}
