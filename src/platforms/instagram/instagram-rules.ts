import { checkCapabilities } from '../capability-rules.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, CheckedPost, Limits, Measure, PlatformRules, Problem } from '../platform.js'

/**
 * Caption: 2,200 characters, 30 hashtags, 20 @ tags
 * (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media, `caption`).
 */
const CHARACTERS = 2200
const MENTIONS = 20
/**
 * More than 30 are refused, says the same page. Since December 2025 Instagram itself counts five, as it told the press;
 * whether the API refuses the sixth is not written anywhere, so `cautions` recommends five.
 */
const HASHTAGS = 30
/**
 * Comments: 300 characters, four hashtags, one address, not all in capitals
 * (.../reference/ig-media/comments, "Limitations").
 */
const COMMENT = { characters: 300, hashtags: 4, links: 1 }
/** Width by height, from 4:5 to 1.91:1 (.../reference/ig-user/media, "Image specifications"). */
const NARROWEST = 4 / 5
const WIDEST = 1.91
/** Rounding of pixels is no other shape. */
const TOLERANCE = 0.01
const SHORTEST_SECONDS = 3

const limits: Limits = {
  textLimit: CHARACTERS,
  // Carousels have 2 to 10 children; images are JPEG of at most 8 MB; reels are MP4 or MOV of at most 300 MB and 15
  // minutes; `alt_text` has at most 1,000 characters (.../reference/ig-user/media).
  pictures: 10,
  pictureBytes: 8_000_000,
  altText: 1000,
  pictureTypes: ['image/jpeg'],
  video: { bytes: 300_000_000, seconds: 900, types: ['video/mp4'] },
}

/** In UTF-16 units: the reference does not say what a character is, and this is the most that it can be. */
function measure(text: string): Measure {
  return { used: text.length, limit: CHARACTERS, unit: 'characters' }
}

const hashtagsIn = (text: string) => text.match(/(?<![\p{L}\p{N}_&])#[\p{L}\p{N}_]+/gu)?.length ?? 0
const mentionsIn = (text: string) => text.match(/(?<![\p{L}\p{N}_@.])@[\w.]+/gu)?.length ?? 0
const linksIn = (text: string) => text.match(/https?:\/\/\S+|\bwww\.\S+/giu)?.length ?? 0

const capabilities: Capabilities = {
  name: 'Instagram',
  altText: true,
  // Only for accounts that are connected through their Facebook page; others are told to delete by hand.
  retract: true,
  // A container is published once, and its id is kept before.
  idempotent: true,
  settlingSeconds: 60,
  metrics: ['reactions', 'replies', 'reposts', 'impressions'],
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
    'Instagram takes no post without a picture or film.',
    'Instagram fetches pictures and films itself, so this installation needs an https address that the public can reach.',
    'Only professional accounts (business or creator) can be connected.',
    'Links in a caption cannot be pressed.',
    'Instagram takes no description of a film.',
    'Instagram counts five hashtags; more may be refused.',
    'Posts can be taken down from here only when the account is connected through its Facebook page.',
  ],
}

function checkCaption(post: CheckedPost): Problem[] {
  const { text, link, pictures, video } = post
  const problems: Problem[] = []
  const say = (field: Problem['field'], message: string) => problems.push({ field, message })
  const { used } = measure(text)
  if (used > CHARACTERS) say('text', `Instagram takes ${CHARACTERS} characters; this text has ${used}.`)
  if (hashtagsIn(text) > HASHTAGS)
    say('text', `Instagram takes at most ${HASHTAGS} hashtags; this text has ${hashtagsIn(text)}.`)
  if (mentionsIn(text) > MENTIONS)
    say('text', `Instagram takes at most ${MENTIONS} mentions; this text has ${mentionsIn(text)}.`)
  if (pictures.length === 0 && video === undefined)
    say('pictures', 'Instagram takes no post without a picture or film. Add one, or leave Instagram out.')
  if (link !== null && !text.includes(link))
    say('link', 'Instagram shows no links. Write it into the text, where people can copy it, or leave it out.')
  if (video && video.seconds < SHORTEST_SECONDS)
    say('video', `The film is shorter than ${SHORTEST_SECONDS} seconds; Instagram takes no shorter ones.`)
  pictures.forEach(({ width, height }, index) => {
    if (width === undefined || height === undefined) return
    const shape = width / height
    if (shape < NARROWEST - TOLERANCE || shape > WIDEST + TOLERANCE)
      say(
        'pictures',
        `Picture ${index + 1} is ${width} by ${height}; Instagram takes shapes from 4:5 (upright) to 1.91:1 (wide). Crop it.`,
      )
  })
  return problems
}

function checkComment({ text, pictures, video, link }: CheckedPost): Problem[] {
  const problems: Problem[] = []
  const say = (field: Problem['field'], message: string) => problems.push({ field, message })
  const used = [...text].length
  if (text.trim() === '') say('text', 'A comment on Instagram needs a text.')
  if (used > COMMENT.characters)
    say('text', `A comment on Instagram takes ${COMMENT.characters} characters; this one has ${used}.`)
  if (hashtagsIn(text) > COMMENT.hashtags)
    say('text', `A comment on Instagram takes ${COMMENT.hashtags} hashtags; this one has ${hashtagsIn(text)}.`)
  if (linksIn(text) > COMMENT.links)
    say('text', `A comment on Instagram takes one link; this one has ${linksIn(text)}.`)
  if (/\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text))
    say('text', 'Instagram takes no comment that is all in capital letters.')
  if (pictures.length > 0 || video) say('pictures', 'A comment on Instagram has no pictures.')
  if (link !== null && !text.includes(link))
    say('link', 'A comment on Instagram shows no link. Write it into the text.')
  return problems
}

/** Limits and habits of Instagram. */
export const instagramRules: PlatformRules = {
  network: 'instagram',
  capabilities,
  limits,
  measure,
  check(post) {
    const below = post.under?.kind === 'comment' || post.under?.kind === 'answer'
    return [
      ...(below ? checkComment(post) : checkCaption(post)),
      ...checkPictures('Instagram', limits, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
