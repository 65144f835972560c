import type { DateTime } from 'luxon'

/** How many days before a person has to agree again the admins are reminded. */
export const reminderDays = [14, 7, 2] as const

/** The reminder whose time has come last, by its days; null before the first, and after the end. */
export function stageOf(consentUntil: DateTime, now: DateTime): number | null {
  if (consentUntil <= now) return null
  return reminderDays.filter((days) => now >= consentUntil.minus({ days })).at(-1) ?? null
}

/**
 * The reminder to send now, or null. None is sent twice, and whoever was away gets the nearest one only.
 * @param reminded the last one that was sent, or whose time was over when somebody agreed
 */
export function reminderDue(consentUntil: DateTime, reminded: number | null, now: DateTime): number | null {
  const stage = stageOf(consentUntil, now)
  return stage === null || (reminded !== null && reminded <= stage) ? null : stage
}

const longestMinutes = 6 * 60

/**
 * Minutes until the next try after this many in a row have failed: soon at first, since a token may have only minutes
 * left, and then ever more seldom.
 */
export function minutesUntilNextTry(failed: number): number {
  return Math.min(2 ** Math.min(failed, 16), longestMinutes)
}
