import { DateTime } from 'luxon'

/** How many days before the end somebody is reminded. */
export const reminderDays = [14, 2] as const

/** The present day on the clocks of a zone, as `YYYY-MM-DD`. */
export function dayIn(timeZone: string, now: DateTime): string {
  return now.setZone(timeZone).toFormat('yyyy-MM-dd')
}

/** Whether this is a day of the calendar, written as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid
}

/** Days from one day to another; negative when the other was before. */
export function daysBetween(from: string, to: string): number {
  return Math.round(utc(to).diff(utc(from), 'days').days)
}

/** A role is held through its last day, and ends when the next one starts. */
export function isOver(endsOn: string, today: string): boolean {
  return daysBetween(endsOn, today) > 0
}

/**
 * The reminder to send today, by its days before the end, or null. One that was due before the date was set is not made
 * up for, nor is any sent twice: whoever was away gets the nearest one only.
 */
export function reminderDue(end: {
  readonly endsOn: string
  readonly setOn: string
  readonly reminded: number | null
  readonly today: string
}): number | null {
  const left = daysBetween(end.today, end.endsOn)
  if (left < 0) return null
  const nearest = reminderDays.filter((days) => left <= days).at(-1)
  if (nearest === undefined || daysBetween(end.setOn, end.endsOn) < nearest) return null
  return end.reminded !== null && end.reminded <= nearest ? null : nearest
}

/** "Friday 4 December 2026". */
export function dayInWords(day: string): string {
  return utc(day).setLocale('en-GB').toFormat('cccc d LLLL yyyy')
}

function utc(day: string): DateTime {
  return DateTime.fromISO(day, { zone: 'utc' })
}
