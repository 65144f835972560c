import type { DateTime } from 'luxon'

import { type GraphFault, graphPublishOutcome, type GraphStep } from '../graph-answers.js'
import type { PublishOutcome } from '../platform.js'

/**
 * Subcodes of
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes (June 2026).
 * `retry` and `lost` are safe since the container decides what is public.
 */
type Meaning =
  | { readonly kind: 'rejected'; readonly field: 'text' | 'pictures' | 'video'; readonly cause: string }
  | { readonly kind: 'retry'; readonly cause: string }
  | { readonly kind: 'blocked'; readonly cause: string }

const refused = (field: 'text' | 'pictures' | 'video', cause: string): Meaning => ({ kind: 'rejected', field, cause })
const unreachable =
  'Instagram could not fetch the pictures from this installation. Its address has to be open to the public by https.'

const meanings: Readonly<Record<number, Meaning>> = {
  2207003: { kind: 'retry', cause: unreachable },
  2207052: { kind: 'retry', cause: unreachable },
  2207020: { kind: 'retry', cause: 'The prepared post has expired; another one is made.' },
  2207032: { kind: 'retry', cause: 'Instagram could not prepare the post.' },
  2207053: { kind: 'retry', cause: 'Instagram could not prepare the film.' },
  2207082: { kind: 'retry', cause: 'Instagram could not take the film.' },
  2207004: refused('pictures', 'A picture is too large for Instagram: it takes 8 MB.'),
  2207005: refused('pictures', 'Instagram cannot read a picture: it takes JPEG.'),
  2207009: refused('pictures', 'Instagram does not take the shape of a picture: from 4:5 (upright) to 1.91:1 (wide).'),
  2207010: refused(
    'text',
    'The caption is too long for Instagram: it takes 2,200 characters, 30 hashtags, 20 mentions.',
  ),
  2207023: refused('pictures', 'Instagram does not know this kind of post.'),
  2207026: refused('video', 'Instagram cannot read the film. Make it MP4 with H.264 and AAC.'),
  2207028: refused('pictures', 'Instagram takes 2 to 10 pictures in one post.'),
  2207040: refused('text', 'The caption has more mentions than Instagram takes (20).'),
  2207057: refused('video', 'The film is shorter than its cover picture.'),
  2207050: {
    kind: 'blocked',
    cause:
      'Instagram has restricted this account, or wants something confirmed. Open Instagram and look at its messages.',
  },
  2207051: {
    kind: 'blocked',
    cause:
      'Instagram takes this for spam and has stopped the account for a while. Open Instagram and look at its messages.',
  },
}

/**
 * The network does not find the container that it has just called ready: "Media ID is not available" (24, 2207006), "is
 * not ready for publishing" (9007, 2207027), or a temporary fault for which the reference wants another try after two
 * minutes and then another container (24, 2207008).
 */
export function isLostContainer({ subcode }: GraphFault): boolean {
  return subcode === 2207006 || subcode === 2207008 || subcode === 2207027
}

/** The outcome of a publication whose call failed. */
export function publishOutcomeOf(fault: GraphFault, step: GraphStep, now: DateTime): PublishOutcome {
  const known = meanings[fault.subcode ?? 0]
  if (!known || fault.status === null || fault.status >= 500) return graphPublishOutcome('Instagram', fault, step, now)
  return outcomeOf(known, fault.detail)
}

/** The outcome of a container whose state is ERROR; `status` words it "Error: … with error code 2207026". */
export function containerOutcomeOf(said: string | null): PublishOutcome {
  const known = meanings[Number(/\b2207\d{3}\b/.exec(said ?? '')?.[0] ?? 0)]
  const detail = said ?? 'no status'
  if (known) return outcomeOf(known, detail)
  return {
    kind: 'retry',
    cause: 'Instagram could not prepare the post, and does not say why.',
    afterSeconds: null,
    detail,
  }
}

function outcomeOf(known: Meaning, detail: string): PublishOutcome {
  return known.kind === 'retry' ? { ...known, afterSeconds: null, detail } : { ...known, detail }
}
