import { checkCapabilities } from '../capability-rules.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, CheckedPost, Limits, Measure, PlatformRules, Problem } from '../platform.js'
import { lengthOf } from './mastodon-length.js'

/** Of a server that does not tell. Source: https://docs.joinmastodon.org/entities/Instance/ (its example and defaults). */
export const mastodonLimits: Limits & { charactersPerLink: number } = {
  textLimit: 500,
  charactersPerLink: 23,
  pictures: 4,
  pictureBytes: 16_777_216,
  // MediaAttachment::MAX_DESCRIPTION_LENGTH; counted in code points, see `check`.
  altText: 1500,
  pictureTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  // No server limits how long a film lasts; a day stands for that.
  video: { bytes: 103_809_024, seconds: 86_400, types: ['video/mp4'] },
}

const capabilities: Capabilities = {
  name: 'Mastodon',
  altText: true,
  retract: true,
  // `Idempotency-Key`, for an hour (https://docs.joinmastodon.org/methods/statuses/#headers). See `settlingSeconds`.
  idempotent: true,
  // The server looks for the key first and stores it only after the status was made (app/services/
  // post_status_service.rb): sent again while the first request still runs there, there would be two. A server gives up
  // a request after 60 seconds at most (nginx `proxy_read_timeout`, its own sample configuration).
  settlingSeconds: 90,
  metrics: ['reactions', 'replies', 'reposts'],
  gapMinutes: 60,
  dailyCap: 6,
  threads: { parts: 25 },
  firstComment: true,
  contentWarning: true,
  visibilities: ['public', 'unlisted', 'followers'],
  answers: true,
  reposts: true,
  lookUp: true,
  replies: true,
  cautions: [
    'Mastodon tells no views and no clicks.',
    'An answer reaches the person only if its text names them, such as @name@server.',
    'Words of your own about somebody’s post need a server with quotes (Mastodon 4.5) and a person who allows them.',
    'What is deleted here may stay on other servers that have fetched it and do not listen.',
  ],
}

/** The text as it is sent: a link that is not in it is put below it, since the server makes its card from the text. */
export function textOf({ text, link }: Pick<CheckedPost, 'text' | 'link'>): string {
  if (link === null || text.includes(link)) return text
  return text.trim() === '' ? link : `${text}\n\n${link}`
}

function linkLength(limits: Limits): number {
  return limits.charactersPerLink ?? mastodonLimits.charactersPerLink
}

function measure(text: string, limits: Limits = mastodonLimits): Measure {
  return { used: lengthOf(text, linkLength(limits)), limit: limits.textLimit, unit: 'characters' }
}

/** Mastodon and the servers that speak its API. What a server tells (`askLimits`) stands instead of the defaults. */
export const mastodonRules: PlatformRules = {
  network: 'mastodon',
  capabilities,
  limits: mastodonLimits,
  measure,
  check(post, limits = mastodonLimits) {
    const problems: Problem[] = []
    const text = textOf(post)
    const used = lengthOf(text, linkLength(limits), post.contentWarning)
    if (used > limits.textLimit) {
      const counted = post.contentWarning === undefined ? 'this text' : 'this text and its warning'
      const has = post.contentWarning === undefined ? 'has' : 'have'
      problems.push({
        field: 'text',
        message: `The server takes ${limits.textLimit} characters; ${counted} ${has} ${used}.`,
      })
    }
    const media = post.pictures.length > 0 || post.video !== undefined
    if (text.trim() === '' && !media && post.repostOf === undefined)
      problems.push({ field: 'text', message: 'Mastodon needs a text, a link or a picture; this post has none.' })
    // app/services/post_status_service.rb: without a text the warning becomes the text, and hides nothing.
    if (text.trim() === '' && post.contentWarning !== undefined)
      problems.push({ field: 'contentWarning', message: 'A content warning on Mastodon needs a text behind it.' })
    if (post.repostOf !== undefined && text.trim() === '' && media)
      problems.push({ field: 'text', message: 'Passing a post on with pictures needs a text, too.' })
    const { altText } = limits
    const described = [...post.pictures, ...(post.video ? [post.video] : [])]
    described.forEach(({ alt }, index) => {
      // MediaAttachment validates `length`, which in Ruby is code points.
      const points = [...alt].length
      if (altText !== null && points > altText)
        problems.push({
          field: 'alt',
          message: `The description of ${post.video ? 'the film' : `picture ${index + 1}`} has ${points} characters; the server takes ${altText}.`,
        })
    })
    return [
      ...problems,
      ...checkPictures('The server', { ...limits, altText: null }, post.pictures),
      ...checkCapabilities(capabilities, limits, post),
    ]
  },
}
