import type { DateTime } from 'luxon'

import { placeExactly } from './exact-time.js'
import type { Placement, PlaceRequest } from './placement.js'
import { queue } from './queueing.js'
import { inOrder, type Limits, type PlaceRules, type Taken } from './slot.js'
import { soon } from './soonest.js'
import { dayMs, minuteMs, sayTime, utc } from './wall-time.js'

/**
 * An evergreen post leaves the next days to what is new, and gives no place up again: nothing that is planned is moved
 * for another. So it takes the emptiest day, and of equally empty ones the first.
 */
const evergreenDays = 3

/** The best slot that keeps every rule, or why there is none. */
export function place(request: PlaceRequest, rules: PlaceRules, taken: readonly Taken[], now: DateTime): Placement {
  const [first] = eachPlacement(request, rules, taken, now)
  return first as Placement
}

/**
 * Slots in order of preference, at most `most`: who loses the race for one takes the next.
 * When there is none at all, the one element says why.
 */
export function candidates(
  request: PlaceRequest,
  rules: PlaceRules,
  taken: readonly Taken[],
  now: DateTime,
  most = 25,
): [Placement, ...Placement[]] {
  const found: Placement[] = []
  for (const placement of eachPlacement(request, rules, taken, now)) {
    found.push(placement)
    if (found.length >= most) break
  }
  return found as [Placement, ...Placement[]]
}

/** As `candidates`, each computed when it is asked for; never empty. */
export function* eachPlacement(
  request: PlaceRequest,
  rules: PlaceRules,
  taken: readonly Taken[],
  now: DateTime,
): Generator<Placement, void> {
  const slots = inOrder(taken)
  const lead = now.toMillis() + rules.leadMinutes * minuteMs
  const limits: Limits = {
    earliest: Math.max(lead, request.notBefore?.toMillis() ?? -Infinity),
    latest: request.uselessAfter?.toMillis() ?? Infinity,
  }
  const embargo = request.notBefore?.toMillis() ?? -Infinity
  if (request.wish.kind === 'exact') yield placeExactly(request.wish, rules, slots, limits, embargo, now)
  else if (limits.latest <= limits.earliest)
    yield { kind: 'no-slot', reason: tooLate(limits, rules.zone, limits.earliest > lead, request.notBeforeIs) }
  else if (request.wish.kind === 'queue') yield* queue(request, rules, slots, limits)
  else if (request.wish.kind === 'evergreen') {
    const earliest = Math.max(limits.earliest, now.toMillis() + evergreenDays * dayMs)
    yield* queue(request, rules, slots, { ...limits, earliest })
  } else yield* soon(rules, slots, limits)
}

function tooLate(limits: Limits, zone: string, embargo: boolean, is = 'under embargo until then'): string {
  return (
    `It is of no use after ${sayTime(utc(limits.latest), zone)}, and it cannot go out before ` +
    `${sayTime(utc(limits.earliest), zone)}, because ${embargo ? `it is ${is}` : 'reviewers need time to look'}. ` +
    'Let it be useful for longer.'
  )
}
