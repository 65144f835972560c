import type { DateTime } from 'luxon'

import { type GraphFault, graphPublishOutcome, type GraphStep } from '../graph-answers.js'
import type { PublishOutcome } from '../platform.js'

/**
 * "Media Not Found", code 24: of containers that are too young, and of some that were ready a moment ago. Seen by many
 * (https://github.com/fbsamples/threads_api/issues/70); not in the reference.
 */
export function isLostContainer({ code, subcode }: GraphFault): boolean {
  return code === 24 || subcode === 4279009
}

/** The outcome of a publication whose call failed. */
export function publishOutcomeOf(fault: GraphFault, step: GraphStep, now: DateTime): PublishOutcome {
  // Since 2025-12-22, when the container is made (https://developers.facebook.com/docs/threads/create-posts).
  if (/THREADS_API__LINK_LIMIT_EXCEEDED/.test(fault.detail)) {
    const cause = 'Threads takes five different links; this post has more. Take some out.'
    return { kind: 'rejected', cause, field: 'text' }
  }
  return graphPublishOutcome('Threads', fault, step, now)
}

/**
 * What `error_message` says of a container that could not be prepared
 * (https://developers.facebook.com/docs/threads/troubleshooting).
 */
const failures: Readonly<Record<string, string>> = {
  FAILED_PROCESSING_AUDIO: 'Threads cannot read the sound of the film. Make it AAC with 48 kHz.',
  FAILED_PROCESSING_VIDEO: 'Threads cannot read the film. Make it MP4 with H.264.',
  INVALID_ASPEC_RATIO: 'Threads does not take this shape of film or picture: it takes up to ten times as wide as high.',
  INVALID_BIT_RATE: 'The film has more bits a second than Threads takes (100 Mbit of picture, 128 kbit of sound).',
  INVALID_DURATION: 'The film is longer than Threads takes (5 minutes).',
  INVALID_FRAME_RATE: 'The film has a frame rate that Threads does not take: 23 to 60 a second.',
  INVALID_AUDIO_CHANNELS: 'Threads takes films with one or two channels of sound.',
  INVALID_AUDIO_CHANNEL_LAYOUT: 'Threads takes films with one or two channels of sound.',
}

/** The outcome of a container whose state is ERROR. What could not be fetched, or is not known, is tried again. */
export function containerOutcomeOf(said: string | null): PublishOutcome {
  const cause = failures[said ?? '']
  if (cause) return { kind: 'rejected', cause, field: /AUDIO|VIDEO|RATE|DURATION/.test(said!) ? 'video' : 'pictures' }
  if (said?.startsWith('FAILED_DOWNLOADING')) {
    const cause =
      'Threads could not fetch the pictures from this installation. Its address has to be open to the public by https.'
    return { kind: 'retry', cause, afterSeconds: null, detail: said }
  }
  const detail = said ?? 'no error_message'
  return {
    kind: 'retry',
    cause: 'Threads could not prepare the post, and does not say why.',
    afterSeconds: null,
    detail,
  }
}
