import type { Network } from '../api/types.js'
import { Icon } from './icons.js'

const letters: Record<Exclude<Network, 'bluesky' | 'noticeboard'>, string> = {
  mastodon: 'M',
  x: 'X',
  facebook: 'f',
  instagram: 'Ig',
  threads: 'Th',
  linkedin: 'in',
  telegram: 'Tg',
  webhook: '→',
}

/** A small round mark of a network; its name always stands beside it or in `label`. */
export function NetworkMark({ network, size = 24, label }: { network: Network; size?: number; label?: string }) {
  const inner = Math.round(size * 0.62)
  return (
    <span
      className={`s-network s-network-${network}`}
      style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {network === 'bluesky' ? (
        <svg width="62%" height="62%" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
          <path d="M12 11C10.700 8.300 7.300 4.700 4.600 3.600 2.900 2.900 1.500 3.400 1.500 5.800c0 1 .5 5.300.9 6.300.9 2.600 3.300 3.200 6 2.900-3.900.6-5 2.600-2.900 4.900 2.700 2.900 5.200.5 6.500-3 1.300 3.500 3.800 5.900 6.500 3 2.100-2.300 1-4.300-2.900-4.900 2.700.3 5.100-.3 6-2.900.4-1 .9-5.300.9-6.300 0-2.400-1.400-2.900-3.100-2.200C16.700 4.700 13.300 8.300 12 11Z" />
        </svg>
      ) : network === 'noticeboard' ? (
        <Icon name="pin" size={inner + 2} />
      ) : (
        <b style={{ fontSize: `${inner / 20}rem` }}>{letters[network]}</b>
      )}
    </span>
  )
}
