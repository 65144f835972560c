import { DateTime } from 'luxon'

import {
  connectRefusalOf,
  duplicateOf,
  type Failure,
  madeAt,
  publishOutcomeOf,
  retractOutcomeOf,
} from './linkedin-answers.js'

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
const input = (description: string, fieldPath = '') => ({
  status: 422,
  message: 'com.linkedin.content.common.exception.BadRequestResponseException: refused',
  errorDetails: { inputErrors: [{ description, input: { inputPath: { fieldPath } }, code: 'X' }] },
})
const token = (serviceErrorCode: number) => failure(401, { status: 401, serviceErrorCode, message: 'token' })
const duplicate = failure(422, {
  errorDetailType: 'com.linkedin.common.error.BadRequest',
  message:
    'com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of urn:li:share:7141138937766391808',
  errorDetails: { inputErrors: [{ description: 'Duplicate post is detected', input: {}, code: 'DUPLICATE_POST' }] },
  status: 422,
})

describe('what a failed call to LinkedIn means', () => {
  /** Bodies as the error guide and reports of 2023 to 2026 have them. */
  it.each([
    ['nothing was sent', 'publish', failure(null, {}, { sent: false }), 'retry'],
    ['no answer came', 'publish', failure(null), 'unknown'],
    ['no answer came to a picture', 'prepare', failure(null), 'retry'],
    ['LinkedIn broke while making the post', 'publish', failure(500), 'unknown'],
    ['LinkedIn broke while taking a picture', 'prepare', failure(503), 'retry'],
    ['the token is invalid', 'publish', token(65600), 'unauthorized'],
    ['the token was taken back', 'publish', token(65601), 'unauthorized'],
    ['the token has ended', 'prepare', token(65602), 'unauthorized'],
    ['the role or product is missing', 'publish', failure(403, { message: 'Not enough permissions' }), 'blocked'],
    ['the scope is missing', 'publish', failure(400, { message: 'Organization permissions must be used' }), 'blocked'],
    ['the version is retired', 'publish', failure(426, { code: 'NONEXISTENT_VERSION', message: 'x' }), 'limited'],
    ['too much was sent', 'publish', failure(429), 'limited'],
    ['the words are refused', 'publish', failure(422, input('too long', '/commentary')), 'rejected'],
    ['the request is bad', 'publish', failure(400, { message: 'Bad' }), 'rejected'],
    ['the post to comment on is gone', 'publish', failure(404), 'rejected'],
    ['nobody knows what', 'publish', failure(418), 'rejected'],
  ] as const)('when %s (%s)', (_when, step, fault, kind) => {
    const outcome = publishOutcomeOf(fault, step, now)
    expect(outcome.kind).toBe(kind)
    expect(outcome).toMatchObject({ cause: expect.stringMatching(/[.!?]$/) })
  })

  it('says why the permission is over', () => {
    const cause = (fault: Failure) => (publishOutcomeOf(fault, 'publish', now) as { cause: string }).cause
    expect(cause(token(65601))).toContain('taken back')
    expect(cause(token(65602))).toContain('60 days')
    expect(cause(token(65600))).toContain('no longer accepts')
  })

  it('names the field that LinkedIn names, and keeps its raw answer', () => {
    const field = (path: string) => publishOutcomeOf(failure(422, input('no', path)), 'publish', now)
    expect(field('/commentary')).toMatchObject({ field: 'text', cause: 'LinkedIn refused the post: no.' })
    expect(field('/content/media/altText')).toMatchObject({ field: 'alt' })
    expect(field('/content/article/source')).toMatchObject({ field: 'link' })
    expect(field('/content/multiImage')).toMatchObject({ field: 'pictures' })
    expect(field('/author')).toMatchObject({ field: null, detail: expect.stringContaining('/author') })
  })

  it('pauses until midnight in UTC unless told otherwise, and all channels only where the installation has to act', () => {
    const paused = (message: string, headers = {}) =>
      publishOutcomeOf(failure(429, { message }, { headers: new Headers(headers) }), 'publish', now)
    const said = (limit: string) => `Resource level throttle ${limit} limit for calls to this resource is reached.`
    expect(paused(said('APPLICATION_AND_MEMBER DAY'))).toMatchObject({
      until: '2026-11-22T00:00:00.000Z',
      scope: 'channel',
    })
    expect(paused(said('APPLICATION DAY'))).toMatchObject({ scope: 'channel' })
    expect(paused('', { 'retry-after': '60' })).toMatchObject({ until: '2026-11-21T17:31:00.000Z' })
    expect(publishOutcomeOf(failure(426), 'publish', now)).toMatchObject({
      scope: 'app',
      cause: expect.stringContaining('LINKEDIN_VERSION'),
    })
  })

  it('finds the post that has the words already', () => {
    expect(duplicateOf(duplicate)).toBe('urn:li:share:7141138937766391808')
    expect(duplicateOf(failure(422, input('no')))).toBeNull()
    expect(duplicateOf({ ...duplicate, status: 500 })).toBeNull()
    expect(madeAt('urn:li:share:7141138937766391808')?.toISO()).toBe('2023-12-14T18:56:38.709Z')
    expect(madeAt('urn:li:comment:1')).toBeNull()
  })

  it('takes a deletion of what is gone for done, and leaves the rest to try again or by hand', () => {
    expect(retractOutcomeOf(failure(404), now).kind).toBe('retracted')
    expect(retractOutcomeOf(failure(null), now).kind).toBe('retry')
    expect(retractOutcomeOf(failure(429), now)).toMatchObject({ kind: 'retry', afterSeconds: 23400 })
    expect(retractOutcomeOf(token(65601), now).kind).toBe('unauthorized')
    expect(retractOutcomeOf(failure(403), now).kind).toBe('by-hand')
  })

  it('tells the person who connects what to do', () => {
    expect(connectRefusalOf(failure(401, { error: 'invalid_client' })).field).toBe('clientSecret')
    expect(connectRefusalOf(failure(400, { error_description: 'the code is used' })).cause).toContain(
      'the code is used.',
    )
    expect(connectRefusalOf(failure(403, { message: 'no' })).field).toBe('pages')
    expect(connectRefusalOf(failure(426)).cause).toContain('LINKEDIN_VERSION')
    expect(connectRefusalOf(failure(429)).cause).toContain('midnight')
    expect(connectRefusalOf(failure(500)).cause).toContain('later')
    expect(connectRefusalOf(failure(null)).cause).toContain('No answer came.')
  })
})
