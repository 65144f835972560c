import type { DateTime } from 'luxon'

import { dayName, minuteOfDay } from '../channels/window.js'
import {
  brokenAt,
  countBetween,
  dayAround,
  firstFrom,
  inOrder,
  minuteIn,
  nearest,
  silenceAt,
  type Broken,
  type Limits,
  type PlaceRules,
  type Taken,
  type TakenInOrder,
  type Unfit,
} from './slot.js'
import {
  dayMs,
  instantOf,
  instantOfLocal,
  isRepeat,
  localOf,
  minuteMs,
  sayTime,
  utc,
  wallOf,
  weekdayOf,
} from './wall-time.js'
import { stretchesOn, weekdayFor, type Stretch } from './window.js'

export type { PlaceRules, Taken } from './slot.js'

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

/**
 * What a slot costs, on the scale of a window's score (0.1 is about ten per cent of response).
 * Waiting is what keeps the queue filling soonest first: with equal windows, every cost below together is less than
 * the wait for the day after next, and a window has to be clearly better (0.1) for a post to wait a day for it.
 */
const cost = {
  /** A day of waiting, counted continuously, so that of equal windows the earlier wins. */
  waiting: 0.1,
  /** Each post that the channel has on that day already. */
  sameDay: 0.03,
  /** A neighbour just outside the gap; it falls to nothing at twice the gap. */
  close: 0.04,
  /** The post before or after shares a label. */
  sameLabel: 0.05,
}

/**
 * An evergreen post leaves the next days to what is new, and gives no place up again: nothing that is planned is moved
 * for another. So it takes the emptiest day, and of equally empty ones the first.
 */
const evergreenDays = 3

/** Windows of the first days compete by score; only if none is free, those of the rest do. */
const firstDays = 7
const allDays = 28
/** An exact time further away is a slip of the year more often than a plan. */
const furthestDays = 366

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

// Exact

function placeExactly(
  wish: { readonly at: string; readonly reason?: string },
  rules: PlaceRules,
  taken: TakenInOrder,
  { earliest, latest }: Limits,
  embargo: number,
  now: DateTime,
): Placement {
  const at = instantOf(wish.at, rules.zone)
  const instant = at.toMillis()
  const said = sayTime(at, rules.zone)
  const year = Number(wish.at.slice(0, 4))
  if (instant < now.toMillis()) {
    const which = year === now.setZone(rules.zone).year ? '' : ` of ${year}`
    return { kind: 'no-slot', reason: `${said}${which} has passed. Choose a later time.` }
  }
  if (instant > now.toMillis() + furthestDays * dayMs) {
    return {
      kind: 'no-slot',
      reason: `${said} of ${year} is more than a year away. Is the year right? Choose an earlier time.`,
    }
  }
  if (instant < embargo) {
    const ends = sayTime(utc(embargo), rules.zone)
    return { kind: 'no-slot', reason: `${said} is before the embargo ends. Choose ${ends} or later.` }
  }
  if (instant < earliest) {
    const first = sayTime(utc(Math.ceil(earliest / minuteMs) * minuteMs), rules.zone)
    return { kind: 'no-slot', reason: `${said} leaves reviewers too little time. Choose ${first} or later.` }
  }
  if (instant >= latest) {
    return {
      kind: 'no-slot',
      reason: `${said} is not before ${sayTime(utc(latest), rules.zone)}, when it stops being useful. Choose an earlier time.`,
    }
  }
  const silence = silenceAt(instant, rules.silences)
  if (silence !== null) {
    return {
      kind: 'no-slot',
      reason: `${said} is within the silence “${silence.name}”. Choose ${sayTime(silence.until, rules.zone)} or later.`,
    }
  }
  const broken = brokenAt(instant, rules, taken)
  const complaints = broken.map((each) => complain(each, rules, nearest(taken, instant)))
  const reason = wish.reason?.trim() ?? ''
  if (broken.length > 0 && reason === '') {
    return {
      kind: 'no-slot',
      reason: `${said} ${complaints.join(', and ')}. Give a reason to go ahead all the same, or choose another time.`,
    }
  }
  const wall = wallOf(at, rules.zone)
  const reasons = [`the time that was asked for, ${said}`]
  if (wall !== wish.at.slice(0, 16))
    reasons.push(`${wish.at.slice(11, 16)} is skipped on that day, because the clock changes`)
  reasons.push(...complaints.map((complaint) => `${complaint}; the reason given: ${reason}`))
  return { kind: 'placed', at, wall, zone: rules.zone, windowName: null, windowEnds: null, reasons, broken }
}

