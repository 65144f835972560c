import type { Counters } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon, type IconName } from './icons.js'

const shown: [keyof Omit<Counters, 'at'>, IconName][] = [
  ['reactions', 'heart'],
  ['replies', 'reply'],
  ['reposts', 'repost'],
  ['clicks', 'link'],
  ['impressions', 'eye'],
]

/** What the network tells; what it does not tell is left out, never shown as nought. */
export function CounterRow({ counters }: { counters: Counters }) {
  const known = shown.filter(([name]) => counters[name] !== null && counters[name] !== undefined)
  if (known.length === 0) return null
  return (
    <ul className="s-counters">
      {known.map(([name, icon]) => (
        <li key={name}>
          <Icon name={icon} size={18} />
          <span>{t(`counters.${name}`, { count: counters[name] ?? 0 })}</span>
        </li>
      ))}
    </ul>
  )
}
