import { t } from '../language/i18n.js'

const locale = 'en-GB'
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

/** "in 3 hours", "yesterday"; both in milliseconds or ISO. */
export function relative(instant: string, now: number): string {
  const away = Date.parse(instant) - now
  for (const [unit, length] of steps) {
    if (Math.abs(away) >= length * (unit === 'minute' ? 1 : 1.5)) return words.format(Math.round(away / length), unit)
  }
  return t('app.justNow')
}

/** "Tue 24 Nov, 17:22" in a group's zone. */
export function moment(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(instant))
}

/** A wall time `YYYY-MM-DDTHH:mm` in words; it needs no zone, it is the group's own. */
export function wallTime(wall: string): string {
  return moment(`${wall}:00Z`, 'UTC')
}

/** `YYYY-MM-DDTHH:mm` on the group's clocks at an instant in milliseconds. */
export function wallAt(instant: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(instant))
  return parts.replace(' ', 'T')
}

/** "Tuesday 24 November" for `YYYY-MM-DD`. */
export function longDate(date: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${date}T12:00:00Z`),
  )
}

/** The date so many days later, `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
