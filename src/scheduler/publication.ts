import { DomainError } from '../kernel/domain-error.js'

export type PublicationState =
  | 'planned'
  | 'publishing'
  | 'published'
  | 'failed'
  | 'in_doubt'
  | 'unconfirmed'
  | 'missed'
  | 'cancelled'
  | 'retracting'
  | 'retracted'

/**
 * Where a publication may go from each state; a forgotten state does not compile. The trigger
 * `publication_moves` keeps the same list in the database, and a spec compares the two.
 */
const moves: { readonly [State in PublicationState]: readonly PublicationState[] } = {
  planned: ['publishing', 'cancelled', 'missed', 'failed'],
  publishing: ['published', 'failed', 'in_doubt', 'planned'],
  published: ['retracting'],
  failed: ['planned', 'cancelled'],
  in_doubt: ['published', 'publishing', 'unconfirmed'],
  unconfirmed: ['published', 'failed'],
  missed: ['planned', 'cancelled'],
  cancelled: [],
  retracting: ['retracted', 'published'],
  retracted: [],
}

interface Words {
  /** Fits into "This publication is …". */
  readonly name: string
  /** What it means, as a sentence for the group. */
  readonly sentence: string
}

const words: { readonly [State in PublicationState]: Words } = {
  planned: { name: 'planned', sentence: 'It goes out at its slot, once it is approved.' },
  publishing: { name: 'being published', sentence: 'It is being sent to the network right now.' },
  published: { name: 'published', sentence: 'It is public.' },
  failed: { name: 'failed', sentence: 'It is not public, and it will not be sent again by itself.' },
  in_doubt: {
    name: 'in doubt',
    sentence: 'It was sent, but no answer came. We are looking whether it became public before anything else is done.',
  },
  unconfirmed: {
    name: 'unconfirmed',
    sentence: 'It was sent, and we cannot find out whether it became public. Please look, and say whether it is there.',
  },
  missed: {
    name: 'missed',
    sentence: 'Its time passed before it could be sent, so it was not sent. Choose a new time, or cancel it.',
  },
  cancelled: { name: 'cancelled', sentence: 'It was taken out of the queue and does not go out.' },
  retracting: { name: 'being retracted', sentence: 'The network is being asked to delete it.' },
  retracted: { name: 'retracted', sentence: 'It was public, and has been deleted at the network.' },
}

/** Every state, in the order of a publication's life. */
export const publicationStates = Object.keys(moves) as PublicationState[]

/** Where a publication may go next. One with an attempt in doubt is never planned again. */
export function movesFrom(from: PublicationState, doubt = false): readonly PublicationState[] {
  if (!doubt) return moves[from]
  // A clear no after a lost answer says nothing about the attempt before it: only a person's answer makes it failed.
  return moves[from].filter((to) => to !== 'planned' && (to !== 'failed' || from === 'unconfirmed'))
}

/** Whether a publication may go from one state to another; `doubt`: an attempt's outcome is still unknown. */
export function mayMove(from: PublicationState, to: PublicationState, doubt = false): boolean {
  return movesFrom(from, doubt).includes(to)
}

/** @throws DomainError that names the states which are allowed instead */
export function movePublication(from: PublicationState, to: PublicationState, doubt = false): PublicationState {
  if (mayMove(from, to, doubt)) return to
  const allowed = movesFrom(from, doubt).map((state) => words[state].name)
  throw new DomainError(
    'illegal-publication-move',
    `This publication is ${words[from].name}, so it cannot become ${words[to].name}. ${
      allowed.length > 0 ? `It can become: ${allowed.join(', ')}.` : 'That is final; copy the post to use it again.'
    }`,
    'conflict',
  )
}

/** `being published` for `publishing`: fits into "This publication is …". */
export function sayState(state: PublicationState): string {
  return words[state].name
}

/** What a state means, as a sentence for the group. */
export function explainState(state: PublicationState): string {
  return words[state].sentence
}

const onTheWay: readonly PublicationState[] = ['publishing', 'in_doubt', 'unconfirmed']

/** Why a publication cannot be edited, cancelled or moved to another time now, as a sentence; null when it can. */
export function whyFixed(state: PublicationState, doubt = false): string | null {
  if (state === 'publishing') return 'It is being sent right now. Wait a moment until that is settled.'
  if (state === 'in_doubt') return 'It was sent without an answer. Wait until we know whether it became public.'
  if (onTheWay.includes(state) || doubt)
    return 'It may be public already. Look at the channel, and say whether it is there.'
  if (state === 'published' || state === 'retracting') return 'It is public. Retract it instead.'
  if (state === 'cancelled' || state === 'retracted') return 'It has ended. Copy the post to use it again.'
  return null
}

/** Whether a publication holds its slot against others; the constraint `publications_spaced` says the same. */
export function holdsSlot(state: PublicationState): boolean {
  return state === 'planned' || state === 'published' || onTheWay.includes(state)
}

/** Whether somebody has to be told, and to act. */
export function needsPerson(state: PublicationState): boolean {
  return state === 'failed' || state === 'unconfirmed' || state === 'missed'
}
