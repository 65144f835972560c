import { IANAZone } from 'luxon'

/**
 * Whether this names a zone of the IANA database, such as "Europe/London" or "UTC".
 * Fixed offsets ("+01:00", "EST") are refused: they know nothing of summer time, and posts would drift by an hour.
 */
export function isTimeZone(name: string): boolean {
  return (name === 'UTC' || /^[A-Za-z_]+\/[A-Za-z0-9_+/-]+$/.test(name)) && IANAZone.isValidZone(name)
}
