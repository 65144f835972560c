import { TextInput } from '@mantine/core'
import { useState } from 'react'

import type { Channel, CheckResult, Content } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Answered } from '../ui/answered.js'
import { canHave, isWanted, isWholeTarget, withExtras } from './input.js'
import { LeaveOut } from './leave-out.js'
import { Problems } from './problems.js'

/** Whose post this one answers: its address, and what the network shows there. */
export function AnswerField({
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
  const [isBusy, setBusy] = useState(false)
  const value = content.target ?? ''
  if (value === '' && !channels.some(({ capabilities }) => capabilities.target)) return null
  // That a network cannot answer it is said beside the button that leaves it out there.
  const able = channels.filter((channel) => canHave(channel, 'target', content))
  const looked = (check?.channels ?? []).filter(({ channelId }) => able.some(({ id }) => id === channelId))
  const problems = looked.flatMap(({ problems: all }) =>
    all.flatMap(({ field, message }) => (field === 'target' ? [message] : [])),
  )
  const found = looked.flatMap(({ target }) => target ?? [])
  const different = found.filter((one, index) => found.findIndex((other) => other.address === one.address) === index)
  return (
    <fieldset className="s-panel">
      <legend>{t('target.title')}</legend>
      <div className="s-extra">
        <TextInput
          label={t('target.label')}
          description={t('target.help')}
          type="url"
          inputMode="url"
          placeholder="https://"
          maxLength={2000}
          value={value}
          error={!isBusy && value !== '' && !isWholeTarget(value) ? t('target.unfinished') : undefined}
          onFocus={() => setBusy(true)}
          onBlur={() => setBusy(false)}
          onChange={(event) => {
            const typed = event.currentTarget.value.trim()
            setContent((old) => withExtras(old, null, { target: typed === '' ? undefined : typed }))
          }}
        />
        {isWanted(content, 'target') && (
          <>
            <div aria-live="polite" className="s-extra">
              {different.map((target) => (
                <Answered key={target.address} target={target} />
              ))}
              <Problems lines={[...new Set(problems)]} />
            </div>
            <LeaveOut name="target" content={content} channels={channels} setContent={setContent} />
          </>
        )}
      </div>
    </fieldset>
  )
}
