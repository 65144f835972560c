import fc from 'fast-check'
import { DateTime } from 'luxon'
import type { PublishOutcome } from '../platforms/platform.js'
import { mayMove, type PublicationState } from './publication.js'
import { afterAttempt, afterLooking, retryAt, type Attempted, type NextStep } from './retry.js'

const slot = DateTime.fromISO('2026-11-24T17:22:00Z', { zone: 'utc' })
const now = slot.plus({ seconds: 10 })
const first: Attempted = {
  publicationId: 'p1',
  tries: 1,
  doubt: false,
  slot,
  windowEnds: slot.plus({ hours: 2 }),
  uselessAfter: null,
  settlingSeconds: 20,
}
const doubtful = { ...first, tries: 2, doubt: true }
const retry: PublishOutcome = { kind: 'retry', cause: 'The network is busy.', afterSeconds: null }

/** Where a step leaves the publication. */
function stateAfter(step: NextStep): PublicationState {
  switch (step.kind) {
    case 'published':
    case 'failed':
    case 'unconfirmed':
      return step.kind
    case 'in-doubt':
      return 'in_doubt'
    case 'retry':
    case 'limited':
    case 'to-reconnect':
      return step.state
  }
}

describe('after an attempt', () => {
  it('that published, it is published', () => {
    const outcome: PublishOutcome = { kind: 'published', remoteId: 'r', url: 'https://example.org/r', at: '2026-11-24T17:22:09Z' }
    expect(afterAttempt(outcome, first, now)).toEqual(outcome)
    expect(afterAttempt(outcome, doubtful, now)).toEqual(outcome)
  })

  it('that may be repeated, it is tried after 1, 5, 15 and 60 minutes and a little', () => {
    ;[1, 5, 15, 60].forEach((minutes, index) => {
      const step = afterAttempt(retry, { ...first, tries: index + 1 }, now)
      expect(step.kind).toBe('retry')
      if (step.kind !== 'retry') return
      const waited = step.at.diff(now, 'minutes').minutes
      expect(waited).toBeGreaterThanOrEqual(minutes)
      expect(waited).toBeLessThanOrEqual(minutes * 1.2)
    })
  })

  it('that asks for a longer wait, it waits that long', () => {
    const step = afterAttempt({ ...retry, afterSeconds: 600 }, first, now)
    expect(step.kind === 'retry' && step.at.diff(now, 'seconds').seconds).toBeGreaterThanOrEqual(600)
  })

  it('the pauses of different posts differ, and are the same each time', () => {
    const pauses = new Set(['a', 'b', 'c', 'd'].map((id) => retryAt(id, 1, null, now).toMillis()))
    expect(pauses.size).toBe(4)
    expect(retryAt('a', 1, null, now).toMillis()).toBe(retryAt('a', 1, null, now).toMillis())
  })

  it('it fails when the last try failed, or its time would pass, with cause and next step', () => {
    const spent = afterAttempt(retry, { ...first, tries: 5 }, now)
    expect(spent).toEqual({ kind: 'failed', cause: 'The network is busy. It was tried 5 times.', nextStep: 'Choose a new time to try again, or cancel it.' })
    const stale = afterAttempt(retry, { ...first, tries: 3, windowEnds: null }, slot.plus({ minutes: 20 }))
    expect(stale.kind === 'failed' && stale.cause).toContain('Its time passes')
    const useless = afterAttempt(retry, { ...first, uselessAfter: now.plus({ seconds: 30 }) }, now)
    expect(useless.kind).toBe('failed')
  })

  it('that the network limits, the channel pauses for as long as it asks, and the post stays planned', () => {
    const until = now.plus({ minutes: 40 }).toISO()!
    const step = afterAttempt({ kind: 'limited', cause: 'Too many posts.', until, scope: 'app' }, first, now)
    expect(step).toMatchObject({ kind: 'limited', state: 'planned', scope: 'app' })
    expect(step.kind === 'limited' && step.until.toMillis()).toBe(now.plus({ minutes: 40 }).toMillis())
    const unreadable = afterAttempt({ kind: 'limited', cause: 'Too many posts.', until: 'later', scope: 'channel' }, first, now)
    expect(unreadable.kind === 'limited' && unreadable.until.diff(now, 'minutes').minutes).toBe(15)
  })

  it('that the network refuses for good, it fails at once', () => {
    expect(afterAttempt({ kind: 'rejected', cause: 'Too long.', field: 'text' }, first, now)).toMatchObject({ kind: 'failed', cause: 'Too long.' })
    expect(afterAttempt({ kind: 'blocked', cause: 'Suspended.' }, first, now)).toMatchObject({ kind: 'failed' })
  })

  it('with stale credentials the channel waits for a person, and its post with it', () => {
    expect(afterAttempt({ kind: 'unauthorized', cause: 'Signed out.' }, first, now)).toMatchObject({ kind: 'to-reconnect', state: 'planned' })
  })

  it('without an answer it is looked up once the network has settled', () => {
    const step = afterAttempt({ kind: 'unknown', cause: 'No answer.' }, first, now)
    expect(step.kind === 'in-doubt' && step.lookAt.diff(now, 'seconds').seconds).toBe(20)
  })
})

