import { checkCapabilities } from '../capability-rules.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, CheckedPost, Limits, PlatformRules, Problem } from '../platform.js'

/** https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api: `message.text`. */
const COMMENT = 1250
/** https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/images-api: fewer than this. */
const PIXELS = 36_152_320

const limits: Limits = {
  // https://www.linkedin.com/help/linkedin/answer/a528176; the Posts API names the same number for `commentary`.
  textLimit: 3000,
  // MultiImage API: “minimum of 2 images and maximum of 20 images”; one picture is a post of its own kind.
  pictures: 20,
  // The Images API names no size in bytes; LinkedIn’s own page takes 5 MB.
  pictureBytes: 5_000_000,
  // Posts API, `altText`: at most 4,086 characters.
  altText: 4086,
  // Images API: JPG, GIF and PNG.
  pictureTypes: ['image/jpeg', 'image/png', 'image/gif'],
  // Videos API: MP4, 75 KB to 500 MB, 3 seconds to 30 minutes.
  video: { bytes: 500_000_000, seconds: 1800, types: ['video/mp4'] },
}

const capabilities: Capabilities = {
  name: 'LinkedIn',
  altText: true,
  retract: true,
  // The same words are refused with the address of the post that has them, for a day or two.
  idempotent: true,
  settlingSeconds: 15,
  metrics: ['reactions', 'replies', 'reposts', 'clicks', 'impressions'],
  gapMinutes: 180,
  dailyCap: 3,
  threads: null,
  firstComment: true,
  contentWarning: false,
  visibilities: ['public'],
  answers: false,
  reposts: true,
  lookUp: false,
  replies: false,
  cautions: [
    'LinkedIn ends its permission after 60 days: a person has to connect the channel again, and is told in time.',
    'A company page needs an app with LinkedIn’s Community Management API, for which LinkedIn reviews it; a person’s own account does not.',
    'For a person’s own account LinkedIn gives no counters and, to an ordinary app, takes no first comment; after a lost answer a person has to look whether the post is there.',
    'LinkedIn refuses the same words for a day or two, even if the first post was deleted.',
    'LinkedIn takes no description of a film.',
  ],
}

/** Limits and habits of LinkedIn (Posts API, version 202607). */
export const linkedinRules: PlatformRules = {
  network: 'linkedin',
  capabilities,
  limits,
  // LinkedIn does not say what a character is; UTF-16 code units are the largest of the ways to count.
  measure: (text) => ({ used: text.length, limit: limits.textLimit, unit: 'characters' }),
  check(post) {
    const problems: Problem[] = []
    const limit = post.under ? COMMENT : limits.textLimit
    if (post.text.length > limit) {
      const what = post.under ? 'characters in a comment' : 'characters'
      problems.push({ field: 'text', message: `LinkedIn takes ${limit} ${what}; this text has ${post.text.length}.` })
    }
    const shown = post.pictures.length > 0 || post.video !== undefined
    if (post.text.trim() === '' && post.link === null && !shown && post.repostOf === undefined)
      problems.push({
        field: 'text',
        message: 'LinkedIn needs a text, a link, a picture or a film; this post has none.',
      })
    return [
      ...problems,
      ...checkContent(post, shown),
      ...checkPictures('LinkedIn', limits, post.pictures),
      ...checkPixels(post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}

/** A post has one `content`: pictures, a film, or the card of a page; a comment and a post passed on have none. */
function checkContent({ text, link, under, repostOf, video }: CheckedPost, shown: boolean): Problem[] {
  const card = link !== null && !text.includes(link)
  if (under && shown) return [{ field: 'pictures', message: 'LinkedIn takes no pictures in a comment from here.' }]
  if (under && card)
    return [{ field: 'link', message: 'LinkedIn shows no card in a comment. Put the link into the text.' }]
  if (repostOf !== undefined && (shown || card))
    return [{ field: 'pictures', message: 'LinkedIn takes nothing but words with a post that is passed on.' }]
  if (card && shown) {
    const what = video ? 'a film' : 'pictures'
    const message = `LinkedIn shows either ${what} or a link card. Put the link into the text, or leave ${what} out.`
    return [{ field: 'link', message }]
  }
  return []
}

function checkPixels(pictures: CheckedPost['pictures']): Problem[] {
  return pictures.flatMap(({ width = 0, height = 0 }, index) =>
    width * height < PIXELS
      ? []
      : [
          {
            field: 'pictures' as const,
            message: `Picture ${index + 1} has ${Math.round((width * height) / 1e6)} million pixels; LinkedIn takes 36 million.`,
          },
        ],
  )
}
