import type { DateTime } from 'luxon'

import { sayMinutes, sayPosts } from './amounts.js'
import type { Placement } from './placement.js'
import { brokenAt, nearest, silenceAt, type Broken, type Limits, type PlaceRules, type TakenInOrder } from './slot.js'
import { dayMs, instantOf, minuteMs, sayTime, utc, wallOf } from './wall-time.js'

/** An exact time further away is a slip of the year more often than a plan. */
const furthestDays = 366

/** The time that was asked for, or why it cannot be. Rules that it breaks need a reason; a silence never breaks. */
export function placeExactly(
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
