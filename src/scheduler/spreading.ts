import type { DateTime } from 'luxon'

import { dayName } from '../channels/window.js'
import type { Placed } from './placement.js'
import { brokenAt, inOrder, minuteIn, silenceAt, type PlaceRules, type Taken } from './slot.js'
import { dayMs, localOfWall, minuteMs, utc, wallOf, weekdayOf } from './wall-time.js'
import { stretchesOn, type Stretch } from './window.js'

/** A planned post of the day that may be put into another of its windows. */
export interface Spreadable {
  readonly id: string
  readonly postId: string
  readonly at: DateTime
  readonly windowName: string | null
  readonly labels: readonly string[]
  /** Where it may be moved to: not before. */
  readonly earliest: DateTime
  /** Before this, when it would be of no use later. */
  readonly latest: DateTime | null
  /** Whether reviewers agreed to a time. */
  readonly agreed: (at: DateTime) => boolean
}

export interface SpreadMove {
  readonly id: string
  readonly from: DateTime
  readonly to: Placed
}

/** A post goes elsewhere only where that is clearly better, so that a well spread day stays as it is. */
const worthIt = 0.95

interface Standing {
  readonly post: Spreadable
  readonly at: number
  readonly stretch: Stretch | null
}

/**
 * Spreads the posts of one channel over one day's windows: one after the other each goes to the window that makes the day
 * most even, until no move makes it clearly more so. What breaks a rule where it is (a window that was taken away, a
 * silence that came) goes first. Gap, cap, quiet hours, silences and one post a window are kept; what is fixed stays.
 * Spreading what was spread changes nothing.
 * @param date `YYYY-MM-DD`
 * @param fixed slots of the channel that stay, of this day and those beside it
 */
export function spreadDay(
  date: string,
  movable: readonly Spreadable[],
  fixed: readonly Taken[],
  rules: PlaceRules,
): SpreadMove[] {
  const day = Math.floor(localOfWall(date) / dayMs)
  const stretches = stretchesOn(day, rules.windows, rules.zone)
  const around = (at: number) => stretches.find((each) => each.start <= at && at < each.end) ?? null
  let standings: Standing[] = [...movable]
    .sort((one, other) => one.at.toMillis() - other.at.toMillis() || (one.id < other.id ? -1 : 1))
    .map((post) => ({ post, at: post.at.toMillis(), stretch: around(post.at.toMillis()) }))

  // Each round is strictly better than the one before, so this ends; the number is a net.
  for (let round = 0; round < 100; round += 1) {
    const before = worth(standings, fixed, rules)
    let best: { standings: Standing[]; worth: Worth } | null = null
    for (const [index, { post, stretch: old }] of standings.entries()) {
      const taken = [...fixed, ...standings.filter((_, other) => other !== index).map(takenBy)]
      for (const stretch of stretches) {
        if (stretch === old && standings[index]!.at >= stretch.start) continue
        const limits = { earliest: post.earliest.toMillis(), latest: post.latest?.toMillis() ?? Infinity }
        const at = minuteIn(stretch, day, post.postId, rules, inOrder(taken), limits)
        if (typeof at === 'string' || !post.agreed(utc(at))) continue
        const next = standings.with(index, { post, at, stretch })
        const now = worth(next, fixed, rules)
        if (isBetter(now, before, worthIt) && (best === null || isBetter(now, best.worth, 1))) {
          best = { standings: next, worth: now }
        }
      }
    }
    if (best === null) break
    standings = best.standings
  }
  return standings.flatMap(({ post, at, stretch }) =>
    stretch === null || at === post.at.toMillis()
      ? []
      : [{ id: post.id, from: post.at, to: placed(at, stretch, day, rules) }],
  )
}

interface Worth {
  /** Posts that break a rule where they are. */
  readonly broken: number
  /** How crowded: each two slots push the more, the nearer they are. */
  readonly crowding: number
}

function worth(standings: readonly Standing[], fixed: readonly Taken[], rules: PlaceRules): Worth {
  let broken = 0
  for (const [index, { post, at, stretch }] of standings.entries()) {
    const others = [...fixed, ...standings.filter((_, other) => other !== index).map(takenBy)]
    const shared = stretch !== null && others.some((each) => isIn(stretch, each.at.toMillis()))
    const bad =
      stretch === null ||
      shared ||
      silenceAt(at, rules.silences) !== null ||
      brokenAt(at, rules, inOrder(others)).length > 0 ||
      !post.agreed(utc(at))
    if (bad) broken += 1
  }
  const times = standings.map(({ at }) => at)
  const all = [...times, ...fixed.map((each) => each.at.toMillis())]
  let crowding = 0
  for (const [index, at] of times.entries()) {
    for (const [other, neighbour] of all.entries()) {
      if (other > index) crowding += minuteMs / Math.max(minuteMs, Math.abs(at - neighbour))
    }
  }
  return { broken, crowding }
}

function isBetter(one: Worth, other: Worth, margin: number): boolean {
  return one.broken < other.broken || (one.broken === other.broken && one.crowding < other.crowding * margin)
}

function isIn(stretch: Stretch, at: number): boolean {
  return stretch.start <= at && at < stretch.end
}

function takenBy({ post, at, stretch }: Standing): Taken {
  return { at: utc(at), windowName: stretch?.window.name ?? post.windowName, labels: post.labels }
}

function placed(at: number, stretch: Stretch, day: number, rules: PlaceRules): Placed {
  return {
    kind: 'placed',
    at: utc(at),
    wall: wallOf(utc(at), rules.zone),
    zone: rules.zone,
    windowName: stretch.window.name,
    windowEnds: utc(stretch.end),
    reasons: [`${stretch.window.name}, ${dayName(weekdayOf(day))}: the day was spread again`],
    broken: [],
  }
}
