import { timingWords, windowWords } from './timing-words.js'

const zone = 'Europe/London'

describe('when a version may go out, in words', () => {
  it('is a day and a time with its zone', () => {
    const exact = { kind: 'exact', zone, wall: '2026-11-24T17:20', toleranceMinutes: 5 } as const
    expect(timingWords(exact)).toBe('Tuesday 24 November, 17:20 (Europe/London)')
  })

  it('is what was written where that is no time', () => {
    expect(timingWords({ kind: 'exact', zone, wall: 'soon', toleranceMinutes: 5 })).toBe('soon (Europe/London)')
  })

  it('is one of the windows, or at once', () => {
    expect(timingWords({ kind: 'queue', zone, windows: {} })).toBe('In one of the windows')
    expect(timingWords({ kind: 'as_soon_as_approved', zone })).toBe('As soon as it is approved')
    expect(timingWords({ kind: 'queue', zone, windows: {}, evergreen: true })).toBe(
      'In an empty window, at most every 60 days',
    )
  })

  it('names an embargo', () => {
    expect(timingWords({ kind: 'as_soon_as_approved', zone, notBefore: '2026-11-24T17:20' })).toBe(
      'As soon as it is approved, not before Tuesday 24 November, 17:20 (Europe/London)',
    )
  })

  it('names the times of single channels, the earliest first', () => {
    const at = (wall: string) => ({ wall, toleranceMinutes: 5 })
    const own = { a: at('2026-11-25T09:00'), b: at('2026-11-24T17:20') }
    expect(timingWords({ kind: 'queue', zone, windows: {}, own })).toBe(
      'In one of the windows; on 2 channels Tuesday 24 November, 17:20 (Europe/London) and Wednesday 25 November, 09:00 (Europe/London)',
    )
  })
})

describe('a window in words', () => {
  const on = (...days: number[]) => windowWords({ name: 'after work', start: '17:00', end: '19:00', days })

  it('names its days, three or more in a row by the first and the last', () => {
    expect(on(1, 2, 3, 4, 5)).toBe('after work, 17:00–19:00 on Monday to Friday')
    expect(on(5, 7, 6)).toBe('after work, 17:00–19:00 on Friday to Sunday')
    expect(on(1, 2)).toBe('after work, 17:00–19:00 on Monday and Tuesday')
    expect(on(3)).toBe('after work, 17:00–19:00 on Wednesday')
    expect(on(1, 3, 5)).toBe('after work, 17:00–19:00 on Monday, Wednesday and Friday')
    expect(on(2, 2, 1)).toBe('after work, 17:00–19:00 on Monday and Tuesday')
    expect(on()).toBe('after work, 17:00–19:00 on no day')
  })
})
