import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'

import type { Channel, ChannelCheck, Content, Extras, Visibility } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { extrasFor, withExtras } from './input.js'
import { Problems } from './problems.js'

type OwnName = 'firstComment' | 'contentWarning' | 'visibility'

/** First comment, content warning and who can see it on one channel: what is for all, until somebody writes here. */
export function OwnExtras({
  channel,
  content,
  check,
  setContent,
}: {
  channel: Channel
  content: Content
  check: ChannelCheck | null
  setContent: (change: (old: Content) => Content) => void
}) {
  const { capabilities, id, name } = channel
  const own: Extras = content.channels.find((each) => each.channelId === id) ?? {}
  const here = extrasFor(content, id)
  const set = (extras: Extras) => setContent((old) => withExtras(old, id, extras))
  /** Beside a field that is the channel's own. */
  const reset = (field: OwnName) =>
    own[field] !== undefined && (
      <Button variant="default" leftSection={<Icon name="undo" />} onClick={() => set({ [field]: undefined })}>
        {t(`extras.reset.${field}`)}
      </Button>
    )
  const help = (field: OwnName) => t(`extras.${own[field] === undefined ? 'shared' : 'own'}.${field}`, { name })
  const ofComment = (check?.problems ?? []).flatMap(({ part, message }) =>
    part !== null && check?.parts[part - 1]?.kind === 'comment' ? [message] : [],
  )
  return (
    <>
      {capabilities.firstComment && (
        <div className="s-extra">
          <Textarea
            label={t('extras.on.firstComment', { name })}
            description={help('firstComment')}
            autosize
            minRows={2}
            value={here.firstComment}
            onChange={(event) => set({ firstComment: event.currentTarget.value })}
          />
          <Problems lines={ofComment} />
          {reset('firstComment')}
        </div>
      )}
      {capabilities.contentWarning && (
        <div className="s-extra">
          <TextInput
            label={t('extras.on.contentWarning', { name })}
            description={help('contentWarning')}
            maxLength={500}
            value={here.contentWarning}
            onChange={(event) => set({ contentWarning: event.currentTarget.value })}
          />
          {reset('contentWarning')}
        </div>
      )}
      {capabilities.visibilities.length > 1 && (
        <div className="s-extra">
          <NativeSelect
            label={t('extras.on.visibility', { name })}
            description={help('visibility')}
            value={here.visibility}
            data={[...new Set([...capabilities.visibilities, here.visibility])].map((value) => ({
              value,
              label: t(`visibility.${value}`),
            }))}
            onChange={(event) => set({ visibility: event.currentTarget.value as Visibility })}
          />
          {reset('visibility')}
        </div>
      )}
    </>
  )
}
