import { DomainError } from '../kernel/domain-error.js'

export type PostState = 'draft' | 'in_review' | 'changes_requested' | 'approved' | 'cancelled' | 'expired'

/**
 * Where a post may go from each state; a forgotten state does not compile. The trigger `posts_moves` keeps the same
 * list in the database, and a spec compares the two.
 */
const moves: { readonly [State in PostState]: readonly PostState[] } = {
  draft: ['in_review', 'cancelled'],
  in_review: ['approved', 'changes_requested', 'in_review', 'cancelled', 'expired'],
  changes_requested: ['in_review', 'approved', 'cancelled', 'expired'],
  approved: ['in_review', 'changes_requested', 'cancelled', 'expired'],
  cancelled: [],
  expired: [],
}

const names: { readonly [State in PostState]: string } = {
  draft: 'a draft',
  in_review: 'waiting for review',
  changes_requested: 'sent back with changes asked for',
  approved: 'approved',
  cancelled: 'cancelled',
  expired: 'over, because its time has passed',
}

/** Every state, in the order of a post's life. */
export const postStates = Object.keys(moves) as PostState[]

/** Where a post may go next. */
export function movesFrom(from: PostState): readonly PostState[] {
  return moves[from]
}

/** @throws DomainError naming the states that are allowed instead */
export function moveTo(from: PostState, to: PostState): PostState {
  if (moves[from].includes(to)) return to
  const allowed = moves[from].map((state) => names[state])
  throw new DomainError(
    'illegal-move',
    `This post is ${names[from]}, so it cannot become ${names[to]}. ${
      allowed.length > 0 ? `It can become: ${allowed.join(', ')}.` : 'Copy it to a new post to use it again.'
    }`,
    'conflict',
  )
}

/** What decides whether an action on a post is possible. */
export interface PostFacts {
  readonly state: PostState
  readonly held: boolean
  readonly editing: boolean
  readonly sealed: boolean
  /** Its author is no active member any more. */
  readonly orphaned: boolean
  /** States of its publications. */
  readonly publications: readonly string[]
}

const sent = ['published', 'retracting', 'retracted']
const inFlight = ['publishing', 'in_doubt', 'unconfirmed']

const isSent = (state: string) => sent.includes(state)
const isFlying = ({ publications }: PostFacts) => publications.some((state) => inFlight.includes(state))
const isOutSomewhere = ({ publications }: PostFacts) => publications.some(isSent)
const isOutEverywhere = ({ publications }: PostFacts) => publications.length > 0 && publications.every(isSent)

/** Why nothing at all can be done with a post that has ended, or null. */
function ended({ state }: PostFacts): string | null {
  if (state === 'cancelled') return 'This post was cancelled. Copy it to a new post to use it again.'
  if (state === 'expired')
    return 'The time in which this post was of use is over, so it has ended. Copy it to a new post to use it again.'
  return null
}

function whyNotEdit(facts: PostFacts): string | null {
  const over = ended(facts)
  if (over !== null) return over
  if (isFlying(facts))
    return 'This post is just going out, or we do not know yet whether it did. Wait until that is settled.'
  if (isOutSomewhere(facts)) return 'This post has gone out. Copy it to a new post, or retract it.'
  return null
}

/** Why each action is not possible, as a sentence; or null when it is. */
const obstacles = {
  edit: whyNotEdit,
  sendForReview: (facts) => {
    const obstacle = whyNotEdit(facts)
    if (obstacle !== null || !facts.sealed || facts.editing) return obstacle
    return facts.state === 'changes_requested'
      ? 'A reviewer asked for changes. Make them, then send the post again.'
      : 'This version has been sent for review already. Change something first.'
  },
  hold: (facts) => {
    if (facts.held) return 'This post is on hold already.'
    if (facts.state === 'draft') return 'A draft goes nowhere by itself; there is nothing to hold.'
    return ended(facts) ?? (isOutEverywhere(facts) ? 'This post has gone out. Retract it instead.' : null)
  },
  release: ({ held }) =>
    held
      ? 'Somebody who did not work on this post has to look at it afresh: their approval releases it.'
      : 'This post is not on hold.',
  cancel: (facts) => {
    if (facts.state === 'cancelled') return 'This post was cancelled already.'
    const over = ended(facts)
    if (over !== null) return over
    if (isFlying(facts))
      return 'This post is just going out, or we do not know yet whether it did. Hold it, and wait until that is settled.'
    return isOutSomewhere(facts) ? 'This post has gone out. Retract it instead.' : null
  },
  copy: () => null,
  discardEdit: (facts) => (facts.editing && facts.sealed ? ended(facts) : 'There are no unsent changes to discard.'),
  withdraw: (facts) => {
    if (!facts.sealed) return 'This post has not been sent for review, so nobody has answered yet.'
    if (isOutEverywhere(facts))
      return 'This post has gone out, so an answer cannot be taken back any more. Take the post down instead.'
    return ended(facts)
  },
  adopt: (facts) => {
    if (!facts.orphaned) return 'The author of this post is an active member and looks after it.'
    return ended(facts) ?? (isOutEverywhere(facts) ? 'This post has gone out; there is nothing left to do.' : null)
  },
} as const satisfies Record<string, (facts: PostFacts) => string | null>

export type PostAction = keyof typeof obstacles

/** What can be done, in words; who may take an answer back depends on who asks, so that is not among them. */
const offers: { readonly [Action in Exclude<PostAction, 'release' | 'withdraw'>]: string } = {
  edit: 'change it',
  sendForReview: 'send it for review',
  discardEdit: 'discard the change',
  hold: 'put it on hold',
  cancel: 'cancel it',
  adopt: 'take it over',
  copy: 'copy it',
}

/** Why an action is not possible, as a sentence; or null when it is. */
export function whyNot(action: PostAction, facts: PostFacts): string | null {
  return obstacles[action](facts)
}

/** @throws DomainError with the reason, where the post stands, and what is possible instead */
export function insist(action: PostAction, facts: PostFacts): void {
  const reason = whyNot(action, facts)
  if (reason === null) return
  throw new DomainError(
    `cannot-${action.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    `${reason} ${standing(facts)}`,
    'conflict',
  )
}

/** "The post is approved and on hold. You can: change it, cancel it, copy it." */
function standing(facts: PostFacts): string {
  const flags = [names[facts.state], ...(facts.editing && facts.sealed ? ['being changed'] : [])]
  if (facts.held) flags.push('on hold')
  const possible = Object.entries(offers).filter(([action]) => whyNot(action as PostAction, facts) === null)
  return `The post is ${flags.join(' and ')}. You can: ${possible.map(([, words]) => words).join(', ')}.`
}
