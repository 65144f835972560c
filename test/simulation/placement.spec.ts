import { playQueues } from './placement-laws.js'

/** The long form; SECONDER_QUEUES=100000 takes about a quarter of an hour. */
const queues = Number(process.env.SECONDER_QUEUES ?? 500)

describe('random queues', () => {
  it('break no law of placing', () => {
    const tally = playQueues(queues, 1_000_000)
    expect(tally.violations.slice(0, 5)).toEqual([])
    expect(tally.placed).toBeGreaterThan(queues)
  }, 3_600_000)
})
