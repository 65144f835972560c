import { DomainError } from '../kernel/domain-error.js'

export type PostState = 'draft' | 'in_review' | 'changes_requested' | 'approved' | 'cancelled'

/** Where a post may go from each state. A forgotten state does not compile. */
const moves: { readonly [State in PostState]: readonly PostState[] } = {
  draft: ['in_review', 'cancelled'],
  in_review: ['approved', 'changes_requested', 'in_review', 'cancelled'],
  changes_requested: ['in_review', 'approved', 'cancelled'],
  approved: ['in_review', 'changes_requested', 'cancelled'],
  cancelled: [],
}

const names: { readonly [State in PostState]: string } = {
  draft: 'a draft',
  in_review: 'waiting for review',
  changes_requested: 'sent back with changes asked for',
  approved: 'approved',
  cancelled: 'cancelled',
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
  /** States of its publications. */
  readonly publications: readonly string[]
}

export type PostAction = 'edit' | 'sendForReview' | 'hold' | 'release' | 'cancel' | 'copy' | 'discardEdit'

const sent = ['published', 'retracting', 'retracted']
const inFlight = ['publishing', 'in_doubt', 'unconfirmed']

/** Why an action is not possible, as a sentence; or null when it is. */
export function whyNot(action: PostAction, facts: PostFacts): string | null {
  const flying = facts.publications.some((state) => inFlight.includes(state))
  const out = facts.publications.some((state) => sent.includes(state))
  switch (action) {
    case 'copy':
      return null
    case 'edit':
    case 'sendForReview':
      if (facts.state === 'cancelled') return 'This post was cancelled. Copy it to a new post to use it again.'
      if (flying)
        return 'This post is just going out, or we do not know yet whether it did. Wait until that is settled.'
      if (out) return 'This post has gone out. Copy it to a new post, or retract it.'
      if (action === 'sendForReview' && facts.sealed && !facts.editing && facts.state !== 'changes_requested') {
        return 'This version has been sent for review already. Change something first.'
      }
      if (action === 'sendForReview' && facts.state === 'changes_requested' && !facts.editing) {
        return 'A reviewer asked for changes. Make them, then send the post again.'
      }
      return null
    case 'hold':
      if (facts.held) return 'This post is on hold already.'
      if (facts.state === 'draft') return 'A draft goes nowhere by itself; there is nothing to hold.'
      if (facts.state === 'cancelled') return 'This post was cancelled.'
      if (facts.publications.length > 0 && facts.publications.every((state) => sent.includes(state))) {
        return 'This post has gone out. Retract it instead.'
      }
      return null
    case 'release':
      return facts.held
        ? 'Somebody who did not work on this post has to look at it afresh: their approval releases it.'
        : 'This post is not on hold.'
    case 'cancel':
      if (facts.state === 'cancelled') return 'This post was cancelled already.'
      if (flying)
        return 'This post is just going out, or we do not know yet whether it did. Hold it, and wait until that is settled.'
      if (out) return 'This post has gone out. Retract it instead.'
      return null
    case 'discardEdit':
      if (!facts.editing || !facts.sealed) return 'There are no unsent changes to discard.'
      if (facts.state === 'cancelled') return 'This post was cancelled.'
      return null
  }
}

/** @throws DomainError with the reason when the action is not possible */
export function insist(action: PostAction, facts: PostFacts): void {
  const reason = whyNot(action, facts)
  if (reason !== null)
    throw new DomainError(
      `cannot-${action.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      reason,
      'conflict',
    )
}
