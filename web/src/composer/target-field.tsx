import { Radio, TextInput } from '@mantine/core'
import { useState } from 'react'

import type { Channel, CheckResult, Content } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { SomebodysPost } from '../ui/somebodys-post.js'
import { canHave, extrasFor, isOnlyWordless, isWanted, isWholeTarget, mannerOn, withExtras } from './input.js'
import { LeaveOut } from './leave-out.js'
import { Problems } from './problems.js'

/** Somebody's post that this one answers or passes on: its address, what the network shows there, and what becomes of it. */
export function TargetField({
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
  const use = content.targetUse ?? 'answer'
  const canRepost = channels.some(({ capabilities }) => capabilities.repost)
  if (value === '' && !canRepost && !channels.some(({ capabilities }) => capabilities.target)) return null
  // That a network cannot do it is said beside the button that leaves it out there.
  const able = channels.filter((channel) => canHave(channel, 'target', content))
  const saidOf = (some: Channel[]) =>
    (check?.channels ?? []).filter(({ channelId }) => some.some(({ id }) => id === channelId))
  const problems = saidOf(able).flatMap(({ problems: all }) =>
    all.flatMap(({ field, message }) => (field === 'target' ? [message] : [])),
  )
  const alone = channels.filter((channel) => isOnlyWordless(channel, content))
  const found = saidOf([...able, ...alone]).flatMap(({ target }) => target ?? [])
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
        {(canRepost || use === 'repost') && (
          <Radio.Group
            label={t('target.use')}
            value={use}
            onChange={(next) =>
              setContent((old) => withExtras(old, null, { targetUse: next === 'repost' ? 'repost' : undefined }))
            }
          >
            <div className="s-choices s-choices-tall">
              <Radio
                className="s-choice"
                value="answer"
                label={t('target.answer')}
                description={t('target.answerHelp')}
              />
              <Radio
                className="s-choice"
                value="repost"
                label={t('target.repost')}
                description={t('target.repostHelp')}
              />
            </div>
          </Radio.Group>
        )}
        {isWanted(content, 'target') && (
          <>
            <div aria-live="polite" className="s-extra">
              {use === 'repost' && isWholeTarget(value) && (
                <ul className="s-will" aria-label={t('target.becomes')}>
                  {able
                    .filter(({ id }) => isWanted(extrasFor(content, id), 'target'))
                    .map(({ id, name }) => (
                      <li key={id}>
                        <Icon name="repost" size={18} />
                        <span>{t(`target.will.${mannerOn(content, id)}`, { name })}</span>
                      </li>
                    ))}
                </ul>
              )}
              {different.map((target) => (
                <SomebodysPost key={target.address} target={target} />
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
