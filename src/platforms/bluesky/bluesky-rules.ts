import { checkCapabilities } from '../capability-rules.js'
import { graphemesOf } from '../measure.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, Limits, Measure, PlatformRules, Problem } from '../platform.js'

/**
 * `text`: maxGraphemes 300 and maxLength 3000 (bytes of UTF-8), both in lexicon `app.bsky.feed.post`.
 * A post of a few emoji sequences can reach the second limit first.
 */
const GRAPHEMES = 300
const BYTES = 3000

const limits: Limits = {
  textLimit: GRAPHEMES,
  // Lexicon `app.bsky.embed.images`: maxLength 4, image maxSize 2,000,000 bytes, accept image/*.
  pictures: 4,
  pictureBytes: 2_000_000,
  // The lexicon sets no limit; Bluesky's own app stops at 2,000, so longer text cannot be corrected there.
  altText: 2000,
  pictureTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  // Lexicon `app.bsky.embed.video` takes 300,000,000 bytes, but a server's own limit may be 50 MB (reference
  // distribution, PDS_BLOB_UPLOAD_LIMIT); three minutes is what Bluesky's video service takes.
  video: { bytes: 50_000_000, seconds: 180, types: ['video/mp4'] },
}

/** Lexicon `app.bsky.embed.video`: alt, maxGraphemes 1000. */
const FILM_ALT = 1000

function measure(text: string): Measure {
  const bytes = new TextEncoder().encode(text).length
  const characters = graphemesOf(text)
  if (bytes > BYTES && characters <= GRAPHEMES) return { used: bytes, limit: BYTES, unit: 'bytes' }
  return { used: characters, limit: GRAPHEMES, unit: 'characters' }
}

const capabilities: Capabilities = {
  name: 'Bluesky',
  altText: true,
  retract: true,
  // `putRecord` under a chosen record key with `swapRecord: null` writes once, however often it is sent.
  idempotent: true,
  // The account's own server is asked, and it reads its own writes.
  settlingSeconds: 5,
  // `app.bsky.feed.defs#postView` has no impressions and no clicks.
  metrics: ['reactions', 'replies', 'reposts'],
  gapMinutes: 60,
  dailyCap: 6,
  // Replies hang on each other without a limit; longer ones are hardly read, and are sent in one go.
  threads: { parts: 25 },
  // A reply of our own.
  firstComment: true,
  // Lexicon `com.atproto.label.defs#selfLabels` has words for nudity and gore, and none for what one's own words say:
  // the warning that reviewers approved could not be shown.
  contentWarning: false,
  visibilities: ['public'],
  answers: true,
  reposts: true,
  lookUp: true,
  replies: true,
  cautions: [
    'Bluesky tells no views and no clicks.',
    'A post has pictures, a film or a link card: one of the three.',
    'An animated GIF stands still; a film is made ready after the post is out, which can take some minutes.',
    'Bluesky’s labels for nudity and violence are not set from here, and there are no warnings in words.',
  ],
}

/** Limits and habits of Bluesky (lexicons app.bsky.* as of 2026). */
export const blueskyRules: PlatformRules = {
  network: 'bluesky',
  capabilities,
  limits,
  measure,
  check(post) {
    const problems: Problem[] = []
    const length = measure(post.text)
    if (length.used > length.limit) {
      problems.push({
        field: 'text',
        message: `Bluesky takes ${length.limit} ${length.unit}; this text has ${length.used}.`,
      })
    }
    const media = post.pictures.length > 0 || post.video !== undefined
    if (post.text.trim() === '' && post.link === null && !media && post.repostOf === undefined) {
      problems.push({ field: 'text', message: 'Bluesky needs a text, a link or a picture; this post has none.' })
    }
    // A post has one embed (lexicon `app.bsky.feed.post`, `embed` is a union): pictures or a link card.
    if (post.link !== null && media && !post.text.includes(post.link)) {
      const shown = post.video ? 'film' : 'pictures'
      problems.push({
        field: 'link',
        message: `Bluesky shows either ${post.video ? 'a film' : shown} or a link card. Put the link into the text, or leave the ${shown} out.`,
      })
    }
    const described = graphemesOf(post.video?.alt ?? '')
    if (described > FILM_ALT) {
      problems.push({
        field: 'alt',
        message: `The description of the film has ${described} characters; Bluesky takes ${FILM_ALT}.`,
      })
    }
    return [
      ...problems,
      ...checkPictures('Bluesky', limits, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
