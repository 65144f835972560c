import { checkCapabilities } from '../capability-rules.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, Limits, Measure, PlatformRules, Problem } from '../platform.js'

/** A status has 63,206 characters, as Facebook announced in 2011; the Graph API's reference names no number. */
const CHARACTERS = 63_206
/** A comment has 8,000: "Comment must be 8000 characters or less", says the API when it refuses. */
const COMMENT_CHARACTERS = 8000

const limits: Limits = {
  textLimit: CHARACTERS,
  // Ten is what the page's own editor takes into one post without an album.
  pictures: 10,
  // "Photos should be less than 4 MB" (https://developers.facebook.com/docs/graph-api/reference/page/photos): larger
  // ones are sometimes refused although 10 MB are allowed.
  pictureBytes: 4_000_000,
  // The reference of `alt_text_custom` names none.
  altText: null,
  pictureTypes: ['image/jpeg', 'image/png'],
  // Uploaded in one piece: 1 GB and 20 minutes (https://developers.facebook.com/docs/video-api/guides/publishing).
  video: { bytes: 1_000_000_000, seconds: 1200, types: ['video/mp4'] },
}

/** In UTF-16 units: the reference does not say what a character is, and this is the most that it can be. */
function measure(text: string): Measure {
  return { used: text.length, limit: CHARACTERS, unit: 'characters' }
}

const capabilities: Capabilities = {
  name: 'Facebook',
  altText: true,
  retract: true,
  // There are no keys: in doubt, the page's posts are compared.
  idempotent: false,
  settlingSeconds: 60,
  metrics: ['reactions', 'replies', 'reposts', 'clicks', 'impressions'],
  gapMinutes: 120,
  dailyCap: 4,
  threads: null,
  firstComment: true,
  contentWarning: false,
  visibilities: ['public'],
  answers: true,
  reposts: false,
  lookUp: false,
  replies: true,
  cautions: [
    'Facebook lets apps post as pages only: no profiles, no groups.',
    'Facebook refuses a post that says the same as the one before.',
    'What an app in development mode posts is seen by the public only once the app is live.',
    'A person has to consent again after 90 days.',
    'Facebook takes no description of a film from here.',
  ],
}

/** Limits and habits of Facebook pages. */
export const facebookRules: PlatformRules = {
  network: 'facebook',
  capabilities,
  limits,
  measure,
  check(post) {
    const problems: Problem[] = []
    const say = (field: Problem['field'], message: string) => problems.push({ field, message })
    const { text, link, pictures, video, under } = post
    const most = under ? COMMENT_CHARACTERS : CHARACTERS
    const where = under ? 'A comment on Facebook' : 'Facebook'
    if (measure(text).used > most)
      say('text', `${where} takes ${most} characters; this text has ${measure(text).used}.`)
    const media = pictures.length > 0 || video !== undefined
    if (under) {
      if (text.trim() === '') say('text', 'A comment on Facebook needs a text.')
      if (media) say('pictures', 'A comment on Facebook takes no pictures from here.')
    } else if (text.trim() === '' && link === null && !media)
      say('text', 'Facebook needs a text, a link or a picture; this post has none.')
    if (link !== null && (media || under) && !text.includes(link))
      say(
        'link',
        'Facebook shows either pictures or a link card. Put the link into the text, or leave the pictures out.',
      )
    return [
      ...problems,
      ...checkPictures('Facebook', limits, pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
