import type { DateTime } from 'luxon'

import { minuteOfDay, type Window } from '../channels/window.js'
import { chance, stir } from './chance.js'
import { dayMs, instantOfLocal, isRepeat, localOf, minuteMs } from './wall-time.js'
import type { Stretch } from './window.js'

/** Wall time, `HH:MM`; `end` is exclusive and may lie on the next day. */
export interface Quiet {
  readonly start: string
  readonly end: string
}

/** A time in which nothing may go out, whatever the reason: an election's silence, an embargo. `until` is exclusive. */
export interface Silence {
  readonly from: DateTime
  readonly until: DateTime
  /** What it is, for people: "election silence". */
  readonly name: string
}

/** Public holidays by the number of the local day since 1970, with their names. */
export type Holidays = ReadonlyMap<number, string>

/** A window's score on one date, and why, in words that may follow "after work, Tuesday: ". */
export interface WindowScore {
  /** On the scale of log(1 + response): 0.1 is about ten per cent more. */
  readonly score: number
  readonly because: string | null
}

/** The rules of one channel. */
export interface PlaceRules {
  /** IANA zone of all wall times. */
  readonly zone: string
  readonly windows: readonly Window[]
  /** Least time between two posts of the channel; elapsed minutes, not wall time. */
  readonly gapMinutes: number
  /** Most posts of the channel on one local day. */
  readonly dailyCap: number
  readonly quiet: Quiet | null
  /** Minutes that reviewers get from now on; 0 when nobody has to look any more. */
  readonly leadMinutes: number
  readonly silences: readonly Silence[]
  /** They count as weekend. */
  readonly holidays?: Holidays
  /** How good a window is, by weekday (1 is Monday); every window is equally good without it. */
  readonly score?: (window: Window, weekday: number) => WindowScore
}

/** A slot of the channel that is taken. */
export interface Taken {
  readonly at: DateTime
  readonly windowName: string | null
  readonly labels: readonly string[]
}

/** Rules that an exact time may break, for a reason. A silence never breaks. */
export type Broken = 'gap' | 'cap' | 'quiet'

/** Taken slots in order of time, so that neighbours are found by halving. */
export interface TakenInOrder {
  readonly times: readonly number[]
  readonly slots: readonly Taken[]
}

export function inOrder(taken: readonly Taken[]): TakenInOrder {
  const times: number[] = []
  let sorted = true
  let last = -Infinity
  for (const slot of taken) {
    const time = slot.at.toMillis()
    if (time < last) sorted = false
    last = time
    times.push(time)
  }
  return sorted
    ? { times, slots: taken }
    : inOrder(taken.toSorted((one, other) => one.at.toMillis() - other.at.toMillis()))
}

/** Index of the first taken slot at or after `instant`. */
export function firstFrom(taken: TakenInOrder, instant: number): number {
  let low = 0
  let high = taken.times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (taken.times[middle]! < instant) low = middle + 1
    else high = middle
  }
  return low
}

/** How many slots are taken in `[from, to)`. */
export function countBetween(taken: TakenInOrder, from: number, to: number): number {
  return firstFrom(taken, to) - firstFrom(taken, from)
}

/** Milliseconds to the nearest taken slot; Infinity when there is none. */
export function nearest(taken: TakenInOrder, instant: number): number {
  const next = firstFrom(taken, instant)
  const after = taken.times[next]
  const before = taken.times[next - 1]
  return Math.min(after === undefined ? Infinity : after - instant, before === undefined ? Infinity : instant - before)
}

/** Start and end of the local day of an instant. */
export function dayAround(instant: number, zone: string): { readonly start: number; readonly end: number } {
  const day = Math.floor(localOf(instant, zone) / dayMs)
  return { start: instantOfLocal(day * dayMs, zone), end: instantOfLocal((day + 1) * dayMs, zone) }
}

/** A question about minutes since midnight by the wall clock: are they in the quiet hours? */
export function quietHours(quiet: Quiet | null): (minute: number) => boolean {
  if (quiet === null) return () => false
  const start = minuteOfDay(quiet.start) ?? 0
  const end = minuteOfDay(quiet.end) ?? 0
  return start <= end ? (minute) => minute >= start && minute < end : (minute) => minute >= start || minute < end
}

/** Minutes since midnight that the wall clock shows. */
export function wallMinute(instant: number, zone: string): number {
  const local = localOf(instant, zone)
  return Math.floor((local - Math.floor(local / dayMs) * dayMs) / minuteMs)
}

export function silenceAt(instant: number, silences: readonly Silence[]): Silence | null {
  return silences.find((silence) => silence.from.toMillis() <= instant && instant < silence.until.toMillis()) ?? null
}

/** Which of the rules that may be broken for a reason an instant breaks. */
export function brokenAt(instant: number, rules: PlaceRules, taken: TakenInOrder): Broken[] {
  const broken: Broken[] = []
  if (nearest(taken, instant) < rules.gapMinutes * minuteMs) broken.push('gap')
  const day = dayAround(instant, rules.zone)
  if (countBetween(taken, day.start, day.end) >= rules.dailyCap) broken.push('cap')
  if (quietHours(rules.quiet)(wallMinute(instant, rules.zone))) broken.push('quiet')
  return broken
}

