import type { DateTime } from 'luxon'

/** What decides whether a publication may still go out. */
export interface Timeliness {
  readonly slot: DateTime
  /** Exclusive end of its window; null for an exact time. */
  readonly windowEnds: DateTime | null
  /** From then on it is of no use; null when nothing says so. */
  readonly uselessAfter: DateTime | null
}

/** A late post is still the post that was meant, for this long after its slot. */
export const graceMinutes = 30

/** The last instant at which a publication may be sent without asking: the end of its window, or 30 minutes late. */
export function freshUntil({ slot, windowEnds, uselessAfter }: Timeliness): DateTime {
  const late = slot.plus({ minutes: graceMinutes })
  const fresh = windowEnds !== null && windowEnds > late ? windowEnds : late
  return uselessAfter !== null && uselessAfter < fresh ? uselessAfter : fresh
}

export function isFresh(publication: Timeliness, now: DateTime): boolean {
  return now <= freshUntil(publication) && (publication.uselessAfter === null || now < publication.uselessAfter)
}

/** What to do with a planned publication that is due or past it. */
export type Lateness =
  | { readonly kind: 'wait' }
  | { readonly kind: 'publish' }
  /** Give it another slot: one at a time, so that a backlog spreads. */
  | { readonly kind: 're-place'; readonly cause: string }
  /** Missed; the author decides. */
  | { readonly kind: 'ask'; readonly cause: string; readonly nextStep: string }
  /** An attempt may have become public: it is looked up first, and no sweep may hide it. */
  | { readonly kind: 'look-up' }

/** @param wish what its author asked for; an exact time is never changed without asking */
export function whenLate(
  publication: Timeliness & { readonly wish: 'queue' | 'exact' | 'as_soon_as_approved'; readonly doubt: boolean },
  now: DateTime,
): Lateness {
  if (publication.doubt) return { kind: 'look-up' }
  if (publication.uselessAfter !== null && now >= publication.uselessAfter) {
    return {
      kind: 'ask',
      cause: 'It stopped being useful before it could go out.',
      nextStep: 'Let it be useful for longer and choose a new time, or cancel it.',
    }
  }
  if (now < publication.slot) return { kind: 'wait' }
  if (isFresh(publication, now)) return { kind: 'publish' }
  if (publication.wish === 'exact') {
    return {
      kind: 'ask',
      cause: 'Its exact time passed before it could go out.',
      nextStep: 'Choose a new time, put it in the queue, or cancel it.',
    }
  }
  return { kind: 're-place', cause: 'Its window passed before it could go out, so it moved to the next free one.' }
}
