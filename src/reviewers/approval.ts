import { dayInWords } from '../governance/role-end.js'

/** A member who might be asked. `personId` is the root person, so that two sign-ins of one human are one. */
export interface Candidate {
  readonly memberId: string
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  readonly status: string
  /** Requests that wait for this member's answer now. */
  readonly waiting: number
  /** `YYYY-MM-DD`: not asked before this day, by their own word or an admin's. Null or left out: asked as usual. */
  readonly awayUntil?: string | null
}

/** An extra rule that applies to a post and names reviewers, with what made it apply. */
export interface NamedRule {
  /** Member ids: one of them has to approve. */
  readonly reviewers: readonly string[]
  readonly labels: readonly string[]
  readonly channels: readonly string[]
}

/**
 * Active reviewers who did not work on the post and can be asked today, among those whom the policy lets be asked
 * (member ids; null: all).
 */
export function eligible(
  candidates: readonly Candidate[],
  contributors: ReadonlySet<string>,
  mayBeAsked: readonly string[] | null = null,
): Candidate[] {
  return reviewersOf(candidates, contributors, mayBeAsked).filter((each) => !each.awayUntil)
}

/** Those who could be asked if they were not away. */
export function away(
  candidates: readonly Candidate[],
  contributors: ReadonlySet<string>,
  mayBeAsked: readonly string[] | null = null,
): Candidate[] {
  return reviewersOf(candidates, contributors, mayBeAsked).filter((each) => each.awayUntil)
}

function reviewersOf(
  candidates: readonly Candidate[],
  contributors: ReadonlySet<string>,
  mayBeAsked: readonly string[] | null,
): Candidate[] {
  const people = mayBeAsked && peopleOf(candidates, mayBeAsked)
  return candidates.filter(
    (each) =>
      each.status === 'active' &&
      each.roles.includes('reviewer') &&
      !contributors.has(each.personId) &&
      (people === null || people.has(each.personId)),
  )
}

/** By person: who is named under one membership is the same under another. */
function peopleOf(candidates: readonly Candidate[], memberIds: readonly string[]): Set<string> {
  return new Set(candidates.filter((each) => memberIds.includes(each.memberId)).map((each) => each.personId))
}

/** Those of the able whom a rule names. */
function namedBy(rule: NamedRule, able: readonly Candidate[], candidates: readonly Candidate[]): Candidate[] {
  const people = peopleOf(candidates, rule.reviewers)
  return able.filter((each) => people.has(each.personId))
}

/**
 * Who is asked first: up to two of the people whom each rule names, then others, enough for the policy and two more,
 * those with the least to do first. The rest of the pool stays in reserve for hand-over.
 */
export function choosePool(
  able: readonly Candidate[],
  needed: number,
  rules: readonly NamedRule[] = [],
  candidates: readonly Candidate[] = able,
): Candidate[] {
  const inTurn = [...able].sort((a, b) => a.waiting - b.waiting || compare(a.name, b.name))
  const named = new Set(rules.flatMap((rule) => namedBy(rule, inTurn, candidates).slice(0, 2)))
  const rest = inTurn.filter((each) => !named.has(each))
  return [...named, ...rest].slice(0, Math.max(named.size, needed + 2))
}

/** Why a post could never get what it needs and is not sent for review, or null. */
export function sendRefusal(facts: {
  readonly able: readonly Candidate[]
  readonly candidates: readonly Candidate[]
  readonly needed: number
  readonly contributorNames: readonly string[]
  /** Who could approve, and is away. */
  readonly awayNow?: readonly Candidate[]
  readonly mayBeAsked: readonly string[] | null
  readonly rules: readonly NamedRule[]
}): string | null {
  const { able, candidates, needed } = facts
  const people = new Set(able.map((each) => each.personId)).size
  if (people < needed) {
    const missing = needed - people
    const who = people === 0 ? 'nobody' : `only ${namesOf(able, 'and')}`
    const asked = facts.mayBeAsked && candidates.filter((each) => facts.mayBeAsked?.includes(each.memberId))
    const gone = awayWords(facts.awayNow ?? [])
    const others = asked ? `, and the review rules let only ${namesOf(asked, 'and')} be asked` : ''
    return [
      `This needs ${count(needed, 'approval')}, and ${who} may give one:`,
      `reviewers who worked on the post do not count (${inWords(facts.contributorNames, 'and')})${others}.${gone}`,
      `Ask an admin to make ${count(missing, 'more person', 'more people')} a reviewer${asked ? ', or to change the review rules' : ''}.`,
    ].join(' ')
  }
  const rule = facts.rules.find((each) => namedBy(each, able, candidates).length === 0)
  if (!rule) return null
  const named = candidates.filter((each) => rule.reviewers.includes(each.memberId))
  return [
    `${sentence(because(rule))}, ${namesOf(named, 'or')} has to approve this,`,
    `and ${named.length > 1 ? 'none of them may' : 'may not'}: who worked on a post, is suspended, away or no reviewer does not count.${awayWords(namedBy(rule, facts.awayNow ?? [], candidates))}`,
    `Ask an admin to change the review rules${rule.labels.length > 0 ? ', or take the label off if it does not belong there' : ''}.`,
  ].join(' ')
}

