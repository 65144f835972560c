import { DateTime } from 'luxon'

import { minutesUntilNextTry, reminderDue, stageOf } from './keeping.js'

const until = DateTime.fromISO('2026-12-31T12:00:00Z', { zone: 'utc' })
const before = (days: number) => until.minus({ days })

describe('the end of a consent', () => {
  it.each([
    [60, null],
    [14.01, null],
    [14, 14],
    [7.01, 14],
    [7, 7],
    [2, 2],
    [0.01, 2],
    [0, null],
    [-1, null],
  ])('%s days before it, the reminder is %s', (days, stage) => {
    expect(stageOf(until, before(days))).toBe(stage)
  })

  it('is reminded of once at each stage', () => {
    const sent: number[] = []
    let reminded: number | null = null
    for (let hours = 20 * 24; hours > -48; hours -= 1) {
      const due = reminderDue(until, reminded, until.minus({ hours }))
      if (due !== null) sent.push((reminded = due))
    }
    expect(sent).toEqual([14, 7, 2])
  })

  it('is reminded of by the nearest only after a while away, and not of what was over when somebody agreed', () => {
    expect(reminderDue(until, null, before(3))).toBe(7)
    expect(reminderDue(until, 7, before(3))).toBeNull()
    expect(reminderDue(until, stageOf(until, before(5)), before(4))).toBeNull()
    expect(reminderDue(until, stageOf(until, before(5)), before(1))).toBe(2)
  })
})

describe('a renewal that fails', () => {
  it('is tried again soon, then ever more seldom, and at least four times a day', () => {
    expect([1, 2, 3, 8, 9, 100, 100_000].map(minutesUntilNextTry)).toEqual([2, 4, 8, 256, 360, 360, 360])
  })
})
