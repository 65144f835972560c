import { checkCapabilities } from '../capability-rules.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, CheckedPost, Limits, Measure, PlatformRules, Problem } from '../platform.js'

/** "Text posts are limited to 500 characters" (https://developers.facebook.com/docs/threads/posts). */
const CHARACTERS = 500
/** `THREADS_API__LINK_LIMIT_EXCEEDED` since 2025-12-22 (https://developers.facebook.com/docs/threads/create-posts). */
const LINKS = 5

const limits: Limits = {
  textLimit: CHARACTERS,
  // Carousels have 2 to 20 children; images are JPEG or PNG of at most 8 MB, films MP4 or MOV of at most 1 GB and 5
  // minutes (https://developers.facebook.com/docs/threads/overview#image-specifications, #video-specifications).
  pictures: 20,
  pictureBytes: 8_000_000,
  altText: 1000,
  pictureTypes: ['image/jpeg', 'image/png'],
  video: { bytes: 1_000_000_000, seconds: 300, types: ['video/mp4'] },
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** What has, or can have, the form of a picture: pictographs, flags, keycaps. */
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u

/** "Emojis are counted as the number of UTF-8 bytes" (threads/posts): 👍 is 4, a family of three 18. */
function measure(text: string): Measure {
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += emoji.test(segment) ? new TextEncoder().encode(segment).length : [...segment].length
  }
  return { used, limit: CHARACTERS, unit: 'characters' }
}

/** Different addresses in text and link: "all unique URLs", with or without https:// (create-posts/text-attachments). */
export function linksIn({ text, link }: Pick<CheckedPost, 'text' | 'link'>): Set<string> {
  const found = text.match(/https?:\/\/\S+|\bwww\.\S+/giu) ?? []
  const plain = [...found, ...(link === null ? [] : [link])].map((url) =>
    url.replace(/^https?:\/\//i, '').replace(/[.,;:!?)\]/]+$/, ''),
  )
  return new Set(plain)
}

const capabilities: Capabilities = {
  name: 'Threads',
  altText: true,
  retract: true,
  // A container is published once, and its id is kept before.
  idempotent: true,
  settlingSeconds: 60,
  metrics: ['reactions', 'replies', 'reposts', 'impressions'],
  gapMinutes: 60,
  dailyCap: 6,
  threads: { parts: 25 },
  firstComment: true,
  contentWarning: false,
  visibilities: ['public'],
  answers: true,
  reposts: false,
  lookUp: false,
  replies: true,
  cautions: [
    'Pictures and films are fetched by Threads, so this installation needs an https address that the public can reach.',
    'Threads makes a card of the first address in a text by itself, if the post has no card of its own.',
    'Threads takes 250 posts, 1,000 replies and 100 deletions a day of one account.',
    'Somebody has to consent again when the consent could not be renewed within 60 days.',
  ],
}

/** Limits and habits of Threads. */
export const threadsRules: PlatformRules = {
  network: 'threads',
  capabilities,
  limits,
  measure,
  check(post) {
    const problems: Problem[] = []
    const { used } = measure(post.text)
    if (used > CHARACTERS)
      problems.push({
        field: 'text',
        message: `Threads takes ${CHARACTERS} characters, of which an emoji uses several; this text has ${used}.`,
      })
    const media = post.pictures.length > 0 || post.video !== undefined
    if (post.text.trim() === '' && !media)
      problems.push({ field: 'text', message: 'Threads needs a text, a picture or a film; this post has none.' })
    const links = linksIn(post).size
    if (links > LINKS)
      problems.push({ field: 'text', message: `Threads takes ${LINKS} different links; this post has ${links}.` })
    // `link_attachment` is for media type TEXT only (threads/create-posts).
    if (post.link !== null && media && !post.text.includes(post.link))
      problems.push({
        field: 'link',
        message: 'Threads shows either pictures or a link card. Put the link into the text, or leave the pictures out.',
      })
    return [
      ...problems,
      ...checkPictures('Threads', limits, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
