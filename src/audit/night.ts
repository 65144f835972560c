import type { DateTime } from 'luxon'

/** The hour of the group's night at which its log is checked. */
const hour = 3
/** A chain up to here is read whole every night, in a few seconds; a longer one from the last check on. */
const alwaysWhole = 250_000
/** A longer one is read whole once in so many days. */
const wholeAfterDays = 7

/** The night that is to be checked by now, as the group's local date such as `2026-11-24`. */
export function nightOf(now: DateTime, zone: string): string {
  return now.setZone(zone).minus({ hours: hour }).toISODate() ?? ''
}

/** Whether a nightly check reads everything again: what was checked before may have been altered since. */
export function readsWhole(now: DateTime, length: number, lastWholeAt: DateTime | null): boolean {
  return length <= alwaysWhole || lastWholeAt === null || now.diff(lastWholeAt, 'days').days >= wholeAfterDays
}
