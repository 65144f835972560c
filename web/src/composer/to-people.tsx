import { Link } from 'wouter'

import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'

/** Where "ask an admin" leads when the reader is one; nothing for everybody else. */
export function ToPeople() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  if (!isAdmin) return null
  return <Link href={`/g/${group.slug}/settings/people`}>{t('composer.toPeople')}</Link>
}
