import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Empty } from '../ui/empty.js'
import { Frame } from './frame.js'
import { Page } from './page.js'

export function NotFound() {
  return (
    <Page title={t('notFound.title')}>
      <Empty icon="question" text={t('notFound.text')}>
        <ButtonLink href="/">{t('notFound.home')}</ButtonLink>
      </Empty>
    </Page>
  )
}

/** Somebody who is signed in and belongs to no group. */
export function NoGroup() {
  return (
    <Frame>
      <Page title={t('noGroup.title')}>
        <Empty icon="people" text={t('noGroup.text')} />
      </Page>
    </Frame>
  )
}
