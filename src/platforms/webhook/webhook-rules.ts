import { checkCapabilities } from '../capability-rules.js'
import { graphemesOf } from '../measure.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, Limits, Measure, PlatformRules, Problem } from '../platform.js'

/** Ours: enough for a long article of a newsletter, and small enough for one request. */
const TEXT = 20_000

const limits: Limits = {
  textLimit: TEXT,
  // They travel inside the request, so all of them together stay well under what web servers take (20 MB).
  pictures: 6,
  pictureBytes: 2_000_000,
  altText: null,
  pictureTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
}

function measure(text: string): Measure {
  return { used: graphemesOf(text), limit: TEXT, unit: 'characters' }
}

const capabilities: Capabilities = {
  name: 'Webhook',
  altText: true,
  retract: true,
  // The receiver is told one stable id for each post, and has to keep it: nobody can make it.
  idempotent: false,
  settlingSeconds: 5,
  metrics: ['reactions', 'replies', 'reposts', 'clicks', 'impressions'],
  gapMinutes: 30,
  dailyCap: 20,
  threads: { parts: 25 },
  firstComment: true,
  contentWarning: true,
  visibilities: ['public', 'unlisted', 'followers'],
  answers: false,
  reposts: false,
  lookUp: false,
  replies: false,
  cautions: [
    'You need a program of your own that receives the posts: what becomes of them is up to it.',
    'A receiver that cannot say whether it has a post makes somebody look whenever its answer is lost.',
  ],
}

/** Limits of the signed webhook: ours, since no network sets any. */
export const webhookRules: PlatformRules = {
  network: 'webhook',
  capabilities,
  limits,
  measure,
  check(post) {
    const problems: Problem[] = []
    const { used } = measure(post.text)
    if (used > TEXT)
      problems.push({ field: 'text', message: `A webhook takes ${TEXT} characters; this text has ${used}.` })
    if (post.text.trim() === '' && post.link === null && post.pictures.length === 0)
      problems.push({ field: 'text', message: 'A webhook needs a text, a link or a picture; this post has none.' })
    return [
      ...problems,
      ...checkPictures('A webhook', limits, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
