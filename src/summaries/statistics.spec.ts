import fc from 'fast-check'

import { clearlyBest, compare, logResponse, median, normalBelow, share, t90, typical } from './statistics.js'

const logs = (...responses: number[]) => responses.map(logResponse)

describe('the statistics of a summary', () => {
  it('take the middle of the list as the median, and nothing of an empty one', () => {
    expect([median([]), median([3]), median([9, 1, 5]), median([4, 1, 3, 2])]).toEqual([null, 3, 5, 2.5])
  })

  it('know the tables of Student and Gauss', () => {
    expect(t90(7)).toBeCloseTo(1.4149, 3)
    expect(t90(30)).toBeCloseTo(1.3104, 3)
    expect(normalBelow(1.96)).toBeCloseTo(0.975, 4)
    expect(normalBelow(-1)).toBeCloseTo(0.1587, 4)
  })

  it('say nothing of a typical post below eight posts', () => {
    expect(typical(logs(1, 2, 3, 4, 5, 6, 7))).toBeNull()
    const interval = typical(logs(1, 2, 3, 4, 5, 6, 7, 8))
    expect(interval?.mean).toBeCloseTo(3.94, 1)
    expect(interval!.low).toBeLessThan(interval!.mean)
    expect(interval!.high).toBeGreaterThan(interval!.mean)
  })

  it('cover the true mean about four times in five', () => {
    const random = seeded(7)
    const hits = Array.from({ length: 2000 }, () => {
      const sample = Array.from({ length: 12 }, () => 3 + gauss(random))
      const { low, high } = typical(sample)!
      return logResponse(low) <= 3 && 3 <= logResponse(high)
    }).filter(Boolean).length
    expect(hits / 2000).toBeGreaterThan(0.77)
    expect(hits / 2000).toBeLessThan(0.83)
  })

  it('call four of five weeks usual when nothing has changed', () => {
    const random = seeded(11)
    const sample = (n: number) => Array.from({ length: n }, () => 2 + gauss(random))
    const usual = Array.from({ length: 2000 }, () => compare(sample(10), sample(80))!.verdict).filter(
      (each) => each === 'usual',
    )
    expect(usual.length / 2000).toBeGreaterThan(0.77)
    expect(usual.length / 2000).toBeLessThan(0.83)
  })

  it('tell more and less from usual when the difference is great enough', () => {
    const before = logs(4, 5, 6, 7, 8, 5, 6, 7, 6, 5)
    expect(compare(logs(30, 40, 35), before)?.verdict).toBe('more')
    expect(compare(logs(0, 1, 0), before)?.verdict).toBe('less')
    expect(compare(logs(5, 6, 7), before)?.verdict).toBe('usual')
    expect(compare(logs(30, 40), before)).toBeNull()
    expect(compare(logs(5, 6, 7), before.slice(0, 7))).toBeNull()
  })

  it('claim a best window seldom when all are the same, and find one that is far better', () => {
    const random = seeded(3)
    const arm = (n: number, level: number) => Array.from({ length: n }, () => level + gauss(random) * 0.9)
    const claims = Array.from({ length: 500 }, () =>
      clearlyBest(
        new Map([
          ['lunch', arm(20, 2)],
          ['after work', arm(20, 2)],
          ['evening', arm(20, 2)],
        ]),
      ),
    ).filter((each) => each !== null)
    expect(claims.length / 500).toBeLessThan(0.1)
    expect(
      clearlyBest(
        new Map([
          ['lunch', arm(40, 2)],
          ['after work', arm(40, 4)],
        ]),
      ),
    ).toBe('after work')
    expect(
      clearlyBest(
        new Map([
          ['lunch', arm(40, 2)],
          ['after work', arm(5, 9)],
        ]),
      ),
    ).toBeNull()
  })

  it('never tell a percentage of fewer than twenty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (whole, seed) => {
        const text = share(seed % (whole + 1), whole)
        expect(text.includes('%')).toBe(whole >= 20)
      }),
    )
    expect([share(9, 9), share(2, 2), share(0, 4), share(7, 9), share(38, 40)]).toEqual([
      'all 9',
      'both',
      'none of 4',
      '7 of 9',
      '95 % of 40',
    ])
  })
})

/** A small generator of the same numbers every time (Park and Miller). */
function seeded(start: number): () => number {
  let state = start
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
}
