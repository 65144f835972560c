import { isWeaker, weakenings, type ExtraRule, type Policy } from './policy.js'

/** What is known by id, as people call it. */
export interface PolicyNames {
  member(id: string): string
  channel(id: string): string
}

/** One thing that a change of policy means. */
export interface PolicyChange {
  /** A whole sentence about what holds from then on. */
  readonly text: string
  readonly weaker: boolean
}

/** A policy as plain sentences, in the order of the form. */
export function sentencesOf(policy: Policy, names: PolicyNames): string[] {
  const fixed = fields.map((field) => sentenceFor(field, policy, names))
  return [...fixed, ...policy.extra.map((rule) => ruleSentence(rule, names))]
}

/** What would be different, field by field. */
export function changesBetween(from: Policy, to: Policy, names: PolicyNames): PolicyChange[] {
  const weaker = weakenings(from, to)
  const changed = fields
    .filter((field) => sentenceFor(field, from, names) !== sentenceFor(field, to, names))
    .map((field) => ({ text: sentenceFor(field, to, names), weaker: weaker.includes(field) }))
  const before = from.extra.map((rule) => ruleSentence(rule, names))
  const after = to.extra.map((rule) => ruleSentence(rule, names))
  return [
    ...changed,
    ...after.filter((text) => !before.includes(text)).map((text) => ({ text, weaker: false })),
    ...from.extra
      .filter((rule) => !after.includes(ruleSentence(rule, names)))
      .map((rule) => ({
        text: `No longer: “${ruleSentence(rule, names)}”`,
        weaker: isWeaker({ ...to, extra: [rule] }, to),
      })),
  ]
}

const fields = [
  'approvals',
  'contributorRule',
  'approvalLifetimeDays',
  'coolingMinutes',
  'atOnceCoolingMinutes',
  'mayBeAsked',
  'proof',
  'adminsNeedPasskey',
] as const satisfies readonly (keyof Policy)[]

function sentenceFor(field: (typeof fields)[number], policy: Policy, names: PolicyNames): string {
  switch (field) {
    case 'approvals':
      return policy.approvals === 1
        ? 'One person has to approve a post before it goes out.'
        : `${policy.approvals} people have to approve a post before it goes out.`
    case 'contributorRule':
      return policy.contributorRule === 'strict'
        ? 'Nobody who worked on any version of a post approves it.'
        : 'Nobody who worked on the present version of a post approves it; whoever worked on an earlier one may.'
    case 'approvalLifetimeDays':
      return policy.approvalLifetimeDays === null
        ? 'An approval counts until the post goes out.'
        : `An approval counts for ${many(policy.approvalLifetimeDays, 'day')}; after that somebody has to look again.`
    case 'coolingMinutes':
      return policy.coolingMinutes === 0
        ? 'A post may go out in the minute in which it is approved.'
        : `A post goes out ${many(policy.coolingMinutes, 'minute')} after it was approved at the earliest, so that somebody can still stop it.`
    case 'atOnceCoolingMinutes':
      return policy.atOnceCoolingMinutes === 0
        ? 'What is to go out as soon as it is approved does so at once.'
        : `What is to go out as soon as it is approved waits ${many(policy.atOnceCoolingMinutes, 'minute')} first.`
    case 'mayBeAsked':
      return policy.mayBeAsked === null
        ? 'Every reviewer may be asked.'
        : `Only ${list(
            policy.mayBeAsked.map((id) => names.member(id)),
            'and',
          )} may be asked, and only their approvals count.`
    case 'proof':
      return policy.proof === 'strict'
        ? 'Reviewers sign in, or use a passkey, to answer.'
        : 'Reviewers answer on a device they have confirmed, or with a code from their mail.'
    case 'adminsNeedPasskey':
      return policy.adminsNeedPasskey ? 'Admins need a passkey.' : 'Admins may do without a passkey.'
  }
}

function ruleSentence(rule: ExtraRule, names: PolicyNames): string {
  const about = [
    ...(rule.labels.length > 0
      ? [
          `with the label ${list(
            rule.labels.map((label) => `“${label}”`),
            'or',
          )}`,
        ]
      : []),
    ...(rule.channelIds.length > 0
      ? [
          `for ${list(
            rule.channelIds.map((id) => names.channel(id)),
            'or',
          )}`,
        ]
      : []),
  ].join(', or ')
  const needs = [
    ...(rule.approvals === null ? [] : [many(rule.approvals, 'approval')]),
    ...(rule.reviewers.length === 0
      ? []
      : [
          `the approval of ${list(
            rule.reviewers.map((id) => names.member(id)),
            'or',
          )}`,
        ]),
  ].join(', and ')
  return `A post ${about} needs ${needs}.`
}

function many(n: number, one: string): string {
  return n === 1 ? `one ${one}` : `${n} ${one}s`
}

function list(parts: readonly string[], joiner: 'and' | 'or'): string {
  if (parts.length === 0) return 'nobody'
  return parts.length === 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${joiner} ${parts.at(-1)}`
}
