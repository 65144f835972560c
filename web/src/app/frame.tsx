import { type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'

import { PauseBanner } from '../calendar/pause-banner.js'
import { t } from '../language/i18n.js'
import { Wordmark } from '../ui/brand.js'
import { ButtonLink } from '../ui/button-link.js'
import { Icon, type IconName } from '../ui/icons.js'
import { AccountMenu } from './account-menu.js'
import { DemoBar } from './demo-bar.js'
import { GroupSwitcher } from './group-switcher.js'
import { useMaybeGroup, useSession } from './session.js'

/** Header, navigation and main part around every screen of somebody who is signed in. */
export function Frame({ children }: { children: ReactNode }) {
  const session = useSession()
  const group = useMaybeGroup()
  const mayWrite = group?.roles.some((role) => role === 'editor' || role === 'admin') ?? false
  return (
    <>
      <a className="s-skip" href="#main">
        {t('app.skip')}
      </a>
      {session.demo && <DemoBar />}
      <header className="s-header">
        <div className="s-header-in">
          <Link href="/" className="s-home" aria-label={t('app.home')}>
            <Wordmark size={30} />
          </Link>
          {group && <Navigation slug={group.slug} className="s-nav-top" />}
          <div className="s-header-end">
            {group && <GroupSwitcher />}
            {mayWrite && group && (
              <ButtonLink href={`/g/${group.slug}/posts/new`} className="s-write" leftSection={<Icon name="plus" />}>
                {t('nav.write')}
              </ButtonLink>
            )}
            <AccountMenu />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="s-main">
        {group && <PauseBanner />}
        {children}
      </main>
      {group && <Navigation slug={group.slug} className="s-nav-bottom" withWrite={mayWrite} />}
    </>
  )
}

const places: { path: string; icon: IconName; key: 'queue' | 'week' | 'engagement' | 'settings' }[] = [
  { path: 'queue', icon: 'queue', key: 'queue' },
  { path: 'week', icon: 'week', key: 'week' },
  { path: 'engagement', icon: 'chart', key: 'engagement' },
  { path: 'settings', icon: 'settings', key: 'settings' },
]

function Navigation({ slug, className, withWrite }: { slug: string; className: string; withWrite?: boolean }) {
  const [location] = useLocation()
  const links = places.map((place) => {
    const href = `/g/${slug}/${place.path}`
    return (
      <li key={place.path}>
        <Link href={href} aria-current={location.startsWith(href) ? 'page' : undefined}>
          <Icon name={place.icon} />
          <span>{t(`nav.${place.key}`)}</span>
        </Link>
      </li>
    )
  })
  if (withWrite) {
    const href = `/g/${slug}/posts/new`
    links.splice(
      2,
      0,
      <li key="new">
        <Link href={href} className="s-nav-write" aria-current={location === href ? 'page' : undefined}>
          <Icon name="plus" />
          <span>{t('nav.writeShort')}</span>
        </Link>
      </li>,
    )
  }
  return (
    <nav className={className} aria-label={t('nav.label')}>
      <ul>{links}</ul>
    </nav>
  )
}
