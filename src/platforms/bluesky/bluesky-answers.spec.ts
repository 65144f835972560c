import { DateTime } from 'luxon'

import { connectRefusalOf, type Failure, pausedUntil, publishOutcomeOf, retractOutcomeOf } from './bluesky-answers.js'

const now = DateTime.fromISO('2026-11-21T17:30:00.000Z', { zone: 'utc' })
const failure = (changes: Partial<Failure>): Failure => ({
  status: 400,
  sent: true,
  error: 'InvalidRequest',
  message: 'no',
  headers: {},
  ...changes,
})

describe('what a failed call to Bluesky means', () => {
  it.each([
    ['the name was not found', 'publish', { status: null, sent: false }, 'retry'],
    ['no answer came', 'publish', { status: null }, 'unknown'],
    ['the server broke while writing the post', 'publish', { status: 503 }, 'unknown'],
    ['the server broke while taking a picture', 'prepare', { status: 503 }, 'retry'],
    ['no answer came to a picture', 'prepare', { status: null }, 'retry'],
    ['the token is stale even after a renewal', 'publish', { error: 'ExpiredToken' }, 'unauthorized'],
    ['the password is wrong', 'prepare', { status: 401, error: 'AuthenticationRequired' }, 'unauthorized'],
    ['the account was taken down', 'prepare', { status: 401, error: 'AccountTakedown' }, 'blocked'],
    ['posting is forbidden', 'publish', { status: 403, error: 'Forbidden' }, 'blocked'],
    ['too much was sent', 'publish', { status: 429 }, 'limited'],
    ['the content is refused', 'publish', {}, 'rejected'],
    ['a picture is too large', 'prepare', { status: 413, error: 'PayloadTooLarge' }, 'rejected'],
  ] as const)('when %s (%s)', (_when, step, changes, kind) => {
    expect(publishOutcomeOf(failure(changes), step, now).kind).toBe(kind)
  })

  it('keeps what the server said for admins, and no more of it than fits', () => {
    const said = failure({ status: 418, error: 'Teapot', message: 'x'.repeat(1000) })
    expect(publishOutcomeOf(said, 'publish', now)).toMatchObject({
      kind: 'blocked',
      detail: expect.stringMatching(/^418 Teapot x{589}$/),
    })
    expect(publishOutcomeOf(failure({ status: null }), 'publish', now).kind).toBe('unknown')
  })

  it('names the field that the server names', () => {
    const field = (message: string) => publishOutcomeOf(failure({ message }), 'publish', now)
    expect(field('Record/text must not be longer than 300 graphemes')).toMatchObject({ field: 'text' })
    expect(field('Record/embed/images must not have more than 4 elements')).toMatchObject({ field: 'pictures' })
    expect(field('Record/embed/external/uri must be a uri')).toMatchObject({ field: 'link' })
    expect(field('Something else')).toMatchObject({ field: null, cause: 'Bluesky refused the post: Something else' })
  })

  it('pauses until the later of the two moments that the server names', () => {
    const until = (headers: Failure['headers']) => pausedUntil(headers, now).toISO()
    const reset = String(now.plus({ seconds: 90 }).toSeconds())
    expect(until({ 'ratelimit-reset': reset })).toBe('2026-11-21T17:31:30.000Z')
    expect(until({ 'ratelimit-reset': reset, 'retry-after': '120' })).toBe('2026-11-21T17:32:00.000Z')
    expect(until({ 'retry-after': 'Sat, 21 Nov 2026 18:00:00 GMT' })).toBe('2026-11-21T18:00:00.000Z')
    expect(until({})).toBe('2026-11-21T17:35:00.000Z')
    expect(until({ 'ratelimit-reset': '1', 'retry-after': 'soon' })).toBe('2026-11-21T17:35:00.000Z')
  })

  it('lets a deletion be tried again, or done by hand', () => {
    expect(retractOutcomeOf(failure({ status: null }), now).kind).toBe('retry')
    expect(retractOutcomeOf(failure({ status: 429 }), now)).toMatchObject({ kind: 'retry', afterSeconds: 300 })
    expect(retractOutcomeOf(failure({ error: 'InvalidToken' }), now).kind).toBe('unauthorized')
    expect(retractOutcomeOf(failure({ status: 403 }), now).kind).toBe('by-hand')
  })

  it('tells the person who connects which field to correct', () => {
    const field = (changes: Partial<Failure>) => (connectRefusalOf(failure(changes)) as { field: string | null }).field
    expect(field({ status: 401, error: 'AuthFactorTokenRequired' })).toBe('appPassword')
    expect(field({ status: 401, error: 'AuthenticationRequired' })).toBe('appPassword')
    expect(field({ status: 401, error: 'AccountTakedown' })).toBe('handle')
    expect(field({ status: null, sent: false })).toBe('server')
    expect(field({ status: 429 })).toBeNull()
  })
})
