import { dayInWords } from '../groups/role-end.js'

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

/** Active reviewers who did not work on the post and can be asked today. */
export function eligible(candidates: readonly Candidate[], contributors: ReadonlySet<string>): Candidate[] {
  return reviewersOf(candidates, contributors).filter((each) => !each.awayUntil)
}

/** Those who could be asked if they were not away. */
export function away(candidates: readonly Candidate[], contributors: ReadonlySet<string>): Candidate[] {
  return reviewersOf(candidates, contributors).filter((each) => each.awayUntil)
}

function reviewersOf(candidates: readonly Candidate[], contributors: ReadonlySet<string>): Candidate[] {
  return candidates.filter(
    (each) => each.status === 'active' && each.roles.includes('reviewer') && !contributors.has(each.personId),
  )
}

/**
 * Who is asked first: enough for the policy and two more, those with the least to do first.
 * The rest of the pool stays in reserve for hand-over.
 */
export function choosePool(able: readonly Candidate[], needed: number): Candidate[] {
  return [...able].sort((a, b) => a.waiting - b.waiting || compare(a.name, b.name)).slice(0, needed + 2)
}

/** Why a post cannot be sent for review, or null. */
export function sendRefusal(
  able: readonly Candidate[],
  needed: number,
  contributorNames: readonly string[],
  awayNow: readonly Candidate[] = [],
): string | null {
  if (able.length >= needed) return null
  const missing = needed - able.length
  const gone = awayNow.map(({ name, awayUntil }) => ` ${name} is away until ${dayInWords(awayUntil ?? '')}.`).join('')
  return `This needs ${count(needed, 'approval')}, and ${
    able.length === 0
      ? 'nobody'
      : `only ${inWords(
          able.map((each) => each.name),
          'and',
        )}`
  } may give one: reviewers who worked on the post do not count (${inWords(contributorNames, 'and')}).${gone} Ask an admin to make ${count(
    missing,
    'more person',
    'more people',
  )} a reviewer.`
}

/** What a post still needs, as a sentence: "Needs one more approval, from anyone but Ana." */
export function needsSentence(facts: {
  approvals: number
  needed: number
  objections: number
  held: boolean
  contributorNames: readonly string[]
}): string {
  if (facts.held)
    return `On hold until somebody other than ${inWords(facts.contributorNames, 'or')} approves it afresh.`
  if (facts.objections > 0) return 'Somebody asked for changes; it waits until they are made.'
  const missing = facts.needed - facts.approvals
  if (missing <= 0)
    return `Approved by ${count(facts.approvals, 'person', 'people')} other than ${inWords(facts.contributorNames, 'or')}.`
  const more = facts.approvals > 0 ? 'more ' : ''
  return `Needs ${missing === 1 ? 'one' : missing} ${more}approval${missing === 1 ? '' : 's'}, from anyone but ${inWords(facts.contributorNames, 'or')}.`
}

/** "Ana", "Ana or Ben", "Ana, Ben or Cleo". */
export function inWords(names: readonly string[], joiner: 'and' | 'or'): string {
  const unique = [...new Set(names)]
  if (unique.length <= 1) return unique[0] ?? 'nobody'
  return `${unique.slice(0, -1).join(', ')} ${joiner} ${unique.at(-1)}`
}

function count(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? `one ${one}` : `${n} ${many}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
