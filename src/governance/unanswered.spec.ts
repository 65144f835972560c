import { DateTime } from 'luxon'

import { answersOf, answersSentence, type Asked } from './unanswered.js'

const now = DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' })
const asked = (daysAgo: number, rest: Partial<Record<'answered' | 'settled', number>> = {}): Asked => {
  const askedAt = now.minus({ days: daysAgo })
  const after = (hours?: number) => (hours === undefined ? null : askedAt.plus({ hours }))
  return { askedAt, answeredAt: after(rest.answered), settledAt: after(rest.settled) }
}

describe('how somebody’s requests went', () => {
  it('counts the latest that nobody answered for them, up to one that they did', () => {
    expect(answersOf([asked(20, { answered: 2 }), asked(10), asked(4), asked(15), asked(25)], now)).toMatchObject({
      asked: 5,
      answered: 1,
      inARow: 3,
    })
  })

  it('leaves out what somebody else had settled within a day', () => {
    const quick = [asked(10, { settled: 3 }), asked(9, { settled: 23.9 })]
    expect(answersOf(quick, now)).toEqual({ asked: 0, answered: 0, inARow: 0, lastAnsweredAt: null })
    expect(answersOf([asked(8, { settled: 24 })], now).inARow).toBe(1)
  })

  it('leaves out what has not waited a day yet', () => {
    expect(answersOf([asked(0.9), asked(0.1)], now).asked).toBe(0)
    expect(answersOf([asked(1)], now).asked).toBe(1)
  })

  it('counts every answer, however quickly others were there too', () => {
    expect(answersOf([asked(3, { answered: 5, settled: 1 })], now)).toMatchObject({ asked: 1, answered: 1, inARow: 0 })
  })

  it('is told in plain words, without comparing anybody', () => {
    const requests = [asked(20, { answered: 2 }), asked(10), asked(4), asked(3)]
    expect(answersSentence('Ben', answersOf(requests, now), 'Europe/London')).toBe(
      'Ben was asked 4 times in the last 28 days and answered 1; last answered on 3 November. Do you want to ask them whether it is too much?',
    )
    expect(answersSentence('Ben', answersOf([asked(4), asked(3), asked(2)], now), 'Europe/London')).toBe(
      'Ben was asked 3 times in the last 28 days and answered 0. Do you want to ask them whether it is too much?',
    )
  })
})
