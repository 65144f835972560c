import { DateTime } from 'luxon'

import { defaultWindows, type Window } from '../../src/channels/window.js'
import { chance } from '../../src/scheduler/chance.js'
import type { Placement, PlaceRequest, PlaceWish } from '../../src/scheduler/placement.js'
import { place } from '../../src/scheduler/plan.js'
import type { PlaceRules, Taken } from '../../src/scheduler/slot.js'

/**
 * Random queues, and the laws that every one of them keeps. The laws are counted with luxon alone,
 * not with the scheduler's own arithmetic.
 */

export const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca']

export interface Tally {
  readonly queues: number
  placed: number
  refused: number
  /** Slots on a day on which the clock changes. */
  onChangeDays: number
  violations: string[]
}

/** Numbers from 0 to 1 that depend on the seed alone. */
function dice(seed: string): () => number {
  let count = 0
  return () => chance(`${seed}:${(count += 1)}`) / 0x1_0000_0000
}

const changeDays: Readonly<Record<string, readonly string[]>> = {
  'Europe/London': ['2026-03-29', '2026-10-25'],
  'America/New_York': ['2026-03-08', '2026-11-01'],
  'Australia/Lord_Howe': ['2026-04-05', '2026-10-04'],
  'Asia/Kolkata': ['2026-06-01'],
  'Africa/Casablanca': ['2026-02-15', '2026-03-22'],
}

const nightly: Window[] = [
  { days: [1, 2, 3, 4, 5, 6, 7], start: '00:10', end: '01:40', name: 'midnight' },
  { days: [1, 2, 3, 4, 5, 6, 7], start: '01:40', end: '02:20', name: 'small hours' },
  { days: [1, 2, 3, 4, 5, 6, 7], start: '02:20', end: '05:00', name: 'before dawn' },
  { days: [6, 7], start: '22:00', end: '24:00', name: 'late' },
]

/** Plays `count` queues of up to 16 wishes each and counts what broke a law. */
export function playQueues(count: number, first = 0): Tally {
  const tally: Tally = { queues: count, placed: 0, refused: 0, onChangeDays: 0, violations: [] }
  for (let seed = first; seed < first + count; seed += 1) playQueue(seed, tally)
  return tally
}

function playQueue(seed: number, tally: Tally): void {
  const roll = dice(`queue ${seed}`)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)]!
  const zone = zones[seed % zones.length]!
  // Most queues start in the week before a clock change.
  const anchor = DateTime.fromISO(`${pick(changeDays[zone]!)}T00:00`, { zone })
  let now = anchor
    .minus({ days: roll() * 6 })
    .plus({ minutes: Math.floor(roll() * 1440) })
    .toUTC()
  const rules: PlaceRules = {
    zone,
    windows: pick([defaultWindows(), nightly, [...defaultWindows(), ...nightly], defaultWindows().slice(0, 2)]),
    gapMinutes: pick([0, 30, 90, 180, 1440]),
    dailyCap: pick([1, 2, 3, 4]),
    quiet: pick([
      null,
      { start: '21:30', end: '07:00' },
      { start: '02:00', end: '03:00' },
      { start: '12:30', end: '13:15' },
    ]),
    leadMinutes: pick([0, 10, 60, 1440]),
    silences: [
      ...(roll() < 0.3
        ? [{ from: anchor.minus({ hours: 8 }), until: anchor.plus({ hours: 9, minutes: 3 }), name: 'election' }]
        : []),
      ...(roll() < 0.2 ? randomSilences(roll, now) : []),
    ],
    holidays: roll() < 0.3 ? randomHolidays(roll, now, zone) : undefined,
    score:
      roll() < 0.3
        ? (window, day) => ({ score: chance(`${window.name}${day > 5}${seed}`) / 0x8_0000_0000, because: null })
        : undefined,
  }
  const taken: Taken[] = []
  const length = 1 + Math.floor(roll() * 16)
  for (let number = 0; number < length; number += 1) {
    const request: PlaceRequest = {
      postId: `post-${seed}-${number}`,
      channelId: 'channel',
      wish: wishOf(roll, now, zone),
      notBefore: roll() < 0.2 ? now.plus({ hours: roll() * 200 }) : undefined,
      uselessAfter: roll() < 0.2 ? now.plus({ hours: roll() * 400 }) : undefined,
      labels: roll() < 0.5 ? [pick(['climate', 'housing', 'rail'])] : [],
    }
    const before = JSON.stringify(taken)
    const placement = place(request, rules, taken, now)
    const say = (law: string) =>
      tally.violations.push(`queue ${seed}, post ${number}: ${law} (${JSON.stringify(placement)})`)
    if (JSON.stringify(taken) !== before) say('placing one moved another')
    if (roll() < 0.2) {
      const again = place(request, rules, [...taken].reverse(), now)
      if (JSON.stringify(again) !== JSON.stringify(placement)) say('the same input gave another slot')
    }
    if (placement.kind === 'no-slot') {
      tally.refused += 1
      if (!/^[A-Z0-9“].*\.$/.test(placement.reason)) say('a refusal is no sentence')
    } else {
      tally.placed += 1
      for (const law of brokenLaws(placement, request, rules, taken, now)) say(law)
      const local = placement.at.setZone(zone).startOf('day')
      if (local.offset !== local.plus({ days: 1 }).offset) tally.onChangeDays += 1
      // As the database would hand it back: in any order.
      const slot = { at: placement.at, windowName: placement.windowName, labels: request.labels }
      if (roll() < 0.5) taken.push(slot)
      else taken.unshift(slot)
    }
    if (roll() < 0.2) now = now.plus({ minutes: Math.floor(roll() * 600) })
  }
}

