import { DateTime } from 'luxon'
import { freshUntil, isFresh, whenLate } from './freshness.js'

const slot = DateTime.fromISO('2026-11-24T17:22:00Z', { zone: 'utc' })
const queued = { slot, windowEnds: slot.plus({ minutes: 98 }), uselessAfter: null, wish: 'queue' as const, doubt: false }

describe('a publication that is late', () => {
  it('still goes out inside its window, or at most 30 minutes late', () => {
    expect(isFresh(queued, slot.plus({ minutes: 98 }))).toBe(true)
    expect(isFresh(queued, slot.plus({ minutes: 99 }))).toBe(false)
    const atTheEnd = { ...queued, windowEnds: slot.plus({ minutes: 3 }) }
    expect(isFresh(atTheEnd, slot.plus({ minutes: 30 }))).toBe(true)
    expect(isFresh(atTheEnd, slot.plus({ minutes: 31 }))).toBe(false)
    expect(whenLate(queued, slot.plus({ minutes: 50 }))).toEqual({ kind: 'publish' })
  })

  it('waits until its slot', () => {
    expect(whenLate(queued, slot.minus({ seconds: 1 }))).toEqual({ kind: 'wait' })
  })

  it('past that is placed again when it came from the queue, and asked about when its time was exact', () => {
    const late = slot.plus({ hours: 5 })
    expect(whenLate(queued, late).kind).toBe('re-place')
    expect(whenLate({ ...queued, windowEnds: null, wish: 'as_soon_as_approved' }, late).kind).toBe('re-place')
    expect(whenLate({ ...queued, windowEnds: null, wish: 'exact' }, late)).toMatchObject({ kind: 'ask' })
  })

  it('never goes out once it is of no use', () => {
    const useless = { ...queued, uselessAfter: slot.plus({ minutes: 10 }) }
    expect(freshUntil(useless).toMillis()).toBe(slot.plus({ minutes: 10 }).toMillis())
    expect(isFresh(useless, slot.plus({ minutes: 10 }))).toBe(false)
    expect(whenLate(useless, slot.plus({ minutes: 11 }))).toMatchObject({ kind: 'ask' })
  })

  it('and in doubt is looked up before anything else', () => {
    expect(whenLate({ ...queued, doubt: true }, slot.plus({ hours: 5 }))).toEqual({ kind: 'look-up' })
  })
})
