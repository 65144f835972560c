import { DateTime } from 'luxon'

import {
  connectRefusalOf,
  type Failure,
  isDuplicate,
  pausedUntil,
  publishOutcomeOf,
  retractOutcomeOf,
} from './x-answers.js'

const now = DateTime.fromISO('2026-11-21T17:30:00.000Z', { zone: 'utc' })
const failure = (status: number | null, body: object = {}, more: Partial<Failure> = {}): Failure => ({
  status,
  sent: true,
  message: 'No answer came.',
  headers: new Headers(),
  body,
  detail: JSON.stringify(body),
  ...more,
})
const blank = (detail: string) => ({ title: 'Forbidden', detail, type: 'about:blank', status: 403 })
const typed = (type: string, detail = 'no') => ({ title: 'x', detail, type: `https://api.x.com/2/problems/${type}` })
const duplicate = failure(403, blank('You are not allowed to create a Tweet with duplicate content.'))

const alreadyThere = failure(400, {
  errors: [{ parameters: {}, message: 'You cannot retweet a Tweet that you have already retweeted.' }],
  ...typed('invalid-request', 'One or more parameters to your request was invalid.'),
})

describe('what a failed call to X means', () => {
  /** Bodies as docs.x.com/x-api/fundamentals/response-codes-and-errors and reports of 2025 and 2026 have them. */
  it.each([
    ['nothing was sent', 'publish', failure(null, {}, { sent: false }), 'retry'],
    ['no answer came', 'publish', failure(null), 'unknown'],
    ['no answer came to a picture', 'prepare', failure(null), 'retry'],
    ['X broke while making the post', 'publish', failure(503), 'unknown'],
    ['X broke while taking a picture', 'prepare', failure(503), 'retry'],
    ['the words are there already', 'publish', duplicate, 'unknown'],
    ['the token is bad', 'publish', failure(401, { title: 'Unauthorized', status: 401 }), 'unauthorized'],
    ['the token is of the wrong kind', 'publish', failure(403, typed('unsupported-authentication')), 'unauthorized'],
    ['the account is suspended', 'publish', failure(403, blank('Your account is suspended.')), 'blocked'],
    ['the app may not', 'publish', failure(403, typed('client-forbidden')), 'blocked'],
    ['the app may only read', 'publish', failure(403, typed('oauth1-permissions')), 'blocked'],
    ['nobody knows why', 'publish', failure(403, blank('You are not permitted to perform this action.')), 'blocked'],
    ['answers are refused', 'publish', failure(403, blank('Reply to this conversation is not allowed.')), 'rejected'],
    ['it was passed on before', 'publish', alreadyThere, 'unknown'],
    ['it may not be passed on', 'publish', failure(403, blank('Retweet is not permissible.')), 'rejected'],
    ['two cashtags', 'publish', failure(403, blank('At most one cashtag.')), 'rejected'],
    ['the request is bad', 'publish', failure(400, typed('invalid-request')), 'rejected'],
    ['a picture is too large', 'prepare', failure(413), 'rejected'],
    ['too much was sent', 'publish', failure(429), 'limited'],
    ['the credit is gone', 'prepare', failure(402, typed('credits-depleted')), 'limited'],
    ['the spending limit is reached', 'publish', failure(429, typed('usage-capped')), 'limited'],
    ['the spending limit is reached, said as 403', 'publish', failure(403, typed('usage-capped')), 'limited'],
  ] as const)('when %s (%s)', (_when, step, fault, kind) => {
    const outcome = publishOutcomeOf(fault, step, now)
    expect(outcome.kind).toBe(kind)
    expect(outcome).toMatchObject({ cause: expect.stringMatching(/[.!?]$/) })
  })

  it('tells refusals apart by their words', () => {
    const cause = (said: string) => publishOutcomeOf(failure(403, blank(said)), 'publish', now)
    expect(cause('Your Tweet text is too long.')).toMatchObject({ kind: 'rejected', field: 'text' })
    const gone = 'You attempted to reply to a Tweet that is deleted or not visible to you.'
    expect(cause(gone)).toMatchObject({ kind: 'rejected', cause: expect.stringContaining('no longer has') })
    const refused = 'Reply to this conversation is not allowed because you have not been mentioned.'
    expect(cause(refused)).toMatchObject({ cause: expect.stringContaining('reply not summoned') })
  })

  it('keeps X’s raw answer', () => {
    expect(publishOutcomeOf(failure(418, { tea: true }), 'publish', now)).toMatchObject({
      kind: 'rejected',
      detail: '{"tea":true}',
    })
  })

  it('pauses the channel for a window, longer for what the app pays, and never those of other groups and their apps', () => {
    const scope = (fault: Failure) => publishOutcomeOf(fault, 'publish', now)
    expect(scope(failure(429))).toMatchObject({ scope: 'channel', until: '2026-11-21T17:45:00.000Z' })
    expect(scope(failure(402))).toMatchObject({ scope: 'channel', until: '2026-11-21T18:30:00.000Z' })
    expect(scope(failure(403, typed('usage-capped')))).toMatchObject({
      scope: 'channel',
      until: '2026-11-21T23:30:00.000Z',
    })
  })

  it('pauses until the latest moment that counts', () => {
    const epoch = (minutes: number) => String(now.plus({ minutes }).toSeconds())
    const paused = (headers: Record<string, string>) => {
      return pausedUntil(new Headers(headers), now).diff(now).as('minutes')
    }
    expect(paused({ 'x-rate-limit-reset': epoch(7) })).toBe(7)
    expect(paused({ 'x-rate-limit-reset': epoch(7), 'retry-after': '600' })).toBe(10)
    expect(paused({ 'x-rate-limit-reset': epoch(-1) })).toBe(15)
    const day = { 'x-rate-limit-reset': epoch(7), 'x-app-limit-24hour-reset': epoch(300) }
    expect(paused({ ...day, 'x-app-limit-24hour-remaining': '9' })).toBe(7)
    expect(paused({ ...day, 'x-app-limit-24hour-remaining': '0' })).toBe(300)
  })

  it('knows a duplicate by both wordings that X has', () => {
    expect(isDuplicate(duplicate)).toBe(true)
    expect(isDuplicate(failure(403, { errors: [{ code: 187, message: 'Status is a duplicate.' }] }))).toBe(true)
    expect(isDuplicate(failure(403, blank('No.')))).toBe(false)
  })

  it('takes a deletion of what is gone for done, and leaves the rest to try again or by hand', () => {
    expect(retractOutcomeOf(failure(404), now).kind).toBe('retracted')
    expect(retractOutcomeOf(failure(null), now).kind).toBe('retry')
    expect(retractOutcomeOf(failure(429), now)).toMatchObject({ kind: 'retry', afterSeconds: 900 })
    expect(retractOutcomeOf(failure(401), now).kind).toBe('unauthorized')
    expect(retractOutcomeOf(failure(403, blank('No.')), now).kind).toBe('by-hand')
  })

  it('tells the person who connects what to do', () => {
    const refusal = (fault: Failure) => connectRefusalOf(fault)
    expect(refusal(failure(401, { error: 'unauthorized_client' })).field).toBe('clientSecret')
    expect(refusal(failure(400, { error: 'invalid_grant', error_description: 'bad' })).cause).toContain('bad.')
    expect(refusal(failure(403, typed('client-forbidden'))).cause).toContain('project')
    expect(refusal(failure(402)).cause).toContain('credit')
    expect(refusal(failure(429)).cause).toContain('15 minutes')
    expect(refusal(failure(500)).cause).toContain('later')
    expect(refusal(failure(null)).cause).toContain('No answer came.')
  })
})
