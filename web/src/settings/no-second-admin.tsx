import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'

import { groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'

/** The way out where a second admin has to agree and there is none. */
export function NoSecondAdmin() {
  const { slug } = useGroup()
  const { data } = useQuery(groupQueries.members(slug))
  const admins = data?.filter((each) => each.status === 'active' && each.roles.includes('admin'))
  if (!admins || admins.length > 1) return null
  return (
    <p>
      {t('rules.noSecond')} <Link href={`/g/${slug}/settings/people`}>{t('settings.people')}</Link>
    </p>
  )
}
