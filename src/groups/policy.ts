/** `strict`: who ever worked on a post does not review it. `last_editor`: only who worked on the present revision does not. */
export type ContributorRule = 'strict' | 'last_editor'

/** What posts with one of the labels, or for one of the channels, need on top. */
export interface ExtraRule {
  /** Whatever the case of their letters. */
  readonly labels: readonly string[]
  readonly channelIds: readonly string[]
  /** Member ids: one of them has to be among those who approve. Empty: nobody in particular. */
  readonly reviewers: readonly string[]
  /** Null: as many as of every post. */
  readonly approvals: number | null
}

/** One version of a group's rules of reviewing. */
export interface Policy {
  /** How many people must agree before a post goes out, 1 to 5. */
  readonly approvals: number
  readonly contributorRule: ContributorRule
  /** From then on an approval no longer counts; null: it counts until the post goes out. */
  readonly approvalLifetimeDays: number | null
  /** The least time between being approved and going out. */
  readonly coolingMinutes: number
  /** The same for a post that goes out as soon as it is approved. */
  readonly atOnceCoolingMinutes: number
  /** How reviewers show who they are; `strict`: by passkey or full sign-in only. */
  readonly proof: 'usual' | 'strict'
  readonly adminsNeedPasskey: boolean
  /** Member ids of those who review; null: every reviewer. */
  readonly mayBeAsked: readonly string[] | null
  readonly extra: readonly ExtraRule[]
}

/** The policy in force, by its number within the group. */
export type CurrentPolicy = Policy & { readonly number: number }

/** What a post carries that extra rules look at. */
export interface Carried {
  readonly labels: readonly string[]
  readonly channelIds: readonly string[]
}

/** An extra rule with what made it apply. */
export interface AppliedRule extends ExtraRule {
  readonly hitLabels: readonly string[]
  readonly hitChannelIds: readonly string[]
}

/** The extra rules of a policy that apply to a post. */
export function extraRulesFor(policy: Policy, carried: Carried): AppliedRule[] {
  const labels = new Set(carried.labels.map((label) => label.toLowerCase()))
  return policy.extra
    .map((rule) => ({
      ...rule,
      hitLabels: rule.labels.filter((label) => labels.has(label.toLowerCase())),
      hitChannelIds: rule.channelIds.filter((id) => carried.channelIds.includes(id)),
    }))
    .filter((rule) => rule.hitLabels.length > 0 || rule.hitChannelIds.length > 0)
}

/** How many approvals a post needs under all of these policies. */
export function approvalsNeeded(policies: readonly Policy[], carried: Carried): number {
  return Math.max(
    ...policies.flatMap((policy) => [
      policy.approvals,
      ...extraRulesFor(policy, carried).map((rule) => rule.approvals ?? 0),
    ]),
  )
}

/** One policy that asks all that these ask: what passes under it passes under each. */
export function strictest(policies: readonly Policy[]): Policy {
  const [first, ...rest] = policies
  if (!first) throw new Error('There is no policy to be strict by')
  return rest.reduce(both, first)
}

function both(one: Policy, other: Policy): Policy {
  const lifetimes = [one.approvalLifetimeDays, other.approvalLifetimeDays].filter((days) => days !== null)
  return {
    approvals: Math.max(one.approvals, other.approvals),
    contributorRule: one.contributorRule === 'strict' ? 'strict' : other.contributorRule,
    approvalLifetimeDays: lifetimes.length > 0 ? Math.min(...lifetimes) : null,
    coolingMinutes: Math.max(one.coolingMinutes, other.coolingMinutes),
    atOnceCoolingMinutes: Math.max(one.atOnceCoolingMinutes, other.atOnceCoolingMinutes),
    proof: one.proof === 'strict' ? 'strict' : other.proof,
    adminsNeedPasskey: one.adminsNeedPasskey || other.adminsNeedPasskey,
    mayBeAsked:
      one.mayBeAsked && other.mayBeAsked
        ? one.mayBeAsked.filter((id) => other.mayBeAsked?.includes(id))
        : (one.mayBeAsked ?? other.mayBeAsked),
    extra: [...one.extra, ...other.extra],
  }
}

/** The same policy in one form: nothing twice, no empty labels. */
export function tidy(policy: Policy): Policy {
  return {
    ...policy,
    mayBeAsked: policy.mayBeAsked && once(policy.mayBeAsked),
    extra: policy.extra.map((rule) => ({
      labels: once(rule.labels.map((label) => label.trim()).filter((label) => label !== '')),
      channelIds: once(rule.channelIds),
      reviewers: once(rule.reviewers),
      approvals: rule.approvals,
    })),
  }
}

