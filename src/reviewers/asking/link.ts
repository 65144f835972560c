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

/** Wrong codes of one member within a day, over all their links, until codes count no more. */
export const wrongCodesPerDay = 15
/** How long a page that was reached by a link can be used without opening the link again. */
export const passMinutes = 60
/** How long the mere link shows the post that was decided on; after that whoever proves who they are is shown it. */
export const shownHours = 24

/** Requests to one reviewer within this time become one mail. */
export const batchMinutes = 10

/** When a link ends: before the first slot by the group's lead, and after a week in any case. */
export function linkExpiry(now: DateTime, firstSlot: DateTime | null, leadMinutes: number): DateTime {
  const longest = now.plus({ days: longestLinkDays })
  if (firstSlot === null) return longest
  const bySlot = firstSlot.minus({ minutes: leadMinutes })
  // A slot that is nearer than the lead moves on if nobody answers; the link then serves the next one.
  return bySlot <= now ? longest : bySlot < longest ? bySlot : longest
}

/** The first of these slots, or null when none is set. */
export function firstSlotOf(slots: readonly { readonly slot: DateTime; readonly state: string }[]): DateTime | null {
  return (
    slots
      .filter((each) => each.state === 'planned')
      .map((each) => each.slot)
      .sort((a, b) => a.toMillis() - b.toMillis())[0] ?? null
  )
}

/**
 * Until when a request waits for others to the same reviewer, to go in one mail: ten minutes, but never more than a
 * tenth of the time that is left for an answer. What has no slot goes out as soon as it is approved, so it is in a hurry.
 */
export function holdUntil(now: DateTime, firstSlot: DateTime | null, expiresAt: DateTime): DateTime {
  if (firstSlot === null) return now
  const left = (firstSlot < expiresAt ? firstSlot : expiresAt).diff(now).as('minutes')
  return now.plus({ minutes: Math.max(0, Math.min(batchMinutes, left / 10)) })
}

/** The secrets of the review links in a text, each once. */
export function tokensIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\/r\/([\w-]{43})(?![\w-])/g)].map((match) => match[1]!))]
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
  // Wrong codes end the link, and not the right of the reviewer, whoever typed them; nor does having been suspended once.
  if (facts.revokedAt && !(facts.signedIn && ['codes', 'member'].includes(facts.revokedBecause ?? '')))
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
