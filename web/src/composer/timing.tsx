import { Radio, TextInput } from '@mantine/core'

import type { Channel, CheckResult, PostInput, Wish } from '../api/types.js'
import { useGroup, useNow } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { wallAt } from '../ui/time.js'

/** When it should go out, and until when it makes sense. */
export function Timing({
  input,
  set,
  check,
  channels,
}: {
  input: PostInput
  set: <Name extends keyof PostInput>(name: Name, value: PostInput[Name]) => void
  check: CheckResult | null
  channels: Channel[]
}) {
  const group = useGroup()
  const now = useNow()
  const { wish } = input
  const choose = (kind: string) => {
    const embargo = wish.notBefore === undefined ? {} : { notBefore: wish.notBefore }
    const next: Wish =
      kind === 'exact'
        ? { kind: 'exact', at: wallAt(now + 86_400_000, group.timeZone), ...embargo }
        : kind === 'as_soon_as_approved' || kind === 'evergreen'
          ? { kind, ...embargo }
          : { kind: 'queue', ...embargo }
    set('wish', next)
  }
  return (
    <fieldset className="s-panel">
      <legend>{t('timing.title')}</legend>
      <Radio.Group value={wish.kind} onChange={choose} aria-label={t('timing.title')}>
        <div className="s-choices s-choices-tall">
          <Radio value="queue" label={t('timing.queue')} description={t('timing.queueHelp')} className="s-choice" />
          <Radio value="exact" label={t('timing.exact')} description={t('timing.exactHelp')} className="s-choice" />
          {wish.kind === 'exact' && (
            <div className="s-under">
              <TextInput
                type="datetime-local"
                label={t('timing.at', { zone: group.timeZone })}
                value={wish.at}
                onChange={(event) => {
                  const { value } = event.currentTarget
                  if (value) set('wish', { ...wish, at: value })
                }}
              />
              <TextInput
                label={t('timing.reason')}
                description={t('timing.reasonHelp')}
                value={wish.reason ?? ''}
                onChange={(event) => {
                  const { value } = event.currentTarget
                  const { reason: _before, ...rest } = wish
                  set('wish', value ? { ...rest, reason: value } : rest)
                }}
              />
            </div>
          )}
          <Radio
            value="as_soon_as_approved"
            label={t('timing.soon')}
            description={t('timing.soonHelp')}
            className="s-choice"
          />
          <Radio
            value="evergreen"
            label={t('timing.evergreen')}
            description={t('timing.evergreenHelp')}
            className="s-choice"
          />
        </div>
      </Radio.Group>
      {check && channels.length > 0 && (
        <ul className="s-slots" aria-label={t('timing.slots')}>
          {check.channels.map((each) => {
            const channel = channels.find((one) => one.id === each.channelId)
            if (!channel || (!each.slot && !each.noSlot)) return null
            return (
              <li key={each.channelId}>
                <Icon name={each.slot ? 'clock' : 'warning'} size={18} />
                <div>
                  <p>
                    <strong>{channel.name}</strong> · {each.slot ? each.slot.text : each.noSlot}
                  </p>
                  {each.slot && each.slot.reasons.length > 0 && <p className="s-meta">{each.slot.reasons.join(' ')}</p>}
                </div>
              </li>
            )
          })}
        </ul>
      )}
      <TextInput
        type="datetime-local"
        label={t('timing.notBefore')}
        description={t('timing.notBeforeHelp')}
        value={wish.notBefore ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget
          const { notBefore: _before, ...rest } = wish
          set('wish', value ? { ...rest, notBefore: value } : rest)
        }}
      />
      <TextInput
        type="datetime-local"
        label={t('timing.usefulUntil')}
        description={t('timing.usefulUntilHelp')}
        value={input.usefulUntil ?? ''}
        onChange={(event) => set('usefulUntil', event.currentTarget.value || null)}
      />
    </fieldset>
  )
}
