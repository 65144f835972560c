import { NativeSelect, Textarea, TextInput } from '@mantine/core'

import type { Channel, CheckResult, Content, Visibility } from '../api/types.js'
import { t } from '../language/i18n.js'
import { canHave, isWanted, withExtras, type ExtraName } from './input.js'
import { LeaveOut } from './leave-out.js'
import { Problems } from './problems.js'

/** First comment, content warning and who can see it: each only where a chosen channel has it, or it was filled in. */
export function MoreFields({
  content,
  channels,
  check,
  setContent,
}: {
  content: Content
  channels: Channel[]
  check: CheckResult | null
  setContent: (change: (old: Content) => Content) => void
}) {
  const visibilities = [...new Set(channels.flatMap(({ capabilities }) => capabilities.visibilities))]
  const has = (name: ExtraName) =>
    isWanted(content, name) ||
    (name === 'visibility' ? visibilities.length > 1 : channels.some((channel) => canHave(channel, name, content)))
  const shown = (['firstComment', 'contentWarning', 'visibility'] as const).filter(has)
  if (shown.length === 0) return null
  const set = (name: ExtraName, value: string) =>
    setContent((old) => withExtras(old, null, { [name]: value === '' || value === 'public' ? undefined : value }))
  // That a network has none at all is said beside the button that leaves it out there.
  const able = channels.filter((channel) => canHave(channel, 'firstComment', content)).map(({ id }) => id)
  const ofComment = (check?.channels ?? []).flatMap(({ channelId, parts, problems }) =>
    problems.flatMap(({ part, message }) =>
      able.includes(channelId) && part !== null && parts[part - 1]?.kind === 'comment' ? [message] : [],
    ),
  )
  const options: Visibility[] = [...new Set([...visibilities, content.visibility ?? 'public'])]
  return (
    <fieldset className="s-panel">
      <legend>{t('extras.title')}</legend>
      {shown.includes('firstComment') && (
        <div className="s-extra">
          <Textarea
            label={t('extras.firstComment')}
            description={t('extras.firstCommentHelp')}
            autosize
            minRows={2}
            value={content.firstComment ?? ''}
            onChange={(event) => set('firstComment', event.currentTarget.value)}
          />
          <Problems lines={[...new Set(ofComment)]} />
          <LeaveOut name="firstComment" content={content} channels={channels} setContent={setContent} />
        </div>
      )}
      {shown.includes('contentWarning') && (
        <div className="s-extra">
          <TextInput
            label={t('extras.contentWarning')}
            description={t('extras.contentWarningHelp')}
            maxLength={500}
            value={content.contentWarning ?? ''}
            onChange={(event) => set('contentWarning', event.currentTarget.value)}
          />
          <LeaveOut name="contentWarning" content={content} channels={channels} setContent={setContent} />
        </div>
      )}
      {shown.includes('visibility') && (
        <div className="s-extra">
          <NativeSelect
            label={t('extras.visibility')}
            value={content.visibility ?? 'public'}
            data={options.map((value) => ({ value, label: t(`visibility.${value}`) }))}
            onChange={(event) => set('visibility', event.currentTarget.value)}
          />
          <LeaveOut name="visibility" content={content} channels={channels} setContent={setContent} />
        </div>
      )}
    </fieldset>
  )
}