/** Goes on after "Tuesday 24 November, 17:22 ". */
function complain(broken: Broken, rules: PlaceRules, distance: number): string {
  if (broken === 'gap') {
    const away = Math.floor(distance / minuteMs)
    return away === 0
      ? `is the very minute of another post of this channel (the gap is ${sayMinutes(rules.gapMinutes)})`
      : `is only ${sayMinutes(away)} from another post of this channel (the gap is ${sayMinutes(rules.gapMinutes)})`
  }
  if (broken === 'cap') return `is on a day that is full (${sayPosts(rules.dailyCap)} a day on this channel)`
  return `is in the quiet hours (${rules.quiet?.start} to ${rules.quiet?.end})`
}

// As soon as approved

function* soon(rules: PlaceRules, taken: TakenInOrder, limits: Limits): Generator<Placement, void> {
  const start = Math.ceil(limits.earliest / minuteMs) * minuteMs
  const horizon = Math.min(limits.latest, start + allDays * dayMs)
  const held = new Set<string>()
  let found = false
  let at = start
  while (at < horizon) {
    const [next, because] = whenFree(at, rules, taken)
    if (next > at) {
      held.add(because)
      // A silence or a neighbour may end within a minute.
      at = Math.ceil(next / minuteMs) * minuteMs
      continue
    }
    found = true
    yield placed(at, rules, null, [
      held.size === 0 ? 'as soon as it is approved' : `as soon as it is approved, after ${[...held].join(' and ')}`,
    ])
    at += Math.max(1, rules.gapMinutes) * minuteMs
  }
  if (found) return
  const until =
    limits.latest < Infinity ? `before ${sayTime(utc(limits.latest), rules.zone)}` : `in the next ${allDays} days`
  yield {
    kind: 'no-slot',
    reason:
      `No minute ${until} keeps the rules of this channel. In the way: ${[...held].join(', ')}. ` +
      'Choose an exact time and give a reason, or let it be useful for longer.',
  }
}

/** The instant itself when it is free; else the earliest at which what is in the way is over, and what that is. */
function whenFree(at: number, rules: PlaceRules, taken: TakenInOrder): [number, string] {
  const { zone } = rules
  const silence = silenceAt(at, rules.silences)
  if (silence !== null) return [silence.until.toMillis(), `the silence “${silence.name}”`]
  const broken = brokenAt(at, rules, taken)
  if (broken.includes('quiet') && rules.quiet !== null) {
    const local = localOf(at, zone)
    const end = Math.floor(local / dayMs) * dayMs + (minuteOfDay(rules.quiet.end) ?? 0) * minuteMs
    // A clock change may leave the end behind us by the wall; then a minute at a time.
    return [Math.max(instantOfLocal(end > local ? end : end + dayMs, zone), at + minuteMs), 'the quiet hours']
  }
  if (broken.includes('cap')) return [dayAround(at, zone).end, 'a day that is full']
  if (broken.includes('gap')) {
    const gap = rules.gapMinutes * minuteMs
    const next = firstFrom(taken, at - gap + 1)
    return [(taken.times[next] ?? at) + gap, 'the gap to another post']
  }
  if (isRepeat(at, zone)) return [at + minuteMs, 'the hour that comes twice']
  return [at, '']
}

// Queue

interface Choice {
  readonly at: number
  readonly stretch: Stretch
  readonly weekday: number
  /** The public holiday's name. */
  readonly holiday: string | null
  readonly score: number
  readonly because: string | null
}

function* queue(
  request: PlaceRequest,
  rules: PlaceRules,
  taken: TakenInOrder,
  limits: Limits,
): Generator<Placement, void> {
  const today = Math.floor(localOf(limits.earliest, rules.zone) / dayMs)
  const unfit = new Map<Unfit, number>()
  let found = false
  const spans: readonly (readonly [number, number])[] =
    request.wish.kind === 'evergreen'
      ? [[0, allDays]]
      : [
          [0, firstDays],
          [firstDays, allDays],
        ]
  for (const [from, to] of spans) {
    const choices = choicesOf(request, rules, taken, limits, today + from, today + to, unfit)
    const soonest = choices.reduce((least, choice) => Math.min(least, choice.at), Infinity)
    choices.sort((one, other) => other.score - one.score || one.at - other.at)
    for (const choice of choices) {
      found = true
      yield placed(choice.at, rules, choice.stretch, [
        request.wish.kind === 'evergreen'
          ? explainEvergreen(choice, rules, taken)
          : explain(choice, rules, choice.at === soonest, from > 0),
      ])
    }
  }
  if (!found) yield { kind: 'no-slot', reason: whyNone(rules, limits, unfit) }
}