function awayWords(people: readonly Candidate[]): string {
  return people.map(({ name, awayUntil }) => ` ${name} is away until ${dayInWords(awayUntil ?? '')}.`).join('')
}

/** Where a post stands: its approvals that count against what it needs. */
export interface Standing {
  readonly approvals: number
  readonly needed: number
  readonly objections: number
  /** Rules of which nobody whom they name has approved, with the names of those who may. */
  readonly lacking: readonly {
    readonly names: readonly string[]
    readonly labels: readonly string[]
    readonly channels: readonly string[]
  }[]
  /** Who approved so long ago that it no longer counts. */
  readonly lapsed: readonly string[]
}

/** What a post still needs, as a sentence: "Needs one more approval, from anyone but Ana." */
export function needsSentence(
  facts: Standing & { readonly held: boolean; readonly contributorNames: readonly string[] },
): string {
  const { lacking, lapsed, contributorNames: shutOut } = facts
  if (facts.held) return `On hold until somebody other than ${inWords(shutOut, 'or')} approves it afresh.`
  if (facts.objections > 0) return 'Somebody asked for changes; it waits until they are made.'
  const missing = Math.max(facts.needed - facts.approvals, 0)
  if (missing === 0 && lacking.length === 0)
    return `Approved by ${count(facts.approvals, 'person', 'people')} other than ${inWords(shutOut, 'or')}.`
  const tooOld =
    lapsed.length > 0 ? ` The approval of ${inWords(lapsed, 'and')} was too long ago and no longer counts.` : ''
  const more = facts.approvals > 0 ? 'more ' : ''
  const named = lacking.map((rule) => `${whoOf(rule.names)}, ${because(rule)}`)
  const least = Math.max(missing, lacking.length)
  if (lacking.length >= missing && lacking.length > 0)
    return `Needs ${least > 1 ? least : 'one'} ${more}approval${least > 1 ? 's' : ''}: from ${named.join(', and from ')}.${tooOld}`
  const ofThem = named.map((each) => `one of them ${each}`).join(', and ')
  return `Needs ${missing === 1 ? 'one' : missing} ${more}approval${missing === 1 ? '' : 's'}, from anyone but ${inWords(shutOut, 'and')}${ofThem && `; ${ofThem}`}.${tooOld}`
}

function whoOf(names: readonly string[]): string {
  return names.length > 0 ? inWords(names, 'or') : 'somebody whom the review rules name and who may review it'
}

/** "because of the labels “sensitive” and “legal”". */
export function because({
  labels,
  channels,
}: {
  readonly labels: readonly string[]
  readonly channels: readonly string[]
}): string {
  const quoted = labels.map((label) => `“${label}”`)
  const about = [
    ...(labels.length > 0 ? [`the label${labels.length > 1 ? 's' : ''} ${inWords(quoted, 'and')}`] : []),
    ...(channels.length > 0 ? [`the channel${channels.length > 1 ? 's' : ''} ${inWords(channels, 'and')}`] : []),
  ]
  return `because of ${about.join(' and ')}`
}

/** "Ana", "Ana or Ben", "Ana, Ben or Cleo". */
export function inWords(names: readonly string[], joiner: 'and' | 'or'): string {
  const unique = [...new Set(names)]
  if (unique.length <= 1) return unique[0] ?? 'nobody'
  return `${unique.slice(0, -1).join(', ')} ${joiner} ${unique.at(-1)}`
}

function namesOf(people: readonly Candidate[], joiner: 'and' | 'or'): string {
  return inWords(
    people.map((each) => each.name),
    joiner,
  )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function count(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? `one ${one}` : `${n} ${many}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
