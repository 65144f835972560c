import type { DateTime } from 'luxon'

import type { Place } from './place.js'

export type SuggestionState = 'open' | 'applied' | 'dismissed'

/** Something that was said about a post, with who said it. Newest words are the last. */
export type Remark = Comment | Suggestion

interface Said {
  readonly id: string
  readonly memberId: string
  /** The root person: two sign-ins of one human are one. */
  readonly personId: string
  readonly name: string
  readonly at: DateTime
  /** The number of the version it was said about; null for an unsent draft. */
  readonly version: number | null
  readonly told: boolean
}

export interface Comment extends Said {
  readonly kind: 'comment'
  /** Empty once its author took it back. */
  readonly text: string
  readonly removed: boolean
  /** The suggestion that it answers. */
  readonly suggestionId: string | null
}

export interface Suggestion extends Said {
  readonly kind: 'suggestion'
  readonly place: Place
  readonly before: string
  readonly words: string
  readonly note: string
  readonly state: SuggestionState
  readonly settledAt: DateTime | null
  readonly settledByName: string | null
}

/** Somebody who is mailed what others say: the author, and whoever said something or gave a verdict. */
export interface Listener {
  readonly memberId: string
  readonly personId: string
  readonly name: string
  readonly email: string
}

/** No more than one mail a person and post in this time. */
export const minutesBetweenMails = 10

/** Longer comments and notes are refused. */
export const longestComment = 2000
export const longestWords = 20_000
export const longestAlt = 4000

/** Whether a mail about a post may go now, or what is said waits for the next one. */
export function mayTell(lastTold: DateTime | null, now: DateTime): boolean {
  return lastTold === null || lastTold <= now.minus({ minutes: minutesBetweenMails })
}

/** What each listener has not heard yet; nobody is told their own words, nor what was taken back meanwhile. */
export function newsFor(remarks: readonly Remark[], listener: Pick<Listener, 'personId'>): Remark[] {
  return remarks.filter(
    (each) => !each.told && each.personId !== listener.personId && !(each.kind === 'comment' && each.removed),
  )
}