/** What is in the way of an instant, and the later instant at which that is over. */
export type Obstacle =
  | { readonly kind: 'silence'; readonly until: number; readonly name: string }
  | { readonly kind: 'quiet' | 'cap' | 'gap' | 'repeat'; readonly until: number }

/** Null when nothing may go out at this instant that would break a rule. */
export function obstacleAt(at: number, rules: PlaceRules, taken: TakenInOrder): Obstacle | null {
  const { zone } = rules
  const silence = silenceAt(at, rules.silences)
  if (silence !== null) return { kind: 'silence', until: silence.until.toMillis(), name: silence.name }
  if (rules.quiet !== null && quietHours(rules.quiet)(wallMinute(at, zone))) {
    const local = localOf(at, zone)
    const end = Math.floor(local / dayMs) * dayMs + (minuteOfDay(rules.quiet.end) ?? 0) * minuteMs
    const until = instantOfLocal(end > local ? end : end + dayMs, zone)
    // A clock change may leave the end behind us by the wall; then a minute at a time.
    return { kind: 'quiet', until: Math.max(until, at + minuteMs) }
  }
  const day = dayAround(at, zone)
  if (countBetween(taken, day.start, day.end) >= rules.dailyCap) return { kind: 'cap', until: day.end }
  const gap = rules.gapMinutes * minuteMs
  const near = taken.times[firstFrom(taken, at - gap + 1)]
  if (near !== undefined && near < at + gap) return { kind: 'gap', until: near + gap }
  return isRepeat(at, zone) ? { kind: 'repeat', until: at + minuteMs } : null
}

/** Why a window has no minute for a post. */
export type Unfit = 'taken' | 'gap' | 'cap' | 'quiet' | 'silence' | 'time'

export interface Limits {
  /** Not before; milliseconds. */
  readonly earliest: number
  /** Before this; milliseconds, Infinity when nothing says so. */
  readonly latest: number
}

/** How often a minute is drawn before all of a window are looked at. */
const throws = 4

/**
 * The minute for a post inside a window: by the hash of post and date among the minutes that keep all rules.
 * Never a quarter of an hour, when everybody's robots post, and not the wall time that the channel used on the day
 * before or uses on the day after, as long as there is another.
 * @param day number of the local day since 1970
 */
export function minuteIn(
  stretch: Stretch,
  day: number,
  postId: string,
  rules: PlaceRules,
  taken: TakenInOrder,
  { earliest, latest }: Limits,
): number | Unfit {
  if (stretch.end <= earliest || stretch.start >= latest) return 'time'
  const { zone } = rules
  // A window that lost its slot to a moved clock or a moved window is still looked for on its own day.
  const dayStart = instantOfLocal(day * dayMs, zone)
  const dayEnd = instantOfLocal((day + 1) * dayMs, zone)
  for (let index = firstFrom(taken, Math.min(dayStart, stretch.start)); index < taken.times.length; index += 1) {
    const time = taken.times[index]!
    if (time >= Math.max(dayEnd, stretch.end)) break
    if (time >= stretch.start && time < stretch.end) return 'taken'
    if (time >= dayStart && time < dayEnd && taken.slots[index]!.windowName === stretch.window.name) return 'taken'
  }
  if (countBetween(taken, dayStart, dayEnd) >= rules.dailyCap) return 'cap'

  // The day may end inside a window that moved later; minutes past it would count for the next day's cap.
  const stop = Math.min(stretch.end, latest, dayEnd)
  const begin = Math.ceil(Math.max(stretch.start, earliest) / minuteMs) * minuteMs
  const minutes = Math.ceil((stop - begin) / minuteMs)
  // Most minutes are free, so one of a few throws finds one, of which each is as likely as the others.
  const luck = chance(`${postId} ${day}`)
  for (let round = 0; round < throws && minutes > 0; round += 1) {
    const at = begin + (stir(luck + round) % minutes) * minuteMs
    const wall = wallMinute(at, zone)
    if (wall % 15 !== 0 && obstacleAt(at, rules, taken) === null && !isUsedNearby(wall, dayStart, dayEnd, taken, zone))
      return at
  }

  const free: number[] = []
  let unfit: Unfit = 'time'
  for (let at = begin; at < stop;) {
    const obstacle = obstacleAt(at, rules, taken)
    if (obstacle === null) {
      if (wallMinute(at, zone) % 15 !== 0) free.push(at)
      at += minuteMs
    } else {
      if (obstacle.kind !== 'repeat') unfit = obstacle.kind
      at = Math.ceil(obstacle.until / minuteMs) * minuteMs
    }
  }
  if (free.length === 0) return unfit
  const fresh = free.filter((at) => !isUsedNearby(wallMinute(at, zone), dayStart, dayEnd, taken, zone))
  const choice = fresh.length > 0 ? fresh : free
  return choice[luck % choice.length]!
}

/** Whether the channel uses this minute of the wall clock on the day itself, the day before or the day after. */
function isUsedNearby(wall: number, dayStart: number, dayEnd: number, taken: TakenInOrder, zone: string): boolean {
  for (let index = firstFrom(taken, dayStart - dayMs); index < taken.times.length; index += 1) {
    const time = taken.times[index]!
    if (time >= dayEnd + dayMs) break
    if (wallMinute(time, zone) === wall) return true
  }
  return false
}
