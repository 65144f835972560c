import { DateTime } from 'luxon'

import { graphFaultOf } from '../graph-answers.js'
import { containerOutcomeOf, isLostContainer, publishOutcomeOf } from './threads-answers.js'

const now = DateTime.fromISO('2026-11-21T17:30:00.000Z', { zone: 'utc' })
const fault = (error: Record<string, unknown>) =>
  graphFaultOf(
    { message: '', status: 400, sent: true, headers: new Headers(), body: { error }, detail: JSON.stringify(error) },
    now,
  )

describe('what Threads says', () => {
  // https://developers.facebook.com/docs/threads/troubleshooting, error_message
  it.each([
    ['FAILED_DOWNLOADING_VIDEO', 'retry', undefined],
    ['FAILED_PROCESSING_AUDIO', 'rejected', 'video'],
    ['FAILED_PROCESSING_VIDEO', 'rejected', 'video'],
    ['INVALID_ASPEC_RATIO', 'rejected', 'pictures'],
    ['INVALID_BIT_RATE', 'rejected', 'video'],
    ['INVALID_DURATION', 'rejected', 'video'],
    ['INVALID_FRAME_RATE', 'rejected', 'video'],
    ['INVALID_AUDIO_CHANNELS', 'rejected', 'video'],
    ['INVALID_AUDIO_CHANNEL_LAYOUT', 'rejected', 'video'],
    ['UNKNOWN', 'retry', undefined],
    [null, 'retry', undefined],
  ])('of a container: %s', (said, kind, field) => {
    const outcome = containerOutcomeOf(said)
    expect(outcome.kind).toBe(kind)
    expect((outcome as { field?: string }).field).toBe(field)
  })

  it('of too many links is about the text', () => {
    const outcome = publishOutcomeOf(fault({ code: 100, message: 'THREADS_API__LINK_LIMIT_EXCEEDED' }), 'prepare', now)
    expect(outcome).toMatchObject({ kind: 'rejected', field: 'text' })
    expect(publishOutcomeOf(fault({ code: 190 }), 'prepare', now).kind).toBe('unauthorized')
  })

  it('of a container that it has mislaid is known by code and subcode', () => {
    expect(isLostContainer(fault({ code: 24, error_subcode: 4279009 }))).toBe(true)
    expect(isLostContainer(fault({ code: 100 }))).toBe(false)
  })
})
