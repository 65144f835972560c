import { createHash } from 'node:crypto'

import type { Made } from './network.js'
import type { Facts, Policy, Testimony } from './witness.js'

interface Part {
  readonly channelId: string
  readonly remoteAccountId: string
  readonly text: string
  readonly link: string | null
  readonly language: string
  readonly pictures: readonly { readonly sha256: string; readonly alt: string }[]
}

/** Who really worked on each post, as those who made them do it remember: post to people. */
export type Worked = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Judges one group's life from plain rows and from what the network remembers, by the words of the design and with
 * nothing of the product's: what stands here a second time is meant to be a second opinion.
 */
export class Oracle {
  private readonly claims = new Map<string, Testimony>()
  private readonly seen = new Map<string, Made>()

  /** What is wrong with these new steps and these new public posts; nothing, as a rule. */
  judge(steps: readonly Testimony[], made: readonly Made[], worked: Worked): string[] {
    return [...steps.flatMap((step) => this.judgeStep(step, worked)), ...made.flatMap((each) => this.judgePublic(each))]
  }

  /** The same about what is in the table in the end, however it came there. */
  judgeRow(row: Pick<Testimony, 'publicationId' | 'state' | 'revisionId' | 'hash'>): string[] {
    const claim = this.claims.get(row.publicationId)
    const said = `publication ${row.publicationId} is ${row.state}`
    if (!claim) return [`${said}, and was never claimed`]
    if (claim.revisionId !== row.revisionId || claim.hash !== row.hash)
      return [`${said} with another revision than was claimed`]
    return []
  }

  private judgeStep(step: Testimony, worked: Worked): string[] {
    if (step.state !== 'publishing' || !step.facts) return this.judgeRow(step)
    this.claims.set(step.publicationId, step)
    const found = whyNotOut(step, step.facts, worked.get(step.postId) ?? new Set())
    return found.map((each) => `publication ${step.publicationId} was claimed, and ${each}`)
  }

  private judgePublic(made: Made): string[] {
    const problems: string[] = []
    const claim = this.claims.get(made.publicationId)
    const said = `“${made.text}” became public`
    if (this.seen.has(made.publicationId)) problems.push(`${said} twice`)
    this.seen.set(made.publicationId, made)
    if (!claim?.facts?.revision) return [...problems, `${said} without a claim`]
    if (made.at < claim.slot.getTime()) problems.push(`${said} before its slot`)
    const part = partOf(claim.facts.revision.envelope, claim.channelId)
    const pictures = made.pictures.map(({ sha256, alt }) => ({ sha256, alt }))
    const approved = part?.pictures.map(({ sha256, alt }) => ({ sha256, alt }))
    if (
      part?.text !== made.text ||
      part.link !== made.link ||
      part.language !== made.language ||
      JSON.stringify(approved) !== JSON.stringify(pictures)
    )
      problems.push(`${said}, which is not what was approved: ${JSON.stringify(part)}`)
    if (part?.remoteAccountId !== made.account)
      problems.push(`${said} on ${made.account}; approved was ${part?.remoteAccountId}`)
    return problems
  }
}

function whyNotOut(step: Testimony, facts: Facts, worked: ReadonlySet<string>): string[] {
  const { post, revision, channel } = facts
  const problems: string[] = []
  if (post.held_at !== null) problems.push('it was on hold')
  if (post.editing) problems.push('it was being changed')
  if (['cancelled', 'expired'].includes(post.state)) problems.push(`it was ${post.state}`)
  if (post.current_revision_id !== step.revisionId) problems.push('another revision was the current one')
  if (step.now < step.slot) problems.push('its slot had not come')
  if (!revision) return [...problems, 'it has no revision']
  if (createHash('sha256').update(revision.envelope).digest('hex') !== step.hash)
    problems.push('its hash is not that of its envelope')
  if (partOf(revision.envelope, step.channelId)?.remoteAccountId !== channel.remote_account_id)
    problems.push('its channel is another account than was approved')
  if (channel.removed_at !== null) problems.push('its channel was removed')
  return [...problems, ...whyNotApproved(step, facts, worked)]
}

