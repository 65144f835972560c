import { DateTime } from 'luxon'

/** An ISO week (ISO 8601) such as `2026-W47`: Monday to Sunday, by the calendar of one time zone. */
export type Week = string

/** From the first instant of a week up to, not including, the first of the next. */
export interface Bounds {
  readonly start: DateTime
  readonly end: DateTime
}

/** The hour of Monday at which the week before is summed up. */
const summaryHour = 8

/** Whether the text names a week that exists: `2026-W53` does, `2025-W53` does not. */
export function isWeek(text: string): boolean {
  return /^\d{4}-W\d{2}$/.test(text) && mondayOf(text, 'utc').isValid
}

/** The week in which an instant lies for somebody in `zone`. */
export function weekOf(instant: DateTime, zone: string): Week {
  const local = instant.setZone(zone)
  return `${String(local.weekYear).padStart(4, '0')}-W${String(local.weekNumber).padStart(2, '0')}`
}

/** The instants (UTC) between which the week lies in `zone`. A week with a change of clocks is an hour shorter or longer. */
export function bounds(week: Week, zone: string): Bounds {
  const monday = mondayOf(week, zone)
  return { start: monday.toUTC(), end: monday.plus({ weeks: 1 }).startOf('day').toUTC() }
}

/** The week that is `weeks` after this one; before it when negative. */
export function weekAfter(week: Week, weeks = 1): Week {
  return weekOf(mondayOf(week, 'utc').plus({ weeks }), 'utc')
}

/** Monday and Sunday of the week, `YYYY-MM-DD`. */
export function datesOf(week: Week): { from: string; to: string } {
  const monday = mondayOf(week, 'utc')
  return { from: monday.toFormat('yyyy-MM-dd'), to: monday.plus({ days: 6 }).toFormat('yyyy-MM-dd') }
}

/** When the week's summary is due: 08:00 of the Monday after it, by the wall clock of `zone`. */
export function summaryTime(week: Week, zone: string): DateTime {
  return mondayOf(weekAfter(week), zone).set({ hour: summaryHour }).toUTC()
}

/** The newest week whose summary is due at `now`. */
export function lastDueWeek(now: DateTime, zone: string): Week {
  const before = weekAfter(weekOf(now, zone), -1)
  return summaryTime(before, zone) <= now ? before : weekAfter(before, -1)
}

/**
 * The weeks, oldest first, that have to be summed up at `now`: of the last `most` those that are not yet known and
 * not older than the week in which the group began.
 */
export function dueWeeks(now: DateTime, zone: string, began: DateTime, known: readonly Week[], most = 12): Week[] {
  const first = weekOf(began, zone)
  const newest = lastDueWeek(now, zone)
  return Array.from({ length: most }, (_, index) => weekAfter(newest, index + 1 - most)).filter(
    (week) => week >= first && !known.includes(week),
  )
}

/** "Week 47, 16 to 22 November 2026". */
export function spokenWeek(week: Week): string {
  const monday = mondayOf(week, 'utc').setLocale('en-GB')
  const sunday = monday.plus({ days: 6 })
  const format = monday.year !== sunday.year ? 'd LLLL yyyy' : monday.month !== sunday.month ? 'd LLLL' : 'd'
  return `Week ${monday.weekNumber}, ${monday.toFormat(format)} to ${sunday.toFormat('d LLLL yyyy')}`
}

function mondayOf(week: Week, zone: string): DateTime {
  const [year, number] = week.split('-W')
  return DateTime.fromObject({ weekYear: Number(year), weekNumber: Number(number), weekday: 1 }, { zone })
}
