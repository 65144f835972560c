import { Button, Checkbox, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import type { ExtraRule, Policy } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { Boxes, ExtraRuleFields } from './extra-rule-fields.js'
import { NoSecondAdmin } from './no-second-admin.js'
import { Changes } from './policy-changes.js'
import { useChange } from './use-change.js'

const oneToFive = ['1', '2', '3', '4', '5']
const newRule: ExtraRule = { labels: [], channelIds: [], reviewers: [], approvals: null }

/** The review rules as a form that says, while it is filled in, what the change would mean. */
export function RulesForm({ policy: before, close }: { policy: Policy; close: () => void }) {
  const group = useGroup()
  const change = useChange()
  const [policy, setPolicy] = useState(before)
  const [reason, setReason] = useState('')
  const members = useQuery(groupQueries.members(group.slug))
  const channels = useQuery(groupQueries.channels(group.slug))
  const check = useQuery({ ...groupQueries.rulesCheck(group.slug, policy), placeholderData: keepPreviousData })
  const refusal = check.data?.refusal ?? null
  const reviewers = (members.data ?? []).filter((each) => each.status === 'active' && each.roles.includes('reviewer'))
  const set = <Field extends keyof Policy>(field: Field, value: Policy[Field]) =>
    setPolicy((old) => ({ ...old, [field]: value }))
  const setRule = (index: number, rule: ExtraRule | null) =>
    set(
      'extra',
      policy.extra.flatMap((each, at) => (at === index ? (rule ?? []) : each)),
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const said = t(check.data?.waits ? 'rules.isProposed' : 'rules.isInForce')
    change.mutate({ method: 'POST', path: '/policy', body: { policy, reason }, said }, { onSuccess: close })
  }
  const minutes = (field: 'coolingMinutes' | 'atOnceCoolingMinutes') => ({
    type: 'number',
    inputMode: 'numeric' as const,
    min: 0,
    max: 1440,
    required: true,
    withAsterisk: false,
    value: String(policy[field]),
    onChange: (event: { currentTarget: { value: string } }) => set(field, Number(event.currentTarget.value)),
  })
  return (
    <form onSubmit={submit} className="s-panel s-form" aria-labelledby="rules-form">
      <h2 id="rules-form">{t('rules.change')}</h2>
      <NativeSelect
        label={t('rules.approvals')}
        data={oneToFive}
        value={String(policy.approvals)}
        onChange={(event) => set('approvals', Number(event.currentTarget.value))}
      />
      <NativeSelect
        label={t('rules.contributors')}
        value={policy.contributorRule}
        onChange={(event) => set('contributorRule', event.currentTarget.value === 'strict' ? 'strict' : 'last_editor')}
        data={[
          { value: 'strict', label: t('rules.strict') },
          { value: 'last_editor', label: t('rules.last_editor') },
        ]}
      />
      <TextInput
        label={t('rules.lifetime')}
        description={t('rules.lifetimeHelp')}
        type="number"
        inputMode="numeric"
        min={1}
        max={365}
        value={policy.approvalLifetimeDays ?? ''}
        onChange={(event) => set('approvalLifetimeDays', Number(event.currentTarget.value) || null)}
      />
      <div className="s-pair">
        <TextInput label={t('rules.cooling')} description={t('rules.coolingHelp')} {...minutes('coolingMinutes')} />
        <TextInput label={t('rules.atOnce')} description={t('rules.atOnceHelp')} {...minutes('atOnceCoolingMinutes')} />
      </div>
      <Radio.Group
        label={t('rules.mayBeAsked')}
        value={policy.mayBeAsked === null ? 'all' : 'some'}
        onChange={(value) => set('mayBeAsked', value === 'all' ? null : reviewers.map((each) => each.id))}
      >
        <div className="s-choices">
          <Radio value="all" label={t('rules.everyReviewer')} className="s-choice" />
          <Radio value="some" label={t('rules.onlyThese')} className="s-choice" />
        </div>
      </Radio.Group>
      {policy.mayBeAsked !== null && (
        <Boxes
          label={t('rules.onlyThese')}
          all={reviewers}
          chosen={policy.mayBeAsked}
          set={(ids) => set('mayBeAsked', ids)}
        />
      )}
      <NativeSelect
        label={t('rules.proof')}
        value={policy.proof}
        onChange={(event) => set('proof', event.currentTarget.value === 'strict' ? 'strict' : 'usual')}
        data={[
          { value: 'usual', label: t('rules.usualProof') },
          { value: 'strict', label: t('rules.strictProof') },
        ]}
      />
      <Checkbox
        label={t('rules.passkeys')}
        checked={policy.adminsNeedPasskey}
        onChange={(event) => set('adminsNeedPasskey', event.currentTarget.checked)}
      />
      <section aria-labelledby="rules-extra">
        <h3 id="rules-extra">{t('rules.extra')}</h3>
        <p className="s-dim">{t('rules.extraHelp')}</p>
        <ul className="s-rules-extra">
          {policy.extra.map((rule, index) => (
            <li key={index}>
              <ExtraRuleFields
                number={index + 1}
                rule={rule}
                reviewers={reviewers}
                channels={channels.data ?? []}
                set={(changed) => setRule(index, changed)}
              />
            </li>
          ))}
        </ul>
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() => set('extra', [...policy.extra, newRule])}
        >
          {t('rules.addExtra')}
        </Button>
      </section>
      <div aria-live="polite">
        {(refusal ?? check.error) && (
          <Note tone="wait" icon="info">
            <p>{refusal ?? sentenceOf(check.error)}</p>
          </Note>
        )}
        {check.data && !refusal && check.data.changes.length > 0 && (
          <Note tone={check.data.waits ? 'wait' : 'good'} icon={check.data.waits ? 'clock' : 'tick'}>
            <p>{t(check.data.waits ? 'rules.wouldWait' : 'rules.wouldHold')}</p>
            <Changes changes={check.data.changes} />
            {check.data.waits && <NoSecondAdmin />}
          </Note>
        )}
      </div>
      <Textarea
        label={t('rules.reason')}
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="s-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" disabled={change.isPending || refusal !== null || check.data?.changes.length === 0}>
          {t(check.data?.waits ? 'rules.propose' : 'rules.putInForce')}
        </Button>
      </div>
    </form>
  )
}
