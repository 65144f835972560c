import { DateTime } from 'luxon'

import { isAwake, reminderTimes, type WakingHours } from './reminders.js'

const waking: WakingHours = { wakingFrom: '08:00', wakingUntil: '21:00', zone: 'Europe/London' }
const utc = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })

function times(asked: string, slot: string | null, answerBy?: string) {
  const answer = answerBy ? utc(answerBy) : slot ? utc(slot).minus({ minutes: 10 }) : utc(asked).plus({ days: 7 })
  const found = reminderTimes({ askedAt: utc(asked), slot: slot === null ? null : utc(slot), answerBy: answer }, waking)
  return Object.fromEntries(
    Object.entries(found).map(([name, at]) => [name, (at as DateTime | null)?.toFormat('dd HH:mm') ?? null]),
  )
}

describe('reminders', () => {
  it('come when half of the time is over and an hour before the slot; then others are asked', () => {
    expect(times('2026-11-23T09:00Z', '2026-11-23T17:10Z')).toEqual({
      half: '23 13:00',
      last: '23 16:10',
      escalate: '23 16:25',
    })
  })

  it('wake nobody: half-time waits for the morning, the last one comes on the evening before', () => {
    expect(times('2026-11-23T18:00Z', '2026-11-24T12:10Z')).toMatchObject({ half: '24 08:00', last: '24 11:10' })
    expect(times('2026-11-23T09:00Z', '2026-11-24T07:30Z')).toEqual({
      half: null,
      last: '23 20:30',
      escalate: '23 20:45',
    })
    expect(times('2026-11-23T09:00Z', '2026-11-23T23:30Z')).toMatchObject({ last: '23 20:30' })
  })

  it('keep to the clocks of the group, also when they change', () => {
    // The clocks go back in the night to 25 October 2026.
    expect(times('2026-10-24T17:00Z', '2026-10-25T12:00Z')).toMatchObject({ half: '25 08:00', last: '25 11:00' })
    expect(isAwake(utc('2026-10-24T07:30Z'), waking)).toBe(true)
    expect(isAwake(utc('2026-10-25T07:30Z'), waking)).toBe(false)
  })

  it('leave out what comes too soon after the question; others are asked at half-time then', () => {
    expect(times('2026-11-23T09:00Z', '2026-11-23T10:20Z')).toEqual({ half: null, last: null, escalate: '23 09:35' })
    expect(times('2026-11-23T09:00Z', '2026-11-23T11:00Z')).toMatchObject({ half: null, last: '23 10:00' })
    expect(times('2026-11-23T22:00Z', '2026-11-23T23:20Z')).toEqual({ half: null, last: null, escalate: null })
  })

  it('leave time to answer where the group wants long between the approval and the slot', () => {
    expect(times('2026-11-23T09:00Z', '2026-11-23T19:00Z', '2026-11-23T17:00Z')).toMatchObject({ last: '23 16:30' })
  })

  it('come after a day for what has no slot, and others after two', () => {
    expect(times('2026-11-23T22:30Z', null)).toEqual({ half: '25 08:00', last: null, escalate: '26 08:00' })
  })

  it('never come before the question, after the answer is due, or at night', () => {
    for (let minutes = 0; minutes < 3000; minutes += 7) {
      const askedAt = utc('2026-11-23T00:00Z').plus({ minutes: (minutes * 13) % 1440 })
      const slot = askedAt.plus({ minutes })
      const answerBy = slot.minus({ minutes: 10 })
      const found = reminderTimes({ askedAt, slot, answerBy }, waking)
      for (const at of [found.half, found.last, found.escalate].filter((each) => each !== null)) {
        expect(at >= askedAt || minutes < 10).toBe(true)
        expect(at <= answerBy || minutes < 10).toBe(true)
        expect(isAwake(at, waking)).toBe(true)
      }
      if (found.half && found.last) expect(found.last.diff(found.half).as('minutes')).toBeGreaterThanOrEqual(60)
    }
  })
})