/** Some that follow or overlap each other, and end at odd seconds. */
function randomSilences(roll: () => number, now: DateTime): PlaceRules['silences'] {
  return Array.from({ length: 1 + Math.floor(roll() * 4) }, (_, number) => {
    const from = now.plus({ seconds: Math.floor(roll() * 2_000_000) })
    return { from, until: from.plus({ seconds: 1 + Math.floor(roll() * 400_000) }), name: `silence ${number}` }
  })
}

function randomHolidays(roll: () => number, now: DateTime, zone: string): Map<number, string> {
  const today = now.setZone(zone).startOf('day').setZone('utc', { keepLocalTime: true }).toMillis() / 86_400_000
  return new Map(Array.from({ length: 4 }, () => [today + Math.floor(roll() * 12), 'Saint Nobody']))
}

function wishOf(roll: () => number, now: DateTime, zone: string): PlaceWish {
  const kind = roll()
  if (kind < 0.6) return { kind: 'queue' }
  if (kind < 0.7) return { kind: 'evergreen' }
  if (kind < 0.85) return { kind: 'as-soon-as-approved' }
  const at = now.plus({ minutes: Math.floor(roll() * 14_400) }).setZone(zone)
  return {
    kind: 'exact',
    at: at.toFormat("yyyy-MM-dd'T'HH:mm"),
    reason: roll() < 0.5 ? 'the minister speaks then' : undefined,
  }
}

/** The laws that a slot breaks; none, one hopes. */
export function brokenLaws(
  placement: Extract<Placement, { kind: 'placed' }>,
  request: PlaceRequest,
  rules: PlaceRules,
  taken: readonly Taken[],
  now: DateTime,
): string[] {
  const laws: string[] = []
  const must = (holds: boolean, law: string) => {
    if (!holds) laws.push(law)
  }
  const at = placement.at.toMillis()
  const local = placement.at.setZone(rules.zone)
  const exact = request.wish.kind === 'exact'

  must(at % 60_000 === 0, 'a slot is a whole minute')
  must(at >= now.plus({ minutes: rules.leadMinutes }).toMillis(), 'reviewers get their time')
  must(request.notBefore === undefined || at >= request.notBefore.toMillis(), 'not before')
  must(request.uselessAfter === undefined || at < request.uselessAfter.toMillis(), 'not when it is useless')
  must(
    rules.silences.every((each) => at < each.from.toMillis() || at >= each.until.toMillis()),
    'silence never breaks',
  )
  must(local.toFormat("yyyy-MM-dd'T'HH:mm") === placement.wall, 'the wall time is that of the instant')
  const hourBefore = placement.at.minus({ hours: 1 }).setZone(rules.zone)
  must(hourBefore.toFormat('HH:mm') !== local.toFormat('HH:mm'), 'of a time that comes twice the first is meant')

  const distances = taken.map((slot) => Math.abs(slot.at.toMillis() - at))
  const keepsGap = distances.every((distance) => distance >= rules.gapMinutes * 60_000)
  const keepsCap =
    taken.filter((slot) => slot.at.setZone(rules.zone).toISODate() === local.toISODate()).length < rules.dailyCap
  const wall = local.toFormat('HH:mm')
  const { quiet } = rules
  const inQuiet =
    quiet !== null &&
    (quiet.start < quiet.end ? wall >= quiet.start && wall < quiet.end : wall >= quiet.start || wall < quiet.end)
  for (const [rule, keeps] of [
    ['gap', keepsGap],
    ['cap', keepsCap],
    ['quiet', !inQuiet],
  ] as const) {
    must(keeps !== placement.broken.includes(rule), `${rule}: kept, or said to be broken`)
    must(keeps || exact, `${rule} is kept`)
  }
  must(
    placement.broken.length === 0 || (request.wish.kind === 'exact' && !!request.wish.reason),
    'what breaks a rule has a reason',
  )

  if (request.wish.kind === 'queue' || request.wish.kind === 'evergreen') {
    must(local.minute % 15 !== 0, 'never at a quarter of an hour')
    const holiday = rules.holidays?.get(
      local.startOf('day').setZone('utc', { keepLocalTime: true }).toMillis() / 86_400_000,
    )
    const weekday = holiday === undefined ? local.weekday : 7
    const window = rules.windows.find((each) => each.name === placement.windowName && each.days.includes(weekday))
    must(
      (holiday !== undefined) === placement.reasons.some((each) => each.includes('a holiday: Saint Nobody')),
      'a holiday is said to be one',
    )
    must(window !== undefined, 'a queued post is in a window of its channel')
    if (window !== undefined) {
      const end = window.end === '24:00' ? '24:00' : window.end
      const inside = wall >= window.start && wall < end
      // A time that the clock skipped comes later, so it may lie outside by the length of the jump.
      const changes = local.startOf('day').offset !== local.endOf('day').offset
      must(inside || changes, 'inside its window')
      must(
        !taken.some(
          (slot) => slot.windowName === window.name && slot.at.setZone(rules.zone).toISODate() === local.toISODate(),
        ),
        'one post a window',
      )
    }
    must(placement.windowEnds !== null && placement.windowEnds.toMillis() > at, 'before its window ends')
  }
  if (request.wish.kind === 'evergreen') {
    must(placement.at >= now.plus({ days: 3 }), 'what is always good leaves the next days to what is new')
  }
  if (request.wish.kind === 'exact') must(placement.windowName === null, 'an exact time is no window')
  return laws
}
