import fc from 'fast-check'

import type { ExtraRule, Policy } from '../../src/groups/policy.js'

/** Who and what the drawn policies are about. */
export interface Cast {
  readonly members: readonly string[]
  readonly channels: readonly string[]
  readonly labels: readonly string[]
}

/** A post with what was said about it, as little as policies look at. */
export interface Case {
  readonly labels: readonly string[]
  readonly channelIds: readonly string[]
  /** By member: how long ago they approved, and which of the two versions they worked on. */
  readonly approvals: readonly { readonly member: string; readonly daysAgo: number; readonly worked: Worked }[]
}

/** On nothing, on an earlier version only, or on the present one. */
export type Worked = 'never' | 'earlier' | 'now'

const days = [1, 3, 7]

export function policies({ members, channels, labels }: Cast): fc.Arbitrary<Policy> {
  const rule: fc.Arbitrary<ExtraRule> = fc
    .record({
      labels: fc.subarray([...labels]),
      channelIds: fc.subarray([...channels]),
      reviewers: fc.subarray([...members], { maxLength: 2 }),
      approvals: fc.option(fc.integer({ min: 1, max: 4 })),
    })
    .filter((each) => each.labels.length + each.channelIds.length > 0)
  return fc.record({
    approvals: fc.integer({ min: 1, max: 3 }),
    contributorRule: fc.constantFrom('strict', 'last_editor'),
    approvalLifetimeDays: fc.option(fc.constantFrom(...days)),
    coolingMinutes: fc.constantFrom(0, 5, 10),
    atOnceCoolingMinutes: fc.constantFrom(0, 5),
    proof: fc.constantFrom('usual', 'strict'),
    adminsNeedPasskey: fc.boolean(),
    mayBeAsked: fc.option(fc.subarray([...members])),
    extra: fc.array(rule, { maxLength: 2 }),
  })
}

const fields = [
  'approvals',
  'contributorRule',
  'approvalLifetimeDays',
  'coolingMinutes',
  'atOnceCoolingMinutes',
  'proof',
  'adminsNeedPasskey',
  'mayBeAsked',
  'extra',
] as const satisfies readonly (keyof Policy)[]

/** A policy and what it might become, each step by a change or two: two drawn apart can hardly be compared. */
export function lineages(cast: Cast, steps: number): fc.Arbitrary<Policy[]> {
  const change = fc.tuple(policies(cast), fc.subarray([...fields], { minLength: 1, maxLength: 2 }))
  return fc
    .tuple(policies(cast), fc.array(change, { minLength: steps, maxLength: steps }))
    .map(([first, changes]) =>
      changes.reduce<Policy[]>(
        (all, [other, names]) => [
          ...all,
          { ...(all.at(-1) ?? first), ...Object.fromEntries(names.map((name) => [name, other[name]])) },
        ],
        [first],
      ),
    )
}

export function cases({ members, channels, labels }: Cast): fc.Arbitrary<Case> {
  return fc.record({
    labels: fc.subarray([...labels]),
    channelIds: fc.subarray([...channels], { minLength: 1 }),
    approvals: fc.subarray([...members], { minLength: 2 }).chain((who) =>
      fc.tuple(
        ...who.map((member) =>
          fc.record({
            member: fc.constant(member),
            daysAgo: fc.constantFrom(0.5, 0.5, 0.5, 2, 5, 20),
            worked: fc.constantFrom<Worked>('never', 'never', 'never', 'never', 'earlier', 'now'),
          }),
        ),
      ),
    ),
  })
}

/** The approvals that count under all of these policies, said once more and plainly, to compare with. */
export function counting(all: readonly Policy[], { approvals }: Case): string[] {
  return approvals
    .filter(({ member, daysAgo, worked }) =>
      all.every(
        (policy) =>
          (worked === 'never' || (worked === 'earlier' && policy.contributorRule === 'last_editor')) &&
          (policy.approvalLifetimeDays === null || daysAgo < policy.approvalLifetimeDays) &&
          (policy.mayBeAsked === null || policy.mayBeAsked.includes(member)),
      ),
    )
    .map(({ member }) => member)
}

/** How many approvals all of these policies ask for. */
export function asked(all: readonly Policy[], post: Case): number {
  return Math.max(
    ...all.flatMap((policy) => [policy.approvals, ...applying(policy, post).map((rule) => rule.approvals ?? 1)]),
  )
}

/** Whether a post may go out under all of these policies. */
export function passes(all: readonly Policy[], post: Case): boolean {
  const given = counting(all, post)
  return (
    given.length >= asked(all, post) &&
    all.every((policy) =>
      applying(policy, post).every(
        ({ reviewers }) => reviewers.length === 0 || reviewers.some((member) => given.includes(member)),
      ),
    )
  )
}

function applying(policy: Policy, post: Case): ExtraRule[] {
  return policy.extra.filter(
    (rule) =>
      rule.labels.some((label) => post.labels.includes(label)) ||
      rule.channelIds.some((id) => post.channelIds.includes(id)),
  )
}
