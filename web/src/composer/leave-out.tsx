import { Button } from '@mantine/core'

import type { Channel, Content } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { canHave, extrasFor, isOnlyWordless, isWanted, withExtras, without, type ExtraName } from './input.js'

/** For channels whose network has no such thing: leaving it out there, and taking that back. */
export function LeaveOut({
  name,
  content,
  channels,
  setContent,
}: {
  name: ExtraName
  content: Content
  channels: Channel[]
  setContent: (change: (old: Content) => Content) => void
}) {
  const isLeftOut = (channel: Channel) => !isWanted(extrasFor(content, channel.id), name)
  // Somebody's post that a channel could not pass on with the words there were can be taken back without them.
  const unable = channels.filter(
    (channel) => !canHave(channel, name, content) || (name === 'target' && isLeftOut(channel)),
  )
  if (!isWanted(content, name)) return null
  const words = name === 'target' && content.targetUse === 'repost' ? 'repost' : name
  return unable.map((channel) => {
    const isOut = isLeftOut(channel)
    const lacking = name === 'target' && isOnlyWordless(channel, content) ? 'quote' : words
    const set = (extras: object) => setContent((old) => withExtras(old, channel.id, extras))
    return (
      <p key={channel.id} className="s-leave-out">
        <span>
          <Icon name={isOut ? 'info' : 'warning'} size={18} />
          {t(isOut ? `extras.leftOut.${words}` : `extras.lacking.${lacking}`, { name: channel.name })}
        </span>
        <Button size="compact-md" variant="default" onClick={() => set(isOut ? { [name]: undefined } : without(name))}>
          {t(isOut ? 'extras.takeBack' : 'extras.leaveOut', { name: channel.name })}
        </Button>
      </p>
    )
  })
}