function whyNotApproved(step: Testimony, facts: Facts, worked: ReadonlySet<string>): string[] {
  const root = rootsOf(facts)
  const policies = policiesOver(facts)
  const contributors = contributorsOf(facts, policies, worked, root)
  const latest = new Map<string, Facts['verdicts'][number]>()
  for (const verdict of facts.verdicts.toSorted((a, b) => a.seq - b.seq)) {
    if (verdict.revision_id === step.revisionId && verdict.hash === step.hash)
      latest.set(root(verdict.person_id), verdict)
  }
  const giver = ({ member_id }: Facts['verdicts'][number]) => facts.members.find((each) => each.id === member_id)
  const personOf = (memberId: string) => root(facts.members.find((each) => each.id === memberId)?.person_id ?? memberId)
  const approvals = [...latest].filter(([person, verdict]) => {
    const member = giver(verdict)
    return (
      verdict.kind === 'approve' &&
      member?.status === 'active' &&
      member.roles.includes('reviewer') &&
      !contributors.has(person) &&
      policies.every(
        ({ approvalLifetimeDays: days, mayBeAsked }) =>
          (days === null || Date.parse(verdict.at) + days * 86_400_000 > step.now.getTime()) &&
          (mayBeAsked === null || mayBeAsked.some((memberId) => personOf(memberId) === person)),
      )
    )
  })
  const rules = extraRules(facts, policies)
  const needed = Math.max(...policies.map((each) => each.approvals), ...rules.map((each) => each.approvals ?? 0))
  const named = rules.map((each) => each.reviewers.map(personOf)).filter((each) => each.length > 0)
  const enough = (given: typeof approvals) =>
    given.length >= needed && named.every((people) => given.some(([person]) => people.includes(person)))
  const objections = [...latest.values()].filter(
    (verdict) => verdict.kind === 'changes' && giver(verdict)?.status === 'active',
  )
  return [
    ...(enough(approvals) ? [] : [`it had ${approvals.length} of ${needed} approvals, or not those that are named`]),
    ...(tooSoon(step, facts, policies, approvals, enough) ? ['it had not waited long enough after its approval'] : []),
    ...(objections.length > 0 ? ['somebody had asked for changes'] : []),
  ]
}

/** What it was sent under, and all that was in force since: none of them is let off. */
function policiesOver({ policies, revision }: Facts): Policy[] {
  return policies
    .filter(({ state, number }) => state === 'in_force' && number >= revision!.policy_number)
    .map(({ content }) => content)
}

/** The people who may not approve, from the rows and from what those who did it remember. */
function contributorsOf(
  facts: Facts,
  policies: readonly Policy[],
  worked: ReadonlySet<string>,
  root: (person: string) => string,
): Set<string> {
  const everybody = policies.some(({ contributorRule }) => contributorRule === 'strict')
  const rows = facts.contributors.filter((each) => everybody || each.revision_number >= facts.revision!.number)
  return new Set([...rows.map((each) => each.person_id), ...(everybody ? worked : [])].map(root))
}

function extraRules({ post, revision }: Facts, policies: readonly Policy[]): Policy['extra'][number][] {
  const labels = [...post.labels, ...revision!.labels].map((each) => each.toLowerCase())
  const channels = (JSON.parse(revision!.envelope) as { channels: Part[] }).channels.map((each) => each.channelId)
  return policies
    .flatMap(({ extra }) => extra)
    .filter(
      (rule) =>
        rule.labels.some((label) => labels.includes(label.toLowerCase())) ||
        rule.channelIds.some((channel) => channels.includes(channel)),
    )
}

function tooSoon(
  step: Testimony,
  { revision }: Facts,
  policies: readonly Policy[],
  approvals: readonly [string, Facts['verdicts'][number]][],
  enough: (given: [string, Facts['verdicts'][number]][]) => boolean,
): boolean {
  const { kind } = (JSON.parse(revision!.envelope) as { timing: { kind: string } }).timing
  const minutes = Math.max(
    ...policies.map((each) => (kind === 'as_soon_as_approved' ? each.atOnceCoolingMinutes : each.coolingMinutes)),
  )
  const longAgo = approvals.filter(([, { at }]) => Date.parse(at) + minutes * 60_000 <= step.now.getTime())
  return enough([...approvals]) && !enough(longAgo)
}

/** Two sign-ins of one human are one person: the end of the chain. */
function rootsOf(facts: Facts): (person: string) => string {
  const next = new Map(facts.people.map((each) => [each.id, each.same_as]))
  return (person) => {
    let root = person
    for (let same = next.get(root); same; same = next.get(root)) root = same
    return root
  }
}

function partOf(envelope: string, channelId: string): Part | undefined {
  return (JSON.parse(envelope) as { channels: Part[] }).channels.find((each) => each.channelId === channelId)
}
