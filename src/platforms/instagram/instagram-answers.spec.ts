import { DateTime } from 'luxon'

import { graphFaultOf } from '../graph-answers.js'
import { containerOutcomeOf, isLostContainer, publishOutcomeOf } from './instagram-answers.js'

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

/** Rows of https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes */
describe('what Instagram says to a post', () => {
  it.each([
    [-2, 2207003, 'takes too long to download the media', 'retry', undefined],
    [-2, 2207020, 'the media has expired', 'retry', undefined],
    [-1, 2207001, 'Instagram server error', 'unknown', undefined],
    [-1, 2207032, 'create media fail', 'retry', undefined],
    [-1, 2207053, 'unknown upload error', 'retry', undefined],
    [1, 2207057, 'thumbnail offset', 'rejected', 'video'],
    [4, 2207051, 'we restrict certain activity', 'blocked', undefined],
    [9, 2207042, 'maximum number of posts', 'limited', undefined],
    [25, 2207050, 'the account is restricted', 'blocked', undefined],
    [100, 2207023, 'media type unknown', 'rejected', 'pictures'],
    [100, 2207028, 'carousel with too few', 'rejected', 'pictures'],
    [100, 2207040, 'too many @ tags', 'rejected', 'text'],
    [352, 2207026, 'video format', 'rejected', 'video'],
    [9004, 2207052, 'could not be fetched', 'retry', undefined],
    [36000, 2207004, 'image too large', 'rejected', 'pictures'],
    [36001, 2207005, 'image format', 'rejected', 'pictures'],
    [36003, 2207009, 'aspect ratio', 'rejected', 'pictures'],
    [36004, 2207010, 'caption too long', 'rejected', 'text'],
    [190, 460, 'password changed', 'unauthorized', undefined],
    [4, undefined, 'too many calls', 'limited', undefined],
    [100, undefined, 'something else', 'rejected', null],
  ])('%i/%s: %s', (code, subcode, _said, kind, field) => {
    const outcome = publishOutcomeOf(fault(code, subcode), 'publish', now)
    expect(outcome).toMatchObject({ kind, detail: 'raw' })
    expect((outcome as { field?: string | null }).field).toBe(field)
  })

  it('means nothing when the server is broken', () => {
    expect(publishOutcomeOf(fault(36004, 2207010, 500), 'publish', now).kind).toBe('unknown')
  })

  it('is known to be about a mislaid container', () => {
    const lost = [
      [24, 2207006],
      [24, 2207008],
      [9007, 2207027],
    ] as const
    for (const [code, subcode] of lost) expect(isLostContainer(fault(code, subcode))).toBe(true)
    expect(isLostContainer(fault(100))).toBe(false)
  })

  it('is read from the words of a container that failed', () => {
    const said = 'Error: Media upload has failed with error code 2207026'
    expect(containerOutcomeOf(said)).toMatchObject({ kind: 'rejected', field: 'video', detail: said })
    expect(containerOutcomeOf('Error: 2207003').kind).toBe('retry')
    expect(containerOutcomeOf(null).kind).toBe('retry')
  })
})
