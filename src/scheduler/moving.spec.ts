import fc from 'fast-check'
import { DateTime } from 'luxon'

import { brokenLaws, zones } from '../../test/simulation/placement-laws.js'
import { defaultWindows } from '../channels/window.js'
import type { Timing } from '../drafts/envelope.js'
import { consequenceWords, isInside, placeAt, placeInWindow } from './moving.js'
import type { PlaceRequest } from './placement.js'
import type { PlaceRules, Taken } from './slot.js'

const zone = 'Europe/London'
const now = DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' })
const request: PlaceRequest = { postId: 'post', channelId: 'here', wish: { kind: 'queue' }, labels: [] }
const rules: PlaceRules = {
  zone,
  windows: defaultWindows(),
  gapMinutes: 180,
  dailyCap: 2,
  quiet: { start: '21:30', end: '07:00' },
  leadMinutes: 60,
  silences: [],
}
const instant = (wall: string) => DateTime.fromISO(wall, { zone }).toUTC()
const taken = (wall: string, windowName: string | null): Taken => ({ at: instant(wall), windowName, labels: [] })

describe('a time that was agreed to', () => {
  const windows: Timing = { kind: 'queue', zone, windows: { here: defaultWindows() } }

  it('is any minute of the windows that were shown for the channel, the end left out', () => {
    expect(isInside(instant('2026-11-24T17:00'), 'here', windows)).toBe(true)
    expect(isInside(instant('2026-11-24T18:59'), 'here', windows)).toBe(true)
    expect(isInside(instant('2026-11-24T19:00'), 'here', windows)).toBe(false)
    expect(isInside(instant('2026-11-28T12:30'), 'here', windows)).toBe(false)
    expect(isInside(instant('2026-11-24T17:00'), 'elsewhere', windows)).toBe(false)
  })

  it('is within the tolerance of an exact time, before and after', () => {
    const exact: Timing = { kind: 'exact', zone, wall: '2026-11-24T17:20', toleranceMinutes: 30 }
    expect(['16:50', '17:50'].map((time) => isInside(instant(`2026-11-24T${time}`), 'here', exact))).toEqual([
      true,
      true,
    ])
    expect(['16:49', '17:51'].map((time) => isInside(instant(`2026-11-24T${time}`), 'here', exact))).toEqual([
      false,
      false,
    ])
  })

  it('is the channel’s own where it has one, and nothing else', () => {
    const own: Timing = { ...windows, own: { here: { wall: '2026-11-25T15:00', toleranceMinutes: 30 } } }
    expect(isInside(instant('2026-11-25T15:10'), 'here', own)).toBe(true)
    expect(isInside(instant('2026-11-24T17:10'), 'here', own)).toBe(false)
  })

  it('is read in the zone that was shown, whatever the group’s is now', () => {
    const kolkata: Timing = { ...windows, zone: 'Asia/Kolkata' }
    expect(isInside(instant('2026-11-24T17:30'), 'here', kolkata)).toBe(false)
    expect(isInside(instant('2026-11-24T12:00'), 'here', kolkata)).toBe(true)
  })

  it('is none that somebody chooses when it was to go as soon as it is approved', () => {
    expect(isInside(now, 'here', { kind: 'as_soon_as_approved', zone })).toBe(false)
  })

  it('is said with what it does to the approval', () => {
    expect(consequenceWords('stays', true)).toBe('This is inside what was approved: the approval stays.')
    expect(consequenceWords('asks-again', true)).toMatch(/asked again, about the time only/)
  })
})

describe('a time that a person chooses', () => {
  it('inside a window is that window’s post', () => {
    expect(placeAt({ at: '2026-11-24T17:25' }, request, rules, [], now)).toMatchObject({
      windowName: 'after work',
      wall: '2026-11-24T17:25',
      reasons: ['after work, Tuesday: the time that was chosen'],
    })
  })

  it('outside every window is an exact time', () => {
    expect(placeAt({ at: '2026-11-24T15:25' }, request, rules, [], now)).toMatchObject({
      windowName: null,
      windowEnds: null,
    })
  })

  it('in a window that has a post needs a reason, even where the gap is kept', () => {
    const crowded = [taken('2026-11-24T17:05', 'after work')]
    const narrow = { ...rules, gapMinutes: 30 }
    expect(placeAt({ at: '2026-11-24T18:25' }, request, narrow, crowded, now)).toMatchObject({
      kind: 'no-slot',
      reason: expect.stringContaining('a post in this window already (after work, Tuesday). Give a reason'),
    })
    expect(
      placeAt({ at: '2026-11-24T18:25', reason: 'the vote is at six' }, request, narrow, crowded, now),
    ).toMatchObject({
      windowName: null,
      broken: [],
    })
  })

  it('never breaks a silence, whatever the reason', () => {
    const silent = { ...rules, silences: [{ from: now, until: now.plus({ days: 3 }), name: 'election' }] }
    expect(placeAt({ at: '2026-11-24T17:25', reason: 'urgent' }, request, silent, [], now)).toMatchObject({
      kind: 'no-slot',
      reason: expect.stringContaining('“election”'),
    })
  })
})

describe('a window that a person chooses', () => {
  it('says why it has no room', () => {
    const near = [taken('2026-11-24T17:05', 'after work')]
    const reason = (start: string, these: readonly Taken[], other: Partial<PlaceRules> = {}) => {
      const placement = placeInWindow('2026-11-24', start, request, { ...rules, ...other }, these, now)
      return placement.kind === 'no-slot' ? placement.reason : 'placed'
    }
    expect(reason('17:00', near)).toBe(
      'after work, Tuesday 24 November: this channel has a post in it already. Choose another window, or an exact time and a reason.',
    )
    expect(reason('20:00', [...near, taken('2026-11-24T12:05', 'lunch')])).toMatch(/the day is full/)
    expect(reason('20:00', [taken('2026-11-24T18:55', 'after work')])).toMatch(/keeps the gap/)
    expect(reason('17:00', [], { quiet: { start: '16:00', end: '20:00' } })).toMatch(/quiet hours/)
    expect(reason('10:00', [])).toBe(
      'This channel has no window at 10:00 on Tuesday. Choose another, or an exact time.',
    )
    expect(placeInWindow('2026-11-23', '07:00', request, rules, [], now)).toMatchObject({
      reason: expect.stringContaining('it is over'),
    })
  })

  it('gives a slot that keeps every law, in any zone and beside any others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-04-05', '2026-11-24'),
        fc.constantFrom('07:00', '12:00', '17:00', '20:00', '10:00'),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 * 1440 }), fc.constantFrom('lunch', 'evening', null)), {
          maxLength: 6,
        }),
        fc.constantFrom(0, 30, 90, 180),
        (where, date, start, others, gapMinutes) => {
          const here = { ...rules, zone: where, gapMinutes }
          const from = DateTime.fromISO(date, { zone: where }).minus({ days: 2 })
          const slots = others.map(([minutes, windowName]) => ({
            at: from.plus({ minutes }).toUTC(),
            windowName,
            labels: [],
          }))
          const placement = placeInWindow(date, start, request, here, slots, from.toUTC())
          if (placement.kind === 'no-slot') return
          expect(brokenLaws(placement, request, here, slots, from.toUTC())).toEqual([])
          expect(placement.at.setZone(where).toISODate()).toBe(date)
        },
      ),
      { numRuns: 300 },
    )
  })
})
