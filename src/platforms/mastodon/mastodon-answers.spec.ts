import { DateTime } from 'luxon'

import { type Failure, pausedUntil, publishOutcomeOf, retractOutcomeOf, type Step } from './mastodon-answers.js'

const now = DateTime.fromISO('2026-11-21T17:30:00.000Z', { zone: 'utc' })
const failure = (status: number | null, error = '', changes: Partial<Failure> = {}): Failure => ({
  status,
  sent: true,
  message: 'No whole answer came.',
  headers: new Headers(),
  body: error === '' ? null : { error },
  detail: '',
  ...changes,
})

describe('what a failed call to a Mastodon server means', () => {
  // The words are those of config/locales/en.yml and app/controllers/concerns/api/error_handling.rb.
  it.each<[string, Step, Failure, string, string | null | undefined]>([
    ['nothing was sent', 'publish', failure(null, '', { sent: false }), 'retry', undefined],
    ['no answer came', 'publish', failure(null), 'unknown', undefined],
    ['no answer came to a picture', 'prepare', failure(null), 'retry', undefined],
    ['the server broke', 'publish', failure(500), 'unknown', undefined],
    ['the server broke over a picture', 'prepare', failure(500, 'Error processing thumbnail'), 'retry', undefined],
    ['a gateway waited in vain', 'publish', failure(504), 'unknown', undefined],
    [
      'another server did not answer',
      'publish',
      failure(503, 'Remote data could not be fetched'),
      'unknown',
      undefined,
    ],
    ['the token was taken back', 'publish', failure(401, 'The access token was revoked'), 'unauthorized', undefined],
    ['the token is unknown', 'prepare', failure(401, 'The access token is invalid'), 'unauthorized', undefined],
    [
      'a right is missing',
      'publish',
      failure(403, 'This action is outside the authorized scopes'),
      'unauthorized',
      undefined,
    ],
    ['the account is suspended', 'publish', failure(403, 'Your login is currently disabled'), 'blocked', undefined],
    ['it is forbidden', 'publish', failure(403, 'This action is not allowed'), 'blocked', undefined],
    [
      'the post answered is gone',
      'publish',
      failure(404, 'The post you are trying to reply to does not appear to exist.'),
      'rejected',
      null,
    ],
    ['the server is gone', 'publish', failure(410), 'rejected', null],
    ['a picture is too large', 'prepare', failure(413), 'rejected', 'pictures'],
    [
      'the text is too long',
      'publish',
      failure(422, 'Validation failed: Text character limit of 500 exceeded'),
      'rejected',
      'text',
    ],
    ['there are too many pictures', 'publish', failure(422, 'Cannot attach more than 4 files'), 'rejected', 'pictures'],
    [
      'a film was mixed with pictures',
      'publish',
      failure(422, 'Cannot attach a video to a post that already contains images'),
      'rejected',
      'pictures',
    ],
    [
      'the file is none',
      'prepare',
      failure(422, 'Validation failed: File content type is invalid'),
      'rejected',
      'pictures',
    ],
    [
      'a film is not ready',
      'publish',
      failure(422, 'Cannot attach files that have not finished processing. Try again in a moment!'),
      'retry',
      undefined,
    ],
    ['it may not be quoted', 'publish', failure(422, 'Validation failed: Quote is not allowed'), 'rejected', null],
    ['too much was sent', 'publish', failure(429, 'Too many requests'), 'limited', undefined],
    ['the address has moved', 'publish', failure(301), 'blocked', undefined],
    ['it is none of these', 'publish', failure(418, 'A teapot'), 'rejected', null],
  ])('when %s (%s)', (_when, step, failed, kind, field) => {
    const outcome = publishOutcomeOf(failed, step, now)
    expect(outcome.kind).toBe(kind)
    if (outcome.kind !== 'published') expect(outcome.cause).toMatch(/^[A-Z].*\.$/)
    if (field !== undefined) expect(outcome).toMatchObject({ field })
  })

  it('repeats the server’s words once', () => {
    const outcome = publishOutcomeOf(failure(422, 'Validation failed: Text can’t be blank.'), 'publish', now)
    expect(outcome).toMatchObject({ cause: 'The server refused the post (“Validation failed: Text can’t be blank”).' })
  })

  it.each([
    [
      'the instant that Mastodon names',
      { 'x-ratelimit-reset': '2026-11-21T17:33:00.000000Z' },
      '2026-11-21T17:33:00.000Z',
    ],
    ['the seconds that a proxy names', { 'retry-after': '600' }, '2026-11-21T17:40:00.000Z'],
    [
      'the later of both',
      { 'retry-after': '60', 'x-ratelimit-reset': '2026-11-21T17:33:00.000Z' },
      '2026-11-21T17:33:00.000Z',
    ],
    ['five minutes when it names nothing', {}, '2026-11-21T17:35:00.000Z'],
    ['five minutes when it names nonsense', { 'x-ratelimit-reset': '1795282200' }, '2026-11-21T17:35:00.000Z'],
  ])('pauses until %s', (_case, headers, until) => {
    expect(pausedUntil(new Headers(headers as Record<string, string>), now).toISO()).toBe(until)
  })

  it.each([
    ['it is gone already', failure(404, 'Record not found'), 'retracted'],
    ['the server keeps a grave', failure(410), 'retracted'],
    ['no answer came', failure(null), 'retry'],
    ['the server broke', failure(502), 'retry'],
    ['too much was deleted', failure(429), 'retry'],
    ['the token was taken back', failure(401), 'unauthorized'],
    ['a right is missing', failure(403, 'This action is outside the authorized scopes'), 'unauthorized'],
    ['it is forbidden', failure(403, 'This action is not allowed'), 'by-hand'],
    ['it is none of these', failure(400), 'by-hand'],
  ])('lets a deletion end well, when %s', (_when, failed, kind) => {
    expect(retractOutcomeOf(failed, now).kind).toBe(kind)
  })
})
