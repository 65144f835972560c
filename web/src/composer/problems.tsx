import { Icon } from '../ui/icons.js'

/** What stands in the way, in sentences. */
export function Problems({ lines }: { lines: string[] }) {
  if (lines.length === 0) return null
  return (
    <ul className="s-problems">
      {lines.map((line) => (
        <li key={line}>
          <Icon name="warning" size={18} />
          <span>{line}</span>
        </li>
      ))}
    </ul>
  )
}
