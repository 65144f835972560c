import './settings.css'

import { Link, Redirect, useParams } from 'wouter'

import { Page } from '../app/page.js'
import { useGroup, useIs } from '../app/session.js'
import { Log } from '../audit/log.js'
import { QuietTimes } from '../calendar/quiet-times.js'
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
  people: { kind: 'people', icon: 'people', show: People, adminOnly: false },
  governance: { kind: 'people', icon: 'hand', show: Governance, adminOnly: false },
  rules: { kind: 'posts', icon: 'ticks', show: ReviewRules, adminOnly: false },
  windows: { kind: 'posts', icon: 'clock', show: GroupWindows, adminOnly: false },
  quiet: { kind: 'posts', icon: 'pause', show: QuietTimes, adminOnly: false },
  channels: { kind: 'posts', icon: 'channels', show: Channels, adminOnly: false },
  group: { kind: 'group', icon: 'settings', show: GroupDetails, adminOnly: false },
  mail: { kind: 'group', icon: 'mail', show: Mails, adminOnly: true },
  log: { kind: 'group', icon: 'link', show: Log, adminOnly: true },
} as const satisfies Record<string, { kind: string; icon: IconName; show: () => React.ReactNode; adminOnly: boolean }>

type Part = keyof typeof parts

const kinds = ['people', 'posts', 'group'] as const

/** All about the group: an overview, or one part of it beside the names of the others. */
export function SettingsPage() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const { part } = useParams<{ part?: string }>()
  const home = `/g/${group.slug}/settings`
  const seen = (Object.keys(parts) as Part[]).filter((each) => isAdmin || !parts[each].adminOnly)
  const chosen = seen.find((each) => each === part)
  if (!chosen) {
    if (part) return <Redirect to={home} replace />
    return (
      <Page key="all" title={t('nav.settings')}>
        <Places home={home} seen={seen} withWords />
      </Page>
    )
  }
  const Show = parts[chosen].show
  return (
    <Page key={chosen} title={t(`settings.${chosen}`)} lead={isAdmin ? undefined : t('settings.readOnly')}>
      <div className="s-settings">
        <Link href={home} className="s-settings-back">
          <Icon name="left" />
          {t('settings.all')}
        </Link>
        <Places home={home} seen={seen} chosen={chosen} />
        <div className="s-settings-body">
          <Show />
        </div>
      </div>
    </Page>
  )
}

/** The parts by what they are about: a list beside one of them, or with a sentence each. */
function Places({
  home,
  seen,
  chosen,
  withWords = false,
}: {
  home: string
  seen: Part[]
  chosen?: Part
  withWords?: boolean
}) {
  return (
    <nav aria-label={t('settings.label')} className={withWords ? 's-places s-places-all' : 's-places'}>
      {kinds.map((kind) => (
        <section key={kind} aria-labelledby={`settings-${kind}`}>
          <h2 id={`settings-${kind}`}>{t(`settings.kind.${kind}`)}</h2>
          <ul>
            {seen
              .filter((each) => parts[each].kind === kind)
              .map((each) => (
                <li key={each}>
                  <Link href={`${home}/${each}`} aria-current={each === chosen ? 'page' : undefined}>
                    <Icon name={parts[each].icon} />
                    <span>
                      {t(`settings.${each}`)}
                      {withWords && <span className="s-dim">{t(`settings.about.${each}`)}</span>}
                    </span>
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
