import fc from 'fast-check'
import { DateTime } from 'luxon'

import { brokenLaws, zones } from '../../test/simulation/placement-laws.js'
import { defaultWindows } from '../channels/window.js'
import type { PlaceRules, Taken } from './slot.js'
import { spreadDay, type Spreadable } from './spreading.js'

const day = '2026-11-24'
const rulesIn = (zone: string, more: Partial<PlaceRules> = {}): PlaceRules => ({
  zone,
  windows: defaultWindows(),
  gapMinutes: 90,
  dailyCap: 4,
  quiet: { start: '21:30', end: '07:00' },
  leadMinutes: 0,
  silences: [],
  ...more,
})
const rules = rulesIn('Europe/London')

function post(wall: string, windowName: string, more: Partial<Spreadable> = {}, zone = 'Europe/London'): Spreadable {
  const at = DateTime.fromISO(wall, { zone }).toUTC()
  const earliest = DateTime.fromISO(`${wall.slice(0, 10)}T00:00`, { zone }).toUTC()
  return { id: wall, postId: wall, at, windowName, labels: [], earliest, latest: null, agreed: () => true, ...more }
}

describe('spreading a day again', () => {
  it('takes a post out of the crowd into the empty evening', () => {
    const moves = spreadDay(day, [post(`${day}T07:20`, 'before work'), post(`${day}T12:10`, 'lunch')], [], rules)
    expect(moves).toHaveLength(1)
    expect(moves[0]?.to).toMatchObject({
      windowName: 'evening',
      reasons: ['evening, Tuesday: the day was spread again'],
    })
  })

  it('leaves a day that is spread well as it is', () => {
    expect(spreadDay(day, [post(`${day}T07:20`, 'before work'), post(`${day}T20:40`, 'evening')], [], rules)).toEqual(
      [],
    )
  })

  it('moves what a new silence forbids first, and nothing into it', () => {
    const silences = [
      { from: DateTime.fromISO(`${day}T06:00Z`), until: DateTime.fromISO(`${day}T15:00Z`), name: 'election' },
    ]
    const moves = spreadDay(day, [post(`${day}T12:10`, 'lunch')], [], { ...rules, silences })
    expect(moves.map(({ to }) => to.windowName)).toEqual([expect.stringMatching(/^(after work|evening)$/)])
  })

  it('leaves what a silence forbids where it is when reviewers agreed to nothing else', () => {
    const silences = [
      { from: DateTime.fromISO(`${day}T06:00Z`), until: DateTime.fromISO(`${day}T15:00Z`), name: 'election' },
    ]
    const agreed = (at: DateTime) => at.hour < 15
    const posts = [post(`${day}T07:20`, 'before work', { agreed }), post(`${day}T12:10`, 'lunch', { agreed })]
    expect(spreadDay(day, posts, [], { ...rules, silences })).toEqual([])
  })

  it('goes only where reviewers agreed to, and only from the time that they need on', () => {
    const posts = [post(`${day}T07:20`, 'before work'), post(`${day}T12:10`, 'lunch')]
    expect(
      spreadDay(
        day,
        posts.map((each) => ({ ...each, agreed: (at: DateTime) => at.hour < 15 })),
        [],
        rules,
      ),
    ).toEqual([])
    const tomorrow = DateTime.fromISO('2026-11-25T00:00Z')
    expect(
      spreadDay(
        day,
        posts.map((each) => ({ ...each, earliest: tomorrow })),
        [],
        rules,
      ),
    ).toEqual([])
  })

  it('keeps every law on any day: only what may move does, nothing is lost, and doing it again changes nothing', () => {
    let moved = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-04-05', day, '2026-11-28'),
        fc.uniqueArray(fc.integer({ min: 7 * 60, max: 21 * 60 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: -1440, max: 2 * 1440 }), { maxLength: 4 }),
        fc.constantFrom(0, 30, 90, 180),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (zone, date, minutes, others, gapMinutes, dailyCap, silent) => {
          const start = DateTime.fromISO(date, { zone })
          const noon = start.plus({ hours: 12 }).toUTC()
          const silences = silent ? [{ from: noon, until: noon.plus({ hours: 3 }), name: 'silence' }] : []
          const here = rulesIn(zone, { gapMinutes, dailyCap, silences })
          const posts = minutes.map((minute) => {
            const at = start.plus({ minutes: minute })
            return post(at.toFormat("yyyy-MM-dd'T'HH:mm"), 'lunch', { earliest: start.toUTC() }, zone)
          })
          const fixed: Taken[] = others.map((minute) => ({
            at: start.plus({ minutes: minute }).toUTC(),
            windowName: null,
            labels: [],
          }))
          const moves = spreadDay(date, posts, fixed, here)
          moved += moves.length
          const after = posts.map((each) => {
            const to = moves.find(({ id }) => id === each.id)?.to
            return to ? { ...each, at: to.at, windowName: to.windowName } : each
          })
          for (const { id, to } of moves) {
            const beside = after.filter((each) => each.id !== id)
            const all = [...fixed, ...beside].map((each) => ({
              at: each.at,
              windowName: each.windowName,
              labels: [],
            }))
            const request = { postId: id, channelId: 'c', wish: { kind: 'queue' as const }, labels: [] }
            // A name that a fixed post has outside its window is no window that is taken.
            const laws = brokenLaws(to, request, here, all, start.minus({ days: 1 }).toUTC())
            expect(laws.filter((law) => law !== 'one post a window')).toEqual([])
            expect(to.at.setZone(zone).toISODate()).toBe(date)
          }
          expect(spreadDay(date, [...posts].reverse(), fixed, here)).toEqual(moves)
          expect(spreadDay(date, after, fixed, here)).toEqual([])
        },
      ),
      { numRuns: 250 },
    )
    expect(moved).toBeGreaterThan(50)
  })
})
