import './settings.css'

import { Link, Redirect, useParams } from 'wouter'

import { Page } from '../app/page.js'
import { useGroup, useIs } from '../app/session.js'
import { Log } from '../audit/log.js'
import { Governance } from '../governance/governance.js'
import { t } from '../language/i18n.js'
import { Icon, type IconName } from '../ui/icons.js'
import { Channels } from './channels.js'
import { GroupDetails } from './group-details.js'
import { Mails } from './mails.js'
import { People } from './people.js'
import { ReviewRules } from './review-rules.js'
import { GroupWindows } from './windows.js'

const parts = {
  people: { icon: 'people', show: People, adminOnly: false },
  channels: { icon: 'channels', show: Channels, adminOnly: false },
  rules: { icon: 'ticks', show: ReviewRules, adminOnly: false },
  windows: { icon: 'clock', show: GroupWindows, adminOnly: false },
  group: { icon: 'settings', show: GroupDetails, adminOnly: false },
  governance: { icon: 'hand', show: Governance, adminOnly: false },
  mail: { icon: 'mail', show: Mails, adminOnly: true },
  log: { icon: 'link', show: Log, adminOnly: true },
} as const satisfies Record<string, { icon: IconName; show: () => React.ReactNode; adminOnly: boolean }>

type Part = keyof typeof parts

/** The group: people, channels, windows, its own details, mails, the log. */
export function SettingsPage() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const { part } = useParams<{ part?: string }>()
  if (!part || !(part in parts)) return <Redirect to={`/g/${group.slug}/settings/people`} replace />
  const chosen = part as Part
  const Show = parts[chosen].show
  return (
    <Page key={chosen} title={t(`settings.${chosen}`)} lead={isAdmin ? undefined : t('settings.readOnly')}>
      <div className="s-settings">
        <nav aria-label={t('settings.label')}>
          <ul>
            {(Object.keys(parts) as Part[])
              .filter((each) => isAdmin || !parts[each].adminOnly)
              .map((each) => (
                <li key={each}>
                  <Link href={`/g/${group.slug}/settings/${each}`} aria-current={each === chosen ? 'page' : undefined}>
                    <Icon name={parts[each].icon} />
                    {t(`settings.${each}`)}
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
        <div className="s-settings-body">
          <Show />
        </div>
      </div>
    </Page>
  )
}
