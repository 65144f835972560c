import { DateTime } from 'luxon'

/** The moment that `Retry-After` names, in seconds or as a date (RFC 9110, 10.2.3); null when it names none ahead. */
export function retryAfter(headers: Headers, now: DateTime): DateTime | null {
  const said = headers.get('retry-after')
  if (said === null) return null
  const at = /^\d+$/.test(said) ? now.plus({ seconds: Number(said) }) : DateTime.fromHTTP(said, { zone: 'utc' })
  return at.isValid && at > now ? at : null
}

/** Whole seconds from now until then, at least 1: for outcomes that count so. */
export function secondsUntil(then: DateTime, now: DateTime): number {
  return Math.max(1, Math.ceil(then.diff(now).as('seconds')))
}
