import { DateTime, IANAZone } from 'luxon'

import { DomainError } from '../kernel/domain-error.js'

/**
 * Wall time and instants. Luxon leaves open which of two equal local times it means, and costs microseconds
 * for each step; placing asks thousands of times, so this file counts in milliseconds and asks luxon's zone
 * data once per zone and day.
 *
 * A "local" number here is the wall clock read as if it were UTC, in milliseconds.
 */

export const minuteMs = 60_000
export const dayMs = 86_400_000

interface KnownZone {
  readonly zone: IANAZone
  /** Offset in milliseconds at the start of a UTC day, by the day's number since 1970. */
  readonly offsets: Map<number, number>
  /** The first instant of the new offset, by the number of the UTC day in which the clock changes. */
  readonly changes: Map<number, number>
}

const zones = new Map<string, KnownZone>()
/** About ten years of one zone; then the memory starts afresh. */
const mostOffsets = 4000

function known(name: string): KnownZone {
  const have = zones.get(name)
  if (have !== undefined) return have
  const zone = IANAZone.create(name)
  if (!zone.isValid) {
    throw new DomainError('unknown-zone', `“${name}” is not a time zone. Use a name such as Europe/London.`)
  }
  const made = { zone, offsets: new Map<number, number>(), changes: new Map<number, number>() }
  zones.set(name, made)
  return made
}

function offsetAtDay(of: KnownZone, day: number): number {
  const have = of.offsets.get(day)
  if (have !== undefined) return have
  if (of.offsets.size >= mostOffsets) {
    of.offsets.clear()
    of.changes.clear()
  }
  const offset = of.zone.offset(day * dayMs) * minuteMs
  of.offsets.set(day, offset)
  return offset
}

/** Offset at an instant; luxon's own answer takes a hundred times as long. */
function offsetAt(of: KnownZone, instant: number): number {
  const day = Math.floor(instant / dayMs)
  const before = offsetAtDay(of, day)
  const after = offsetAtDay(of, day + 1)
  return before === after || instant < changeOn(of, day, before) ? before : after
}

function changeOn(of: KnownZone, day: number, before: number): number {
  const have = of.changes.get(day)
  if (have !== undefined) return have
  let old = day * dayMs
  let fresh = old + dayMs
  while (fresh - old > 1000) {
    const middle = Math.floor((old + fresh) / 2000) * 1000
    if (of.zone.offset(middle) * minuteMs === before) old = middle
    else fresh = middle
  }
  of.changes.set(day, fresh)
  return fresh
}

/** The wall clock at an instant (milliseconds since 1970), as a local number. */
export function localOf(instant: number, zone: string): number {
  return instant + offsetAt(known(zone), instant)
}

/**
 * The instant of a local number. An hour that the clock skips is read with the offset before the change, so it
 * comes out later by the length of the jump; of an hour that comes twice the first is meant.
 */
export function instantOfLocal(local: number, zone: string): number {
  const of = known(zone)
  const day = Math.floor(local / dayMs)
  // No place is further than 14 hours from UTC, so the true instant lies between these two.
  const before = offsetAtDay(of, day - 1)
  const after = offsetAtDay(of, day + 2)
  const first = local - before
  if (before === after) return first
  if (offsetAt(of, first) === before) return first
  const second = local - after
  return offsetAt(of, second) === after ? second : first
}

/** Whether the wall clock shows this instant's time for the second time that day. */
export function isRepeat(instant: number, zone: string): boolean {
  return instantOfLocal(localOf(instant, zone), zone) !== instant
}

/** An instant in the product's form. */
export function utc(instant: number): DateTime {
  return DateTime.fromMillis(instant, { zone: 'utc' })
}

/**
 * The local number of a wall time `YYYY-MM-DDTHH:mm` (a date alone is its midnight).
 * @throws DomainError when it is not one
 */
export function localOfWall(wall: string): number {
  const parsed = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/.test(wall)
    ? DateTime.fromISO(wall, { zone: 'utc' })
    : null
  if (parsed === null || !parsed.isValid) {
    throw new DomainError('bad-wall-time', `“${wall}” is not a date and time. Write it as 2026-11-24T17:20.`)
  }
  return parsed.toMillis()
}

/**
 * The instant (UTC) of a wall time `YYYY-MM-DDTHH:mm` in an IANA zone. Skipped: later. Repeated: the first.
 * @throws DomainError when the wall time or the zone is not one
 */
export function instantOf(wall: string, zone: string): DateTime {
  return utc(instantOfLocal(localOfWall(wall), zone))
}

/** The wall time of an instant, `YYYY-MM-DDTHH:mm`. */
export function wallOf(at: DateTime, zone: string): string {
  return utc(localOf(at.toMillis(), zone)).toFormat("yyyy-MM-dd'T'HH:mm")
}

/** The local date of an instant, `YYYY-MM-DD`. */
export function dateOf(at: DateTime, zone: string): string {
  return wallOf(at, zone).slice(0, 10)
}

/** For people: `Tuesday 24 November, 17:22`. */
export function sayTime(at: DateTime, zone: string): string {
  return utc(localOf(at.toMillis(), zone)).setLocale('en-GB').toFormat('cccc d LLLL, HH:mm')
}

/** Day of the week of a local day number: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}
