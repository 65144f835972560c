import type { DateTime } from 'luxon'

import type { Broken, PlaceRules } from './slot.js'
import { instantOf, utc, wallOf } from './wall-time.js'
import type { Stretch } from './window.js'

/** When the author would like it to go out. `at` is wall time, `YYYY-MM-DDTHH:mm`, in the rules' zone. */
export type PlaceWish =
  | { readonly kind: 'queue' }
  | { readonly kind: 'exact'; readonly at: string; readonly reason?: string }
  | { readonly kind: 'as-soon-as-approved' }
  | { readonly kind: 'evergreen' }

export interface PlaceRequest {
  readonly postId: string
  readonly channelId: string
  readonly wish: PlaceWish
  readonly notBefore?: DateTime
  /** What `notBefore` is, to follow "It is "; an embargo when left out. */
  readonly notBeforeIs?: string
  /** From then on it is of no use. */
  readonly uselessAfter?: DateTime
  readonly labels: readonly string[]
}

export interface Placed {
  readonly kind: 'placed'
  /** UTC. */
  readonly at: DateTime
  /** `YYYY-MM-DDTHH:mm`; `instantOf(wall, zone)` is `at`. */
  readonly wall: string
  readonly zone: string
  /** Null for a time outside the windows: exact, or as soon as approved. */
  readonly windowName: string | null
  /** The window's exclusive end (UTC); until then the post may still go out late. */
  readonly windowEnds: DateTime | null
  /** Plain English, for the group. */
  readonly reasons: readonly string[]
  /** Rules that an exact time breaks, for the reason that was given. */
  readonly broken: readonly Broken[]
}

export interface NoSlot {
  readonly kind: 'no-slot'
  /** What is in the way, and the way out. */
  readonly reason: string
}

export type Placement = Placed | NoSlot

/** A slot that breaks no rule; without a stretch it is outside the windows. */
export function placed(instant: number, rules: PlaceRules, stretch: Stretch | null, reasons: string[]): Placed {
  const at = utc(instant)
  return {
    kind: 'placed',
    at,
    wall: wallOf(at, rules.zone),
    zone: rules.zone,
    windowName: stretch?.window.name ?? null,
    windowEnds: stretch === null ? null : utc(stretch.end),
    reasons,
    broken: [],
  }
}

/**
 * Whether what is planned is past an embargo, as wall time. By the instants: of an hour that comes twice, what the wall
 * clock shows the second time is later than all that it showed the first.
 */
export function keepsEmbargo(
  { slot, zone }: { readonly slot: DateTime; readonly zone: string },
  notBefore: string | undefined,
): boolean {
  return notBefore === undefined || slot >= instantOf(notBefore, zone)
}
