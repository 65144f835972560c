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
 * `publications_moves` keeps the same list in the database, and a spec compares the two.
 */
const moves: { readonly [State in PublicationState]: readonly PublicationState[] } = {
  planned: ['publishing', 'cancelled', 'missed', 'failed'],
  publishing: ['published', 'failed', 'in_doubt', 'planned'],
  published: ['retracting'],
  // Retracting only what is out in part; planned and cancelled only what is not.
  failed: ['planned', 'cancelled', 'retracting'],
  in_doubt: ['published', 'publishing', 'unconfirmed'],
  unconfirmed: ['published', 'failed'],
  missed: ['planned', 'cancelled'],
  cancelled: [],
  retracting: ['retracted', 'published', 'failed'],
  retracted: [],
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

const names: { readonly [State in PublicationState]: string } = {
  planned: 'planned',
  publishing: 'just going out',
  published: 'out',
  failed: 'failed',
  in_doubt: 'being looked up',
  unconfirmed: 'waiting for somebody to look',
  missed: 'missed',
  cancelled: 'cancelled',
  retracting: 'being taken down',
  retracted: 'taken down',
}

interface Standing {
  readonly state: PublicationState
  /** Of what failed: what is out of it all the same, of a thread some parts. */
  readonly remoteId?: string | null
  /** An attempt's outcome is still unknown. */
  readonly doubt: boolean
}

/** "On this channel the post is planned; it can become: just going out, cancelled, missed, failed." */
export function standing({ state, doubt, remoteId }: Standing): string {
  const next = movesFrom(state, doubt)
    .filter((to) => state !== 'failed' || (to === 'retracting') === isOutInPart({ state, remoteId }))
    .map((to) => names[to])
  const unknown = doubt ? ' and an earlier sending of it is in doubt' : ''
  return `On this channel the post is ${names[state]}${unknown}; ${
    next.length > 0 ? `it can become: ${next.join(', ')}` : 'copy it to use it again'
  }.`
}

/**
 * Lets a publication go to another state, or stay in its own.
 * @throws DomainError naming the state and those that it may go to
 */
export function movePublication(publication: Standing, to: PublicationState): void {
  if (publication.state === to || mayMove(publication.state, to, publication.doubt)) return
  throw new DomainError('illegal-move', `It cannot become ${names[to]}. ${standing(publication)}`, 'conflict')
}

/** In the place of the network's id of what only a person has seen. */
export const seenByPerson = 'seen-by-a-person'

/** Whether it failed after some of its parts had become public. */
export function isOutInPart({ state, remoteId }: Pick<Standing, 'state' | 'remoteId'>): boolean {
  return state === 'failed' && remoteId !== null && remoteId !== undefined
}

const onTheWay: readonly PublicationState[] = ['publishing', 'in_doubt', 'unconfirmed']

/** Whether a publication holds its slot against others; the constraint `publications_spaced` says the same. */
export function holdsSlot(state: PublicationState): boolean {
  return state === 'planned' || state === 'published' || onTheWay.includes(state)
}
