import type { DateTime } from 'luxon'

/** "Tuesday 24 November, 17:22 (Europe/London)": always with the zone, because readers may be elsewhere. */
export function spokenTime(instant: DateTime, zone: string): string {
  return `${spokenShort(instant, zone)} (${zone})`
}

/** "Tuesday 24 November, 17:22", where the zone stands beside it already. */
export function spokenShort(instant: DateTime, zone: string): string {
  return instant.setZone(zone).setLocale('en-GB').toFormat('cccc d LLLL, HH:mm')
}
