import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'

import type { ExtraRule } from '../api/types.js'
import { t } from '../language/i18n.js'

interface Named {
  id: string
  name: string
}

/** What posts with a label, or for a channel, need on top. */
export function ExtraRuleFields({
  number,
  rule,
  reviewers,
  channels,
  set,
}: {
  number: number
  rule: ExtraRule
  reviewers: readonly Named[]
  channels: readonly Named[]
  set: (rule: ExtraRule | null) => void
}) {
  const [labels, setLabels] = useState(rule.labels.join(', '))
  return (
    <fieldset>
      <legend>{t('rules.extraNumber', { number })}</legend>
      <TextInput
        label={t('rules.labels')}
        description={t('rules.labelsHelp')}
        value={labels}
        onChange={(event) => {
          const { value } = event.currentTarget
          setLabels(value)
          set({ ...rule, labels: value.split(',').flatMap((label) => label.trim() || []) })
        }}
      />
      <Boxes
        label={t('rules.orFor')}
        all={channels}
        chosen={rule.channelIds}
        set={(channelIds) => set({ ...rule, channelIds })}
      />
      <Boxes
        label={t('rules.oneOf')}
        all={reviewers}
        chosen={rule.reviewers}
        set={(ids) => set({ ...rule, reviewers: ids })}
      />
      <NativeSelect
        label={t('rules.extraApprovals')}
        value={rule.approvals ?? ''}
        onChange={(event) => set({ ...rule, approvals: Number(event.currentTarget.value) || null })}
        data={[{ value: '', label: t('rules.asUsual') }, '1', '2', '3', '4', '5']}
      />
      <div className="s-actions">
        <Button variant="default" onClick={() => set(null)}>
          {t('rules.removeExtra', { number })}
        </Button>
      </div>
    </fieldset>
  )
}

/** One box for each; none chosen is a choice too. */
export function Boxes({
  label,
  all,
  chosen,
  set,
}: {
  label: string
  all: readonly Named[]
  chosen: readonly string[]
  set: (ids: string[]) => void
}) {
  return (
    <Checkbox.Group label={label} value={[...chosen]} onChange={set}>
      <div className="s-rules-boxes">
        {all.map(({ id, name }) => (
          <Checkbox key={id} value={id} label={name} />
        ))}
      </div>
    </Checkbox.Group>
  )
}
