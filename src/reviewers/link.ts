import type { DateTime } from 'luxon'

/** The longest that a review link lives. */
export const longestLinkDays = 7
/** A device that was confirmed by code stays confirmed for reviewing. */
export const deviceDays = 90
/** Wrong codes until the link is revoked. */
export const codeTries = 5
export const codeMinutes = 15
/** More codes than this for one member in the life of one are not mailed. */
export const codesPerMember = 10

/** When a link ends: before the first slot by the group's lead, and after a week in any case. */
export function linkExpiry(now: DateTime, firstSlot: DateTime | null, leadMinutes: number): DateTime {
  const longest = now.plus({ days: longestLinkDays })
  if (firstSlot === null) return longest
  const bySlot = firstSlot.minus({ minutes: leadMinutes })
  // A slot that is nearer than the lead moves on if nobody answers; the link then serves the next one.
  return bySlot <= now ? longest : bySlot < longest ? bySlot : longest
}

export interface LinkFacts {
  readonly usedAt: DateTime | null
  readonly revokedAt: DateTime | null
  readonly revokedBecause: string | null
  readonly handedOverAt: DateTime | null
  readonly expiresAt: DateTime
  /** The request is for the revision that is current and sealed. */
  readonly current: boolean
  readonly editing: boolean
  readonly postState: string
  /** It is public on all its channels. */
  readonly out: boolean
  /** The reviewer is one no more, or suspended. */
  readonly shutOut: boolean
  /** The reviewer is signed in: then the link is only an address, and its time is no limit. */
  readonly signedIn: boolean
}

export type LinkState =
  | 'open'
  | 'used'
  | 'handed-over'
  | 'replaced'
  | 'being-edited'
  | 'cancelled'
  | 'ended'
  | 'revoked'
  | 'expired'
  | 'gone-out'

/** What a link can do now. */
export function linkState(facts: LinkFacts, now: DateTime): LinkState {
  if (facts.shutOut) return 'revoked'
  if (facts.usedAt) return 'used'
  if (facts.postState === 'cancelled') return 'cancelled'
  if (facts.postState === 'expired') return 'ended'
  // Wrong codes end the link, and not the right of the reviewer, whoever typed them.
  if (facts.revokedAt && !(facts.signedIn && facts.revokedBecause === 'codes'))
    return facts.revokedBecause === 'replaced' ? 'replaced' : 'revoked'
  if (!facts.current) return 'replaced'
  if (facts.out) return 'gone-out'
  if (facts.handedOverAt) return 'handed-over'
  if (facts.editing) return 'being-edited'
  if (facts.expiresAt <= now && !facts.signedIn) return 'expired'
  return 'open'
}

/** "b…@example.org": enough to know which inbox to look in, not enough to write to. */
export function maskedAddress(email: string): string {
  const [name = '', host = ''] = email.split('@')
  return `${name.slice(0, 1)}…@${host}`
}
