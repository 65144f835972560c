import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'

import { groupQueries } from '../api/queries.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Note } from '../ui/note.js'
import { moment } from '../ui/time.js'

/** Says over the queue that nothing goes out, while the log does not fit. */
export function LogHold() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const { data } = useQuery(groupQueries.logHold(group.slug))
  if (!data?.since) return null
  return (
    <Note tone="bad" icon="warning">
      <p>{t('log.hold', { when: moment(data.since, group.timeZone) })}</p>
      <p>{isAdmin ? <Link href={`/g/${group.slug}/settings/log`}>{t('log.look')}</Link> : t('log.holdOthers')}</p>
    </Note>
  )
}
