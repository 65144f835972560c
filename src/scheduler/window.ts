import type { DateTime } from 'luxon'

import { minuteOfDay, type Window } from '../channels/window.js'
import { dayMs, instantOfLocal, localOfWall, minuteMs, utc, weekdayOf } from './wall-time.js'

/** A window on one date, as instants (UTC); `end` is exclusive. */
export interface WindowOn {
  readonly window: Window
  readonly start: DateTime
  readonly end: DateTime
}

/** A window on one local day, in milliseconds since 1970. */
export interface Stretch {
  readonly window: Window
  readonly start: number
  readonly end: number
}

/** By which weekday's windows a day goes: a public holiday is a Sunday. */
export function weekdayFor(day: number, holidays?: ReadonlyMap<number, string>): number {
  return holidays?.has(day) ? 7 : weekdayOf(day)
}

/**
 * The windows of one local day (its number since 1970), in order of their start.
 *
 * Start and end are what the wall clock shows. So on the day of a clock change each window is there once, and one
 * that spans the change lasts an hour less or more. A start in the skipped hour moves later; if nothing of the
 * window were left then, the whole window moves.
 */
export function stretchesOn(
  day: number,
  windows: readonly Window[],
  zone: string,
  holidays?: ReadonlyMap<number, string>,
): Stretch[] {
  const weekday = weekdayFor(day, holidays)
  const found: Stretch[] = []
  for (const window of windows) {
    if (!window.days.includes(weekday)) continue
    const from = minuteOfDay(window.start)
    const to = minuteOfDay(window.end)
    if (from === null || to === null || to <= from) continue
    const start = instantOfLocal(day * dayMs + from * minuteMs, zone)
    const end = instantOfLocal(day * dayMs + to * minuteMs, zone)
    found.push({ window, start, end: end > start ? end : start + (to - from) * minuteMs })
  }
  return found.sort((one, other) => one.start - other.start)
}

/**
 * The windows of one local date `YYYY-MM-DD`, in order of their start.
 * @example windowsOn('2026-03-29', defaultWindows(), 'Europe/London')[0].start.toISO() // 2026-03-29T09:00:00.000Z
 */
export function windowsOn(
  day: string,
  windows: readonly Window[],
  zone: string,
  holidays?: ReadonlyMap<number, string>,
): WindowOn[] {
  return stretchesOn(Math.floor(localOfWall(day) / dayMs), windows, zone, holidays).map((stretch) => ({
    window: stretch.window,
    start: utc(stretch.start),
    end: utc(stretch.end),
  }))
}