function choicesOf(
  request: PlaceRequest,
  rules: PlaceRules,
  taken: TakenInOrder,
  limits: Limits,
  from: number,
  to: number,
  unfit: Map<Unfit, number>,
): Choice[] {
  const choices: Choice[] = []
  for (let day = from; day < to; day += 1) {
    const weekday = weekdayFor(day, rules.holidays)
    const holiday = rules.holidays?.get(day) ?? null
    for (const stretch of stretchesOn(day, rules.windows, rules.zone, rules.holidays)) {
      const at = minuteIn(stretch, day, request.postId, rules, taken, limits)
      if (typeof at === 'string') {
        unfit.set(at, (unfit.get(at) ?? 0) + 1)
        continue
      }
      const liked = rules.score?.(stretch.window, weekday) ?? { score: 0, because: null }
      const score =
        request.wish.kind === 'evergreen'
          ? -busyness(at, rules, taken)
          : liked.score - costOf(at, stretch, request.labels, rules, taken, limits)
      choices.push({ at, stretch, weekday: weekdayOf(day), holiday, score, because: liked.because })
    }
  }
  return choices
}

function costOf(
  at: number,
  stretch: Stretch,
  labels: readonly string[],
  rules: PlaceRules,
  taken: TakenInOrder,
  limits: Limits,
): number {
  // By the window's start: the hash's minute must not decide between windows.
  const waiting = (cost.waiting * Math.max(0, stretch.start - limits.earliest)) / dayMs
  const day = dayAround(at, rules.zone)
  const sameDay = cost.sameDay * countBetween(taken, day.start, day.end)
  const gap = rules.gapMinutes * minuteMs
  const close = gap > 0 ? cost.close * Math.max(0, 2 - nearest(taken, at) / gap) : 0
  const next = firstFrom(taken, at)
  const shares = (slot: Taken | undefined) => slot?.labels.some((label) => labels.includes(label)) ?? false
  const sameLabel =
    labels.length > 0 && (shares(taken.slots[next]) || shares(taken.slots[next - 1])) ? cost.sameLabel : 0
  return waiting + sameDay + close + sameLabel
}

/** What the channel has on that day already. */
function busyness(at: number, rules: PlaceRules, taken: TakenInOrder): number {
  const day = dayAround(at, rules.zone)
  return countBetween(taken, day.start, day.end)
}

function explainEvergreen(choice: Choice, rules: PlaceRules, taken: TakenInOrder): string {
  const others = busyness(choice.at, rules, taken)
  const day = others === 0 ? 'nothing else is planned that day' : 'the emptiest of the next days'
  return `${choice.stretch.window.name}, ${dayName(choice.weekday)}${holidayWords(choice)}: an empty window, ${day}`
}

function holidayWords({ holiday }: Choice): string {
  return holiday === null ? '' : ` (a holiday: ${holiday}, so weekend windows)`
}

function explain(choice: Choice, rules: PlaceRules, soonest: boolean, late: boolean): string {
  const why =
    choice.because ??
    (late ? 'the weeks before are full' : soonest ? 'the next free window' : 'better spread than an earlier window')
  const alone = rules.gapMinutes > 0 ? `, nothing else within ${sayMinutes(rules.gapMinutes)}` : ''
  return `${choice.stretch.window.name}, ${dayName(choice.weekday)}${holidayWords(choice)}: ${why}${alone}`
}

function whyNone(rules: PlaceRules, limits: Limits, unfit: ReadonlyMap<Unfit, number>): string {
  if (rules.windows.length === 0)
    return 'This channel has no windows. Add one under Group, Windows, or choose an exact time.'
  const causes: readonly [Unfit, string][] = [
    ['taken', 'taken'],
    ['cap', `on a full day (${sayPosts(rules.dailyCap)} a day)`],
    ['gap', `too close to another post (the gap is ${sayMinutes(rules.gapMinutes)})`],
    ['quiet', `in the quiet hours (${rules.quiet?.start} to ${rules.quiet?.end})`],
    ['silence', 'in a silence'],
  ]
  const said = causes.flatMap(([kind, text]) => (unfit.has(kind) ? [`${unfit.get(kind)} ${text}`] : []))
  if (limits.latest < Infinity) {
    const none = said.length > 0 ? `the windows until then are: ${said.join(', ')}` : 'no window begins until then'
    return (
      `No window is free before ${sayTime(utc(limits.latest), rules.zone)}, when it stops being useful: ${none}. ` +
      'Let it be useful for longer, or choose an exact time.'
    )
  }
  return (
    `No window is free in the next ${allDays} days: ${said.join(', ') || 'there is none on any day'}. ` +
    'Add a window, loosen the channel’s limits, or choose an exact time.'
  )
}

function placed(instant: number, rules: PlaceRules, stretch: Stretch | null, reasons: string[]): Placed {
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

/** `3 hours`, `an hour`, `90 minutes`. */
function sayMinutes(minutes: number): string {
  if (minutes === 1) return 'a minute'
  if (minutes === 60) return 'an hour'
  return minutes > 0 && minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`
}

function sayPosts(count: number): string {
  return count === 1 ? 'one post' : `${count} posts`
}
