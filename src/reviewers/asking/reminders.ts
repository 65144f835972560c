import type { DateTime } from 'luxon'

/** Wall times of the group, HH:MM, between which reminders may come. */
export interface WakingHours {
  readonly wakingFrom: string
  readonly wakingUntil: string
  /** IANA name. */
  readonly zone: string
}

/** What is known of a request, or of all requests for one version. */
export interface Waiting {
  readonly askedAt: DateTime
  /** Null when it goes out as soon as it is approved. */
  readonly slot: DateTime | null
  /** Until when an answer counts for the slot. */
  readonly answerBy: DateTime
}

/** When a reviewer is reminded, and when others are asked. Null: not at all. */
export interface ReminderTimes {
  readonly half: DateTime | null
  readonly last: DateTime | null
  readonly escalate: DateTime | null
}

/** Nobody is reminded of what they were asked less than this many minutes ago. */
const peaceMinutes = 30
/** A last reminder leaves at least this long to answer. */
const leastToAnswer = 30
/** Others are asked this long after the last reminder. */
const patienceMinutes = 15
/** What has no slot is not urgent: a reminder after a day, others after two. */
const withoutSlotHours = 24

/**
 * Half of the time is over, then an hour before the slot, then others are asked: all of it inside the waking hours.
 * What would come at night comes later if it can wait (half-time), and else on the evening before (the last).
 */
export function reminderTimes({ askedAt, slot, answerBy }: Waiting, waking: WakingHours): ReminderTimes {
  if (slot === null) {
    const half = laterAwake(askedAt.plus({ hours: withoutSlotHours }), waking)
    return { half, last: null, escalate: laterAwake(half.plus({ hours: withoutSlotHours }), waking) }
  }
  const hourBefore = slot.minus({ hours: 1 })
  const enough = answerBy.minus({ minutes: leastToAnswer })
  const earliest = askedAt.plus({ minutes: peaceMinutes })
  const lastAwake = earlierAwake(hourBefore < enough ? hourBefore : enough, waking)
  const last = lastAwake < earliest ? null : lastAwake
  const middle = laterAwake(midway(askedAt, answerBy), waking)
  const half = last !== null && middle >= earliest && middle <= last.minus({ hours: 1 }) ? middle : null
  return { half, last, escalate: escalation(askedAt, answerBy, last, waking) }
}

function escalation(
  askedAt: DateTime,
  answerBy: DateTime,
  last: DateTime | null,
  waking: WakingHours,
): DateTime | null {
  // Too short for a reminder: others are asked when half of the time is over.
  const at = last === null ? midway(askedAt, answerBy) : last.plus({ minutes: patienceMinutes })
  if (isAwake(at, waking)) return at
  return last
}

/** Whether people of the group may be reminded now. */
export function isAwake(instant: DateTime, { wakingFrom, wakingUntil, zone }: WakingHours): boolean {
  const wall = instant.setZone(zone).toFormat('HH:mm')
  return wall >= wakingFrom && wall < wakingUntil
}

function laterAwake(instant: DateTime, waking: WakingHours): DateTime {
  if (isAwake(instant, waking)) return instant
  const local = instant.setZone(waking.zone)
  const day = local.toFormat('HH:mm') < waking.wakingFrom ? local : local.plus({ days: 1 })
  return at(day, waking.wakingFrom).toUTC()
}

/** Half an hour before the waking hours end, so that there is time to answer. */
function earlierAwake(instant: DateTime, waking: WakingHours): DateTime {
  if (isAwake(instant, waking)) return instant
  const local = instant.setZone(waking.zone)
  const day = local.toFormat('HH:mm') < waking.wakingFrom ? local.minus({ days: 1 }) : local
  return at(day, waking.wakingUntil).minus({ minutes: leastToAnswer }).toUTC()
}

function at(day: DateTime, wall: string): DateTime {
  const [hour = '0', minute = '0'] = wall.split(':')
  return day.set({ hour: Number(hour), minute: Number(minute), second: 0, millisecond: 0 })
}

function midway(from: DateTime, to: DateTime): DateTime {
  return from.plus({ milliseconds: Math.round(to.diff(from).as('milliseconds') / 2) })
}
