import { defaultQuiet, limitsProblem } from './channel-limits.js'

const limits = { gapMinutes: 60, dailyCap: 4, ...defaultQuiet }

describe('a channel’s quiet time', () => {
  it('may run past midnight, as the one of a new channel does', () => {
    expect(limitsProblem(limits)).toBeNull()
  })

  it('may be left out', () => {
    expect(limitsProblem({ ...limits, quietStart: null, quietEnd: null })).toBeNull()
  })

  it('has a start and an end', () => {
    expect(limitsProblem({ ...limits, quietEnd: null })).toContain('both its start and its end')
  })

  it('does not last for ever', () => {
    expect(limitsProblem({ ...limits, quietEnd: '21:30' })).toContain('would never end')
  })

  it.each(['24:00', '9pm', '25:10', '12:60'])('does not start at %s', (quietStart) => {
    expect(limitsProblem({ ...limits, quietStart })).toContain(`"${quietStart}"`)
  })
})
