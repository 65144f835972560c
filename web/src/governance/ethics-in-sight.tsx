import './governance.css'

import { useQuery } from '@tanstack/react-query'

import { groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'

/** The code of ethics one tap away, where somebody is about to send a post. Nothing waits for it. */
export function EthicsInSight() {
  const group = useGroup()
  const { data } = useQuery(groupQueries.governance(group.slug))
  if (!data) return null
  return (
    <details className="s-ethics-in-sight">
      <summary>{t('governance.ethicsBefore')}</summary>
      <ul className="s-points">
        {data.ethics.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </details>
  )
}
