import { checkCapabilities } from '../capability-rules.js'
import { graphemesOf } from '../measure.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, Limits, Measure, PlatformRules, Problem } from '../platform.js'

const limits: Limits = {
  textLimit: 5000,
  pictures: 10,
  pictureBytes: 10_000_000,
  altText: 5000,
  pictureTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
}

function measure(text: string): Measure {
  return { used: graphemesOf(text), limit: limits.textLimit, unit: 'characters' }
}

const capabilities: Capabilities = {
  name: 'Noticeboard',
  altText: true,
  retract: true,
  // The notice's key is unique in the database.
  idempotent: true,
  settlingSeconds: 0,
  // "Useful" presses and page views; the page has no replies, reposts or counted links.
  metrics: ['reactions', 'impressions'],
  gapMinutes: 30,
  dailyCap: 10,
  threads: null,
  firstComment: false,
  contentWarning: false,
  visibilities: ['public'],
  answers: false,
  reposts: false,
  lookUp: false,
  replies: false,
  cautions: [],
}

/** The rules of the group's own public page: generous, since nothing outside sets them. */
export const noticeboardRules: PlatformRules = {
  network: 'noticeboard',
  capabilities,
  limits,
  measure,
  check(post) {
    const problems: Problem[] = []
    const { used, limit } = measure(post.text)
    if (used > limit) {
      problems.push({ field: 'text', message: `A notice takes ${limit} characters; this text has ${used}.` })
    }
    if (post.text.trim() === '' && post.link === null && post.pictures.length === 0) {
      problems.push({ field: 'text', message: 'A notice needs a text, a link or a picture; this post has none.' })
    }
    return [
      ...problems,
      ...checkPictures('The noticeboard', limits, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
