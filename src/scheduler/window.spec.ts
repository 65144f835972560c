import fc from 'fast-check'
import { DateTime } from 'luxon'

import { defaultWindows, type Window } from '../channels/window.js'
import { windowsOn } from './window.js'

const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca']
const everyDay = [1, 2, 3, 4, 5, 6, 7]

/** Days of 2026 on which a zone's clock changes. */
function changeDays(zone: string): string[] {
  const days: string[] = []
  for (let day = DateTime.fromISO('2026-01-01', { zone }); day.year === 2026; day = day.plus({ days: 1 })) {
    if (day.offset !== day.plus({ days: 1 }).offset) days.push(day.toISODate() ?? '')
  }
  return days
}
const changes = new Map(zones.map((zone) => [zone, changeDays(zone)]))

describe('the default windows', () => {
  it('are four on a weekday and three at the weekend', () => {
    expect(windowsOn('2026-11-24', defaultWindows(), 'Europe/London').map(({ window }) => window.name)).toEqual([
      'before work',
      'lunch',
      'after work',
      'evening',
    ])
    expect(windowsOn('2026-11-28', defaultWindows(), 'Europe/London').map(({ window }) => window.name)).toEqual([
      'late morning',
      'after work',
      'evening',
    ])
  })
})

describe('windows on the day of a clock change', () => {
  const night: Window = { days: everyDay, start: '01:00', end: '02:00', name: 'night' }
  const acrossTheChange: Window = { days: everyDay, start: '00:00', end: '06:00', name: 'early' }

  it('keep their wall time when they span the change', () => {
    const [spring] = windowsOn('2026-03-29', [acrossTheChange], 'Europe/London')
    expect([spring?.start.toISO(), spring?.end.toISO()]).toEqual([
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T05:00:00.000Z',
    ])
    const [autumn] = windowsOn('2026-10-25', [acrossTheChange], 'Europe/London')
    expect([autumn?.start.toISO(), autumn?.end.toISO()]).toEqual([
      '2026-10-24T23:00:00.000Z',
      '2026-10-25T06:00:00.000Z',
    ])
  })

  it('move later when the clock skips them, and are not lost', () => {
    const [skipped] = windowsOn('2026-03-29', [night], 'Europe/London')
    expect([skipped?.start.toISO(), skipped?.end.toISO()]).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ])
  })

  it('start at the first of two equal times', () => {
    const [twice] = windowsOn('2026-10-25', [night], 'Europe/London')
    expect(twice?.start.toISO()).toBe('2026-10-25T00:00:00.000Z')
  })

  it('are there once each, in every zone, with the length that the wall clock shows', () => {
    const time = fc.integer({ min: 0, max: 1430 })
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.nat(),
        time,
        fc.integer({ min: 10, max: 1440 }),
        (zone, pick, from, length) => {
          const days = changes.get(zone) ?? []
          const date = days.length > 0 ? (days[pick % days.length] ?? '') : '2026-03-29'
          const to = Math.min(1440, from + length)
          const say = (minute: number) =>
            `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
          const window: Window = { days: everyDay, start: say(from), end: say(to), name: 'any' }
          const found = windowsOn(date, [window], zone)
          expect(found).toHaveLength(1)
          const { start, end } = found[0]!
          expect(end > start).toBe(true)
          const wall = (at: DateTime) => at.setZone(zone).toFormat('HH:mm')
          const skipped = (minute: number) =>
            DateTime.fromISO(`${date}T00:00`, { zone })
              .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
              .toFormat('HH:mm') !== say(minute)
          if (!skipped(from)) expect(wall(start)).toBe(window.start)
          if (!skipped(from) && to < 1440 && !skipped(to)) expect(wall(end)).toBe(window.end)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('leave the ordinary windows exactly as long as always', () => {
    for (const zone of zones) {
      for (const date of changes.get(zone) ?? []) {
        for (const { window, start, end } of windowsOn(date, defaultWindows(), zone)) {
          expect(end.diff(start, 'hours').hours).toBe(Number(window.end.slice(0, 2)) - Number(window.start.slice(0, 2)))
        }
      }
    }
  })
})
