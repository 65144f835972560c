import { DateTime } from 'luxon'

import { clockFindings, reachFindings } from './findings.js'

const date = 'Mon, 23 Nov 2026 09:30:00 GMT'
const at = (seconds: number) => DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' }).plus({ seconds })
const answer = (now: DateTime, ms = 120) => ({ host: 'network.example', ms, date, now })

describe('the clock', () => {
  it.each([
    [0, 'good', 'agrees'],
    [-30, 'good', 'agrees'],
    [90, 'warning', '90 seconds ahead of'],
    [-240, 'warning', '4 minutes behind'],
    [301, 'bad', '5 minutes ahead of'],
    [-86_400, 'bad', '24 hours behind'],
  ])('%s seconds away is %s', (seconds, state, words) => {
    const [found] = clockFindings([answer(at(seconds))])
    expect(found).toMatchObject({ about: 'clock', state })
    expect(found?.said).toContain(words)
    expect(found?.nextStep === null).toBe(state === 'good')
  })

  it('is not judged where no server tells its own', () => {
    expect(clockFindings([])).toEqual([])
    expect(
      clockFindings([
        { ...answer(at(0)), date: null },
        { ...answer(at(0)), date: 'yesterday' },
      ]),
    ).toEqual([])
  })
})

describe('reaching a server', () => {
  it('is told once for each, by its slowest answer', () => {
    expect(reachFindings([answer(at(0)), answer(at(0), 6100)], [])).toMatchObject([
      { about: 'reaching network.example', state: 'warning', said: 'It took 6 seconds to answer.' },
    ])
  })

  it('is bad only where it never answered', () => {
    const faults = [
      { host: 'network.example', said: 'The connection broke off.' },
      { host: 'media.example', said: 'There is no server with the name media.example.' },
    ]
    expect(reachFindings([answer(at(0))], faults).map(({ about, state }) => [about, state])).toEqual([
      ['reaching network.example', 'good'],
      ['reaching media.example', 'bad'],
    ])
  })
})