describe('doubt', () => {
  const outcomes = fc.oneof<fc.Arbitrary<PublishOutcome>[]>(
    fc.record({ kind: fc.constant('retry' as const), cause: fc.constant('busy'), afterSeconds: fc.option(fc.nat(10_000)) }),
    fc.record({
      kind: fc.constant('limited' as const),
      cause: fc.constant('slow down'),
      until: fc.constantFrom('soon', '2026-11-24T18:00:00Z', '2020-01-01T00:00:00Z'),
      scope: fc.constantFrom('channel' as const, 'app' as const),
    }),
    fc.constant({ kind: 'rejected', cause: 'no', field: null }),
    fc.constant({ kind: 'unauthorized', cause: 'who?' }),
    fc.constant({ kind: 'blocked', cause: 'spam' }),
    fc.constant({ kind: 'unknown', cause: 'silence' }),
    fc.constant({ kind: 'published', remoteId: 'r', url: 'u', at: '2026-11-24T18:00:00Z' }),
  )
  const situations = fc.record({ tries: fc.integer({ min: 1, max: 9 }), doubt: fc.boolean(), late: fc.integer({ min: 0, max: 300 }) })

  it('is sticky: no outcome leads from doubt to planned or failed', () => {
    fc.assert(
      fc.property(outcomes, situations, (outcome, { tries, late }) => {
        const step = afterAttempt(outcome, { ...first, tries, doubt: true }, slot.plus({ minutes: late }))
        expect(['published', 'in_doubt', 'unconfirmed']).toContain(stateAfter(step))
      }),
    )
  })

  it('or not, every step is a move that a publication can make, and a wait ends in the future', () => {
    fc.assert(
      fc.property(outcomes, situations, (outcome, { tries, doubt, late }) => {
        const at = slot.plus({ minutes: late })
        const step = afterAttempt(outcome, { ...first, tries, doubt }, at)
        const to = stateAfter(step)
        // From an attempt that follows doubt, unconfirmed is reached through in_doubt.
        expect(mayMove('publishing', to, doubt) || (doubt && to === 'unconfirmed')).toBe(true)
        if (step.kind === 'retry') expect(step.at > at).toBe(true)
        if (step.kind === 'limited') expect(step.until > at).toBe(true)
        if (step.kind === 'in-doubt') expect(step.lookAt > at).toBe(true)
      }),
    )
  })

  it('and a clear no: a person looks, because the network may refuse what is there already', () => {
    expect(afterAttempt({ kind: 'rejected', cause: 'Duplicate.', field: null }, doubtful, now)).toEqual({
      kind: 'unconfirmed',
      cause: 'Duplicate.',
      nextStep: 'Look at the channel, and say whether the post is there.',
    })
  })
})

describe('after a look at the network', () => {
  const sentAt = now
  const later = now.plus({ seconds: 25 })

  it('a post that is found is published', () => {
    expect(afterLooking({ kind: 'found', remoteId: 'r', url: 'u', at: 't' }, doubtful, sentAt, later)).toEqual({
      kind: 'published', remoteId: 'r', url: 'u', at: 't',
    })
  })

  it('a post that is absent is sent again only after the settling time', () => {
    expect(afterLooking({ kind: 'absent' }, doubtful, sentAt, later)).toEqual({ kind: 'send-again' })
    const early = afterLooking({ kind: 'absent' }, doubtful, sentAt, now.plus({ seconds: 19 }))
    expect(early.kind === 'in-doubt' && early.lookAt.toMillis()).toBe(now.plus({ seconds: 20 }).toMillis())
  })

  it('a post that is absent is not sent again when its time has passed, or after five tries', () => {
    expect(afterLooking({ kind: 'absent' }, doubtful, sentAt, slot.plus({ hours: 3 })).kind).toBe('unconfirmed')
    expect(afterLooking({ kind: 'absent' }, { ...doubtful, tries: 5 }, sentAt, later).kind).toBe('unconfirmed')
  })

  it('when it cannot tell, a person answers', () => {
    expect(afterLooking({ kind: 'cannot-tell', cause: 'No list.' }, doubtful, sentAt, later)).toMatchObject({ kind: 'unconfirmed', cause: 'No list.' })
  })
})
