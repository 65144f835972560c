import { DateTime } from 'luxon'

import { graphFaultOf } from '../graph-answers.js'
import { isDuplicate, publishOutcomeOf } from './facebook-answers.js'

const now = DateTime.fromISO('2026-11-21T17:30:00.000Z', { zone: 'utc' })
const fault = (code: number, subcode?: number, status = 400) =>
  graphFaultOf(
    {
      message: '',
      status,
      sent: true,
      headers: new Headers(),
      body: { error: { message: 'no', code, error_subcode: subcode } },
      detail: 'raw',
    },
    now,
  )

/** Rows of https://developers.facebook.com/docs/graph-api/guides/error-handling and of the edges’ own tables. */
describe('what Facebook says to a post', () => {
  it.each([
    [1, undefined, 'an unknown, possibly temporary issue', 'unknown', undefined],
    [4, undefined, 'too many calls of the app', 'limited', undefined],
    [32, undefined, 'too many calls of the page', 'limited', undefined],
    [80_001, undefined, 'too many calls of the page, newer', 'limited', undefined],
    [190, 458, 'the app was removed', 'unauthorized', undefined],
    [190, 460, 'the password was changed', 'unauthorized', undefined],
    [190, 463, 'the token has expired', 'unauthorized', undefined],
    [190, 492, 'the person lost their role', 'unauthorized', undefined],
    [200, undefined, 'a permission is missing', 'unauthorized', undefined],
    [368, undefined, 'blocked for policy', 'blocked', undefined],
    [324, undefined, 'missing or invalid image', 'rejected', 'pictures'],
    [100, 1366046, 'the picture is too large', 'rejected', 'pictures'],
    [390, undefined, 'the film could not be taken', 'rejected', 'video'],
    [352, undefined, 'this kind of film', 'rejected', 'video'],
    [1609005, undefined, 'the link could not be read', 'rejected', 'link'],
    [100, 1609005, 'the link could not be read, as a subcode', 'rejected', 'link'],
    [100, undefined, 'something else', 'rejected', null],
  ])('%i/%s: %s', (code, subcode, _said, kind, field) => {
    const outcome = publishOutcomeOf(fault(code, subcode), 'publish', now)
    expect(outcome).toMatchObject({ kind, detail: 'raw' })
    expect((outcome as { field?: string | null }).field).toBe(field)
  })

  it('means nothing when the server is broken', () => {
    expect(publishOutcomeOf(fault(1609005, undefined, 500), 'publish', now).kind).toBe('unknown')
    expect(isDuplicate(fault(506, undefined, 500))).toBe(false)
  })

  it('is known to be about a duplicate', () => {
    expect(isDuplicate(fault(506))).toBe(true)
    expect(isDuplicate(fault(100, 1366051))).toBe(true)
    expect(isDuplicate(fault(100))).toBe(false)
  })
})