/** What decides whether a policy makes sense in a group. */
export interface PolicyGround {
  /** Active reviewers: member ids with the root persons behind them. */
  readonly reviewers: readonly { readonly id: string; readonly personId: string }[]
  readonly channelIds: readonly string[]
}

/** Why a policy makes no sense, as a sentence; or null. */
export function policyRefusal(policy: Policy, ground: PolicyGround): string | null {
  const known = (id: string) => ground.reviewers.some((each) => each.id === id)
  for (const rule of policy.extra) {
    if (rule.labels.length === 0 && rule.channelIds.length === 0)
      return 'An extra rule needs a label or a channel that it is about. Name one, or remove the rule.'
    if (rule.reviewers.length === 0 && rule.approvals === null)
      return 'An extra rule needs reviewers, or a number of approvals. Choose either, or remove the rule.'
    if (!rule.reviewers.every(known))
      return 'An extra rule names somebody who is no active reviewer of this group. Choose others.'
    if (!rule.channelIds.every((id) => ground.channelIds.includes(id)))
      return 'An extra rule is about a channel that this group does not have. Choose another.'
  }
  if (policy.mayBeAsked?.every(known) === false)
    return 'Somebody among those who may be asked is no active reviewer of this group. Choose others.'
  const most = Math.max(policy.approvals, ...policy.extra.map((rule) => rule.approvals ?? 0))
  const able = ground.reviewers.filter((each) => policy.mayBeAsked?.includes(each.id) ?? true)
  const people = new Set(able.map((each) => each.personId)).size
  if (people < most)
    return `${most === 1 ? 'One approval is' : `${most} approvals are`} more than the ${people} of this group who may give one, so nothing could go out. Make more people reviewers first, or ask for fewer approvals.`
  const shutOut = policy.extra.find(
    (rule) => rule.reviewers.length > 0 && !rule.reviewers.some((id) => able.some((each) => each.id === id)),
  )
  if (shutOut) return 'An extra rule names only people who may not be asked. Add one of them to those who may.'
  return null
}

function once(values: readonly string[]): string[] {
  return [...new Set(values)]
}

/** Whether anything that `from` stops could pass under `to`. The database function `policy_is_weaker` says the same. */
export function isWeaker(from: Policy, to: Policy): boolean {
  return weakenings(from, to).length > 0
}

/** The fields in which `to` asks less than `from`. */
export function weakenings(from: Policy, to: Policy): (keyof Policy)[] {
  const forever = Number.POSITIVE_INFINITY
  const weaker: { readonly [Field in keyof Policy]: boolean } = {
    approvals: to.approvals < from.approvals,
    contributorRule: from.contributorRule === 'strict' && to.contributorRule !== 'strict',
    approvalLifetimeDays: (to.approvalLifetimeDays ?? forever) > (from.approvalLifetimeDays ?? forever),
    coolingMinutes: to.coolingMinutes < from.coolingMinutes,
    atOnceCoolingMinutes: to.atOnceCoolingMinutes < from.atOnceCoolingMinutes,
    proof: from.proof === 'strict' && to.proof !== 'strict',
    adminsNeedPasskey: from.adminsNeedPasskey && !to.adminsNeedPasskey,
    mayBeAsked: from.mayBeAsked !== null && (to.mayBeAsked === null || !isWithin(to.mayBeAsked, from.mayBeAsked)),
    extra: from.extra.some((rule) => !isKept(rule, to)),
  }
  return (Object.keys(weaker) as (keyof Policy)[]).filter((field) => weaker[field])
}

/** Whether each label and channel of the rule is guarded under `to` at least as well. */
function isKept(rule: ExtraRule, to: Policy): boolean {
  const about: ((kept: ExtraRule) => boolean)[] = [
    ...rule.labels.map(
      (label) => (kept: ExtraRule) => kept.labels.some((each) => each.toLowerCase() === label.toLowerCase()),
    ),
    ...rule.channelIds.map((id) => (kept: ExtraRule) => kept.channelIds.includes(id)),
  ]
  return about.every((isAbout) => {
    const kept = to.extra.filter(isAbout)
    const enough =
      (rule.approvals ?? 0) <= to.approvals || kept.some((each) => (each.approvals ?? 0) >= (rule.approvals ?? 0))
    const named =
      rule.reviewers.length === 0 ||
      kept.some((each) => each.reviewers.length > 0 && isWithin(each.reviewers, rule.reviewers))
    return enough && named
  })
}

function isWithin(ids: readonly string[], all: readonly string[]): boolean {
  return ids.every((id) => all.includes(id))
}
