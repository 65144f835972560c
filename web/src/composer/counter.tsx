import type { Channel, ChannelCheck } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import type { Count } from './counting.js'
import { Problems } from './problems.js'

/** How much room a channel leaves, and what it would say: of the post itself, or of another part. */
export function Counter({
  channel,
  text,
  check,
  count,
  part = 1,
  quiet = false,
}: {
  channel: Channel
  text: string
  check: ChannelCheck | null
  count: Count
  part?: number
  quiet?: boolean
}) {
  const local = count(channel, text)
  const checked = check?.parts[part - 1]
  const used = local?.used ?? checked?.used ?? 0
  const limit = local?.limit ?? checked?.limit ?? channel.limits.textLimit
  const left = limit - used
  const near = left < Math.min(40, limit / 5)
  // What is about the first comment, or what it answers, stands beside that; what no other part shows, beside the post.
  const about = (check?.problems ?? []).filter((each) => (each.part ?? 1) === part && each.field !== 'target')
  return (
    <>
      <p className={left < 0 ? 's-counter s-over' : 's-counter'}>
        <NetworkMark network={channel.network} size={20} />
        <span>
          <span className="s-hidden">{channel.name}: </span>
          {left < 0 ? t('composer.tooMany', { count: -left }) : t('composer.left', { count: left })}
        </span>
        <span className="s-meter" aria-hidden="true">
          <span style={{ width: `${Math.min(100, (used / limit) * 100)}%` }} />
        </span>
        <span className="s-hidden" aria-live="polite">
          {near
            ? left < 0
              ? t('composer.tooManyFor', { count: -left, name: channel.name })
              : t('composer.leftFor', { count: left, name: channel.name })
            : ''}
        </span>
      </p>
      <Problems lines={quiet ? [] : about.map((each) => each.message)} />
      {part === 1 && !quiet && check?.cost && (
        <p className="s-meta s-cost">
          <Icon name="info" size={16} /> <span>{check.cost}</span>
        </p>
      )}
    </>
  )
}
