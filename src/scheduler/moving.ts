import type { DateTime } from 'luxon'

import { dayName } from '../channels/window.js'
import type { Timing } from '../drafts/envelope.js'
import type { Placement, PlaceRequest } from './placement.js'
import { place } from './plan.js'
import { inOrder, minuteIn, type Holidays, type PlaceRules, type Taken, type Unfit } from './slot.js'
import { dateOf, dayMs, instantOf, localOfWall, minuteMs, sayTime, utc, wallOf, weekdayOf } from './wall-time.js'
import { stretchesOn, windowsOn } from './window.js'

/** What moving a publication does to the approval of its post. */
export type Consequence = 'stays' | 'asks-again'

/** Whether a time on a channel is inside what a version says about its time: then no reviewer has to look again. */
export function isInside(at: DateTime, channelId: string, timing: Timing, holidays?: Holidays): boolean {
  const { zone } = timing
  const own = timing.own?.[channelId]
  if (own) return isNear(at, own, zone)
  switch (timing.kind) {
    case 'exact':
      return isNear(at, timing, zone)
    case 'queue':
      return windowsOn(dateOf(at, zone), timing.windows[channelId] ?? [], zone, holidays).some(
        ({ start, end }) => start <= at && at < end,
      )
    case 'as_soon_as_approved':
      return false
  }
}

function isNear(at: DateTime, agreed: { wall: string; toleranceMinutes: number }, zone: string): boolean {
  const away = Math.abs(at.toMillis() - instantOf(agreed.wall, zone).toMillis())
  return away <= agreed.toleranceMinutes * minuteMs
}

/** What a move does to the approval, as a sentence that is said before it is done. */
export function consequenceWords(consequence: Consequence, approved: boolean): string {
  if (consequence === 'stays') {
    return approved
      ? 'This is inside what was approved: the approval stays.'
      : 'This is inside what the reviewers were shown: nobody is asked again.'
  }
  return approved
    ? 'This is outside what was approved: the reviewers are asked again, about the time only. It does not go out before they agree.'
    : 'This is outside what the reviewers were shown: they are asked again, about the time only. Answers that were given already do not count for it.'
}

/**
 * A time that a person chose. Inside a window it counts as that window's post; a broken gap, cap or quiet hour, and a
 * window that has a post already, need a reason; a silence never breaks.
 */
export function placeAt(
  wanted: { readonly at: string; readonly reason?: string },
  request: PlaceRequest,
  rules: PlaceRules,
  taken: readonly Taken[],
  now: DateTime,
): Placement {
  const placement = place({ ...request, wish: { kind: 'exact', ...wanted } }, rules, taken, now)
  if (placement.kind === 'no-slot') return placement
  const { at, zone } = placement
  const on = windowsOn(dateOf(at, zone), rules.windows, zone, rules.holidays).find(
    ({ start, end }) => start <= at && at < end,
  )
  if (!on) return placement
  const day = dayName(weekdayOf(Math.floor(localOfWall(placement.wall) / dayMs)))
  const said = `${on.window.name}, ${day}`
  if (taken.some((slot) => slot.at >= on.start && slot.at < on.end)) {
    if (!wanted.reason?.trim()) {
      return {
        kind: 'no-slot',
        reason: `This channel has a post in this window already (${said}). Give a reason to go ahead all the same, or choose another time.`,
      }
    }
    return { ...placement, reasons: [...placement.reasons, `beside another post in ${said}`] }
  }
  const reasons = [`${said}: the time that was chosen`, ...placement.reasons.slice(1)]
  return { ...placement, windowName: on.window.name, windowEnds: on.end, reasons }
}

/**
 * A slot in one window on one day, when it has room for the post.
 * @param date `YYYY-MM-DD`
 * @param start the window's, `HH:MM`
 */
export function placeInWindow(
  date: string,
  start: string,
  request: PlaceRequest,
  rules: PlaceRules,
  taken: readonly Taken[],
  now: DateTime,
): Placement {
  const day = Math.floor(localOfWall(date) / dayMs)
  const stretch = stretchesOn(day, rules.windows, rules.zone, rules.holidays).find(
    ({ window }) => window.start === start,
  )
  if (!stretch) {
    return {
      kind: 'no-slot',
      reason: `This channel has no window at ${start} on ${dayName(weekdayOf(day))}. Choose another, or an exact time.`,
    }
  }
  const said = `${stretch.window.name}, ${sayTime(utc(stretch.start), rules.zone).slice(0, -7)}`
  const earliest = Math.max(now.toMillis() + rules.leadMinutes * minuteMs, request.notBefore?.toMillis() ?? -Infinity)
  const latest = request.uselessAfter?.toMillis() ?? Infinity
  const instant = minuteIn(stretch, day, request.postId, rules, inOrder(taken), { earliest, latest })
  if (typeof instant === 'string') return { kind: 'no-slot', reason: `${said}: ${unfitWords(instant)}` }
  const at = utc(instant)
  return {
    kind: 'placed',
    at,
    wall: wallOf(at, rules.zone),
    zone: rules.zone,
    windowName: stretch.window.name,
    windowEnds: utc(stretch.end),
    reasons: [`${stretch.window.name}, ${dayName(weekdayOf(day))}: the window that was chosen`],
    broken: [],
  }
}

/** Why a window has no room, as a sentence without its subject. */
export function unfitWords(unfit: Unfit): string {
  const words: { readonly [Why in Unfit]: string } = {
    taken: 'this channel has a post in it already. Choose another window, or an exact time and a reason.',
    gap: 'no minute keeps the gap to the other posts of this channel. Choose another window, or an exact time and a reason.',
    cap: 'the day is full on this channel. Choose another day, or an exact time and a reason.',
    quiet: 'it lies in the quiet hours of this channel. Choose another window, or an exact time and a reason.',
    silence: 'there is a silence. Choose a window after it.',
    time: 'it is over, or leaves too little time before. Choose a later window.',
  }
  return words[unfit]
}
