import { DateTime } from 'luxon'

import { nightOf, readsWhole } from './night.js'

const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })

describe('the night of a check', () => {
  it('begins at three, by the group’s own clock', () => {
    expect(nightOf(at('2026-11-24T02:59:00Z'), 'Europe/London')).toBe('2026-11-23')
    expect(nightOf(at('2026-11-24T03:00:00Z'), 'Europe/London')).toBe('2026-11-24')
    expect(nightOf(at('2026-11-24T03:00:00Z'), 'America/New_York')).toBe('2026-11-23')
    expect(nightOf(at('2026-11-23T14:00:00Z'), 'Pacific/Auckland')).toBe('2026-11-24')
  })

  it('comes once a day, also when the clocks change', () => {
    for (const day of ['2026-03-29', '2026-10-25']) {
      const nights = Array.from({ length: 24 }, (_, hour) =>
        nightOf(at(`${day}T00:30:00Z`).plus({ hours: hour }), 'Europe/London'),
      )
      expect(nights).toEqual(nights.toSorted())
      expect(new Set(nights).size).toBe(2)
    }
  })
})

describe('a nightly check', () => {
  it('reads a long chain whole once a week, and any other every night', () => {
    const now = at('2026-11-24T03:00:00Z')
    expect(readsWhole(now, 100_000, now.minus({ days: 1 }))).toBe(true)
    expect(readsWhole(now, 1_000_000, now.minus({ days: 1 }))).toBe(false)
    expect(readsWhole(now, 1_000_000, now.minus({ days: 7 }))).toBe(true)
    expect(readsWhole(now, 1_000_000, null)).toBe(true)
  })
})
