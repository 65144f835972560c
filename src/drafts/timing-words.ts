import { DateTime } from 'luxon'

import { dayName } from '../channels/window.js'
import type { ApprovedWindow, Timing } from './envelope.js'

/** When a version may go out, as it was approved: "Tuesday 24 November, 17:20 (Europe/London)", "In one of the windows". */
export function timingWords(timing: Timing): string {
  const { notBefore } = timing
  return notBefore === undefined
    ? timesWords(timing)
    : `${timesWords(timing)}, not before ${wallWords(notBefore, timing.zone)}`
}

function timesWords(timing: Timing): string {
  const own = Object.values(timing.own ?? {}).map(({ wall }) => wall)
  if (own.length === 0) return allWords(timing)
  const times = own.sort().map((wall) => wallWords(wall, timing.zone))
  return `${allWords(timing)}; on ${own.length === 1 ? 'one channel' : `${own.length} channels`} ${times.join(' and ')}`
}

function allWords(timing: Timing): string {
  switch (timing.kind) {
    case 'exact':
      return wallWords(timing.wall, timing.zone)
    case 'queue':
      return timing.evergreen ? 'In an empty window, at most every 60 days' : 'In one of the windows'
    case 'as_soon_as_approved':
      return 'As soon as it is approved'
  }
}

function wallWords(wallTime: string, zone: string): string {
  // Wall time read as UTC: which instant it is does not matter for saying it.
  const wall = DateTime.fromISO(wallTime, { zone: 'utc' })
  return `${wall.isValid ? wall.setLocale('en-GB').toFormat('cccc d LLLL, HH:mm') : wallTime} (${zone})`
}

/** "after work, 17:00–19:00 on Monday to Friday". */
export function windowWords({ name, start, end, days }: ApprovedWindow): string {
  return `${name}, ${start}–${end} on ${daysInWords(days)}`
}

function daysInWords(given: readonly number[]): string {
  const days = [...new Set(given)].sort((a, b) => a - b)
  const first = days[0] ?? 0
  const last = days.at(-1) ?? 0
  if (days.length > 2 && last - first === days.length - 1) return `${dayName(first)} to ${dayName(last)}`
  const names = days.map(dayName)
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'no day')
}
