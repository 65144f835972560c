import fc from 'fast-check'
import { DateTime } from 'luxon'

import { DomainError } from '../kernel/domain-error.js'
import { instantOf, localOf, sayTime, wallOf } from './wall-time.js'

const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca']

describe('wall time', () => {
  it('of an ordinary day is the instant that the zone says', () => {
    expect(instantOf('2026-11-24T17:22', 'Europe/London').toISO()).toBe('2026-11-24T17:22:00.000Z')
    expect(instantOf('2026-07-24T17:22', 'America/New_York').toISO()).toBe('2026-07-24T21:22:00.000Z')
    expect(instantOf('2026-07-24T17:22', 'Asia/Kolkata').toISO()).toBe('2026-07-24T11:52:00.000Z')
  })

  it('that the clock skips comes later, by as much as the clock jumps', () => {
    expect(instantOf('2026-03-29T01:30', 'Europe/London').toISO()).toBe('2026-03-29T01:30:00.000Z')
    expect(wallOf(instantOf('2026-03-29T01:30', 'Europe/London'), 'Europe/London')).toBe('2026-03-29T02:30')
    expect(wallOf(instantOf('2026-03-08T02:10', 'America/New_York'), 'America/New_York')).toBe('2026-03-08T03:10')
    expect(wallOf(instantOf('2026-10-04T02:10', 'Australia/Lord_Howe'), 'Australia/Lord_Howe')).toBe('2026-10-04T02:40')
  })

  it('that comes twice means the first', () => {
    expect(instantOf('2026-10-25T01:30', 'Europe/London').toISO()).toBe('2026-10-25T00:30:00.000Z')
    expect(instantOf('2026-11-01T01:30', 'America/New_York').toISO()).toBe('2026-11-01T05:30:00.000Z')
    expect(instantOf('2026-04-05T01:45', 'Australia/Lord_Howe').toISO()).toBe('2026-04-04T14:45:00.000Z')
  })

  it('agrees with the zone data at every minute of ten years, and goes there and back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2020, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 }),
        (zone, minute) => {
          const at = DateTime.fromMillis(minute * 60_000, { zone })
          expect(localOf(at.toMillis(), zone)).toBe(at.setZone('utc', { keepLocalTime: true }).toMillis())
          const back = instantOf(wallOf(at, zone), zone)
          expect(wallOf(back, zone)).toBe(wallOf(at, zone))
          expect(back.toMillis()).toBeLessThanOrEqual(at.toMillis())
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('of seven days later is the same time on the wall, whatever the clock did meanwhile', () => {
    const hours = instantOf('2026-10-26T09:00', 'Europe/London').diff(
      instantOf('2026-10-19T09:00', 'Europe/London'),
      'hours',
    )
    expect(hours.hours).toBe(169)
  })

  it('that is nonsense is refused with a sentence', () => {
    expect(() => instantOf('tomorrow', 'Europe/London')).toThrow('Write it as 2026-11-24T17:20.')
    expect(() => instantOf('2026-02-30T10:00', 'Europe/London')).toThrow(DomainError)
    expect(() => instantOf('2026-02-03T10:00', 'Mars/Olympus')).toThrow('“Mars/Olympus” is not a time zone')
  })

  it('is said in the words of the place', () => {
    expect(sayTime(DateTime.fromISO('2026-11-24T17:22:00Z'), 'Europe/London')).toBe('Tuesday 24 November, 17:22')
  })
})
