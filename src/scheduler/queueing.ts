import { dayName } from '../channels/window.js'
import { sayMinutes, sayPosts } from './amounts.js'
import { placed, type Placement, type PlaceRequest } from './placement.js'
import {
  countBetween,
  dayAround,
  firstFrom,
  minuteIn,
  nearest,
  type Limits,
  type PlaceRules,
  type Taken,
  type TakenInOrder,
  type Unfit,
} from './slot.js'
import { dayMs, localOf, minuteMs, sayTime, utc, weekdayOf } from './wall-time.js'
import { stretchesOn, weekdayFor, type Stretch } from './window.js'

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

/** Windows of the first days compete by score; only if none is free, those of the rest do. */
const firstDays = 7
const allDays = 28

interface Choice {
  readonly at: number
  readonly stretch: Stretch
  readonly weekday: number
  /** The public holiday's name. */
  readonly holiday: string | null
  readonly score: number
  readonly because: string | null
}

/** The windows that have a minute free, the best first; never empty. */
export function* queue(
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
