import type { PolicyChange } from '../api/types.js'
import { t } from '../language/i18n.js'

/** Each difference as a sentence; what asks for less says so in words, not by colour alone. */
export function Changes({ changes }: { changes: readonly PolicyChange[] }) {
  if (changes.length === 0) return null
  return (
    <ul className="s-rules-changes">
      {changes.map(({ text, weaker }) => (
        <li key={text}>
          <span className={weaker ? 's-pill s-wait' : 's-pill s-good'}>
            {t(weaker ? 'rules.weaker' : 'rules.stricter')}
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  )
}
