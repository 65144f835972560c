import { DateTime } from 'luxon'

import type { PublishOutcome } from '../platforms/platform.js'
import { decide, freshUntil, type Sent } from './settling.js'

const now = DateTime.fromISO('2026-11-24T17:22:10Z', { zone: 'utc' })
const sent: Sent = {
  publicationId: 'p',
  attempt: 1,
  doubt: false,
  out: 0,
  slot: now.minus({ seconds: 10 }),
  windowEnds: now.plus({ hours: 2 }),
}
const no: PublishOutcome[] = [
  { kind: 'retry', cause: 'Busy.', afterSeconds: null },
  { kind: 'rejected', cause: 'Too long.', field: 'text' },
  { kind: 'blocked', cause: 'Suspended.' },
  { kind: 'unauthorized', cause: 'Revoked.' },
  { kind: 'limited', cause: 'Too many.', until: '2026-11-24T18:00:00Z', scope: 'channel' },
  { kind: 'unknown', cause: 'No answer.' },
]

describe('after an attempt', () => {
  it.each(no)('a $kind after a doubtful attempt is neither failed nor sent on hope', (outcome) => {
    expect(['look', 'ask']).toContain(decide(outcome, { ...sent, doubt: true }, now, 5).kind)
  })

  it('a clear refusal after a doubtful attempt asks a person, because another look would never end', () => {
    expect(
      no.filter((outcome) => decide(outcome, { ...sent, doubt: true }, now, 5).kind === 'ask').map((each) => each.kind),
    ).toEqual(['rejected', 'blocked'])
  })

  it('a look after a doubtful attempt waits as long as the network asks', () => {
    const wait = (outcome: PublishOutcome) => {
      const step = decide(outcome, { ...sent, doubt: true }, now, 5)
      return step.kind === 'look' ? step.notBefore.diff(now, 'seconds').seconds : null
    }
    expect(wait({ kind: 'retry', cause: 'Busy.', afterSeconds: 600 })).toBe(600)
    expect(wait({ kind: 'retry', cause: 'Busy.', afterSeconds: null })).toBeGreaterThanOrEqual(60)
    expect(wait(no[4]!)).toBe(2270)
    expect(wait(no[5]!)).toBe(5)
  })

  it.each(['+012026-11-24T18:00:00.000Z', '2056-11-24T18:00:00Z', 'whenever'])(
    'a pause until %s is one of a week',
    (until) => {
      const limited: PublishOutcome = { kind: 'limited', cause: 'Too many.', until, scope: 'channel' }
      expect(decide(limited, sent, now, 5)).toMatchObject({ until: now.plus({ days: 7 }) })
      expect(decide(limited, { ...sent, doubt: true }, now, 5)).toMatchObject({ notBefore: now.plus({ days: 7 }) })
    },
  )

  it.each([-7200, -1, 0, 20])(
    'a pause that ends in %s seconds lasts a minute, or it would be asked for without end',
    (seconds) => {
      const until = now.plus({ seconds }).toISO()!
      const limited: PublishOutcome = { kind: 'limited', cause: 'Too many.', until, scope: 'channel' }
      const inAMinute = now.plus({ minutes: 1 })
      expect(decide(limited, sent, now, 5)).toMatchObject({ until: inAMinute })
      expect(decide(limited, { ...sent, out: 1 }, now, 5)).toMatchObject({ notBefore: inAMinute })
      expect(decide(limited, { ...sent, doubt: true }, now, 5)).toMatchObject({ notBefore: inAMinute })
    },
  )

  it('without doubt each outcome has its own way', () => {
    expect(no.map((outcome) => decide(outcome, sent, now, 5).kind)).toEqual([
      'again',
      'failed',
      'failed',
      'reconnect',
      'pause',
      'look',
    ])
  })

  it('waits longer after each try, and gives up with a next step', () => {
    const waits = [1, 2, 3, 4].map((attempt) => {
      const step = decide(no[0]!, { ...sent, attempt, windowEnds: now.plus({ days: 1 }) }, now, 5)
      return step.kind === 'again' ? step.at.diff(now, 'minutes').minutes : null
    })
    expect(
      waits.map(
        (wait, index) => wait !== null && wait >= [1, 5, 15, 60][index]! && wait <= [1, 5, 15, 60][index]! * 1.2 + 0.1,
      ),
    ).toEqual([true, true, true, true])
    expect(decide(no[0]!, { ...sent, attempt: 5 }, now, 5)).toMatchObject({
      kind: 'failed',
      nextStep: expect.stringContaining('Copy the post'),
    })
  })

  it('does not try again when that would be too late to be fresh', () => {
    expect(decide(no[0]!, { ...sent, slot: now.minus({ minutes: 30 }), windowEnds: null }, now, 5).kind).toBe('failed')
  })

  it('keeps to the pause that the network asks for', () => {
    const step = decide({ kind: 'retry', cause: 'Busy.', afterSeconds: 600 }, sent, now, 5)
    expect(step.kind === 'again' && step.at.diff(now, 'seconds').seconds).toBe(600)
  })

  it('looks only when the network has settled', () => {
    const step = decide(no[5]!, sent, now, 90)
    expect(step.kind === 'look' && step.notBefore.diff(now, 'seconds').seconds).toBe(90)
  })

  it('is fresh until its window ends, and for half an hour at least', () => {
    expect(freshUntil(sent)).toEqual(sent.windowEnds)
    expect(freshUntil({ ...sent, windowEnds: now.plus({ minutes: 5 }) })).toEqual(sent.slot.plus({ minutes: 30 }))
  })
})
