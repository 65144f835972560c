import { dueAge } from './sample-age.js'

describe('a reading of counters', () => {
  it('is due at one hour, one day, two days and a week', () => {
    expect([0.5, 1, 23, 24, 48, 168].map((hours) => dueAge(hours, []))).toEqual([null, '1h', null, '24h', '48h', '7d'])
  })

  it('is taken once for each age', () => {
    expect(dueAge(1.2, ['1h'])).toBeNull()
    expect(dueAge(49, ['1h', '24h'])).toBe('48h')
    expect(dueAge(49, ['1h', '24h', '48h'])).toBeNull()
  })

  it('is left out when it would come too late to mean its age', () => {
    expect(dueAge(120, [])).toBeNull()
    expect(dueAge(400, [])).toBeNull()
  })
})
