import fc from 'fast-check'
import { DateTime } from 'luxon'

import { bounds, datesOf, dueWeeks, isWeek, lastDueWeek, spokenWeek, summaryTime, weekAfter, weekOf } from './week.js'

const zones = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'Pacific/Apia',
]
const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })

describe('a week', () => {
  it('is the one that the group’s own calendar shows, not that of UTC', () => {
    expect(weekOf(at('2026-11-22T23:30:00Z'), 'Europe/London')).toBe('2026-W47')
    expect(weekOf(at('2026-11-22T23:30:00Z'), 'Asia/Kolkata')).toBe('2026-W48')
  })

  it('belongs to the year that has its Thursday', () => {
    expect(weekOf(at('2027-01-03T12:00:00Z'), 'Europe/London')).toBe('2026-W53')
    expect(weekAfter('2026-W53')).toBe('2027-W01')
    expect(weekAfter('2027-W01', -1)).toBe('2026-W53')
  })

  it('exists only with a number that its year has', () => {
    expect(['2026-W53', '2025-W53', '2026-W00', '2026-47', 'last'].map(isWeek)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('lasts an hour less in spring and an hour more in autumn', () => {
    const hours = (week: string) => {
      const { start, end } = bounds(week, 'Europe/London')
      return end.diff(start, 'hours').hours
    }
    expect([hours('2026-W13'), hours('2026-W20'), hours('2026-W43')]).toEqual([167, 168, 169])
    expect(bounds('2026-W43', 'Europe/London').start.toISO()).toBe('2026-10-18T23:00:00.000Z')
    expect(bounds('2026-W43', 'Europe/London').end.toISO()).toBe('2026-10-26T00:00:00.000Z')
  })

  it('holds every instant exactly once, in every zone', () => {
    const instants = fc
      .integer({ min: 1_500_000_000, max: 2_000_000_000 })
      .map((seconds) => DateTime.fromSeconds(seconds, { zone: 'utc' }))
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const week = weekOf(instant, zone)
        const { start, end } = bounds(week, zone)
        expect(start <= instant && instant < end).toBe(true)
        expect(bounds(weekAfter(week), zone).start.toMillis()).toBe(end.toMillis())
        expect(weekAfter(weekAfter(week, 5), -5)).toBe(week)
      }),
    )
  })

  it('is said with its dates', () => {
    expect(datesOf('2026-W47')).toEqual({ from: '2026-11-16', to: '2026-11-22' })
    expect(spokenWeek('2026-W47')).toBe('Week 47, 16 to 22 November 2026')
    expect(spokenWeek('2026-W49')).toBe('Week 49, 30 November to 6 December 2026')
    expect(spokenWeek('2026-W53')).toBe('Week 53, 28 December 2026 to 3 January 2027')
  })
})

describe('a summary is due', () => {
  it('on the Monday after, at eight by the wall clock, in summer and in winter', () => {
    expect(summaryTime('2026-W20', 'Europe/London').toISO()).toBe('2026-05-18T07:00:00.000Z')
    expect(summaryTime('2026-W43', 'Europe/London').toISO()).toBe('2026-10-26T08:00:00.000Z')
    expect(lastDueWeek(at('2026-10-26T07:59:59Z'), 'Europe/London')).toBe('2026-W42')
    expect(lastDueWeek(at('2026-10-26T08:00:00Z'), 'Europe/London')).toBe('2026-W43')
  })

  it('for each missed week since the group began, and for none twice', () => {
    const now = at('2026-11-26T12:00:00Z')
    const began = at('2026-10-28T12:00:00Z')
    expect(dueWeeks(now, 'Europe/London', began, ['2026-W45'])).toEqual(['2026-W44', '2026-W46', '2026-W47'])
    expect(dueWeeks(now, 'Europe/London', now, [])).toEqual([])
    expect(dueWeeks(now, 'Europe/London', at('2020-01-01T00:00:00Z'), [])).toHaveLength(12)
  })
})
