import { pauseAfter } from './mail-retry.js'

describe('trying again', () => {
  it('starts after a minute and takes longer each time', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((tries) => pauseAfter(tries)!)
    expect(pauses[0]).toBe(60)
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
  })

  it('gives up after about a day', () => {
    let hours = 0
    let tries = 1
    for (let pause = pauseAfter(tries); pause !== null; pause = pauseAfter((tries += 1))) hours += pause / 3600
    expect(hours).toBeGreaterThan(20)
    expect(hours).toBeLessThan(28)
    expect(pauseAfter(tries)).toBeNull()
  })
})
