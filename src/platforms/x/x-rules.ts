import { checkCapabilities } from '../capability-rules.js'
import { megabytes } from '../measure.js'
import { checkPictures } from '../picture-rules.js'
import type { Capabilities, CheckedPost, Limits, PlatformRules, Problem } from '../platform.js'
import { addresses, weightedLength } from './weighted-length.js'

/** A GIF may be larger than a photo. Source: https://docs.x.com/x-api/media/quickstart/best-practices */
const GIF_BYTES = 15_000_000

const limits: Limits = {
  // An account that pays X may write longer posts; whoever connects it says how long (`XAdapter.askLimits`).
  textLimit: 280,
  // https://docs.x.com/x-api/media/quickstart/best-practices: 4 photos, or 1 GIF, or 1 video; photos 5 MB.
  pictures: 4,
  pictureBytes: 5_000_000,
  // POST /2/media/metadata, `alt_text.text`: at most 1,000 characters.
  altText: 1000,
  pictureTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  // The same page: 512 MB, 0.5 to 140 seconds, H.264 and AAC.
  video: { bytes: 512_000_000, seconds: 140, types: ['video/mp4'] },
  charactersPerLink: 23,
}

/** Dollars, by https://docs.x.com/x-api/getting-started/pricing (since 20 April 2026). */
const prices = {
  post: 0.015,
  postWithLink: 0.2,
  description: 0.005,
  // Taken to be what the list calls "User Interaction: Create"; posting costs the same.
  repost: 0.015,
  // Each look at somebody's post is a post read ($0.005) and, for who wrote it, a user ($0.010).
  look: 0.015,
}
const dearByLink = 'A post with a link costs $0.20, one without $0.015.'
const dearByLooks = 'Two looks at the post, for the review and again before it is passed on, are $0.03 of that.'

const capabilities: Capabilities = {
  name: 'X',
  altText: true,
  retract: true,
  // There is no idempotency key; X refuses the same words twice, and the account's own posts are read then.
  idempotent: false,
  // The account's timeline may lag behind a post by seconds.
  settlingSeconds: 15,
  metrics: ['reactions', 'replies', 'reposts', 'clicks', 'impressions'],
  gapMinutes: 60,
  dailyCap: 6,
  threads: { parts: 25 },
  firstComment: true,
  contentWarning: false,
  visibilities: ['public'],
  answers: true,
  reposts: true,
  lookUp: true,
  // https://docs.x.com/changelog: answers since 23 February 2026, quotes since 20 April 2026; reposts are not among
  // what was taken from ordinary apps.
  whyNoAnswers: 'X lets ordinary apps answer only people who mentioned or quoted the account',
  whyNoQuotes: 'X takes no quotes from ordinary apps',
  replies: true,
  // https://docs.x.com/x-api/getting-started/pricing (prices since 20 April 2026)
  cost: 'X charges the owner of the developer app: about $0.015 for a post and $0.20 for a post with a link, and half a cent for the description of a picture (April 2026); a repost about $0.045 with the looks at what it passes on; reading counters and replies costs fractions of a cent each.',
  cautions: [
    'X may refuse the second part of a thread, a first comment and answers: since February 2026 an ordinary app may answer only people who mentioned or quoted the account.',
    'X takes no quotes: ordinary apps lost them in April 2026. Somebody’s post is passed on without words of your own.',
    'X takes one $cashtag in a post, and refuses the same words twice.',
    'X takes no description of a film.',
    'Clicks are counted for 30 days only.',
  ],
}

/**
 * What stands in the post: X makes the card of a page from the address in the text, so that a link that is not written
 * there is put below it.
 */
export function textToSend({ text, link }: Pick<CheckedPost, 'text' | 'link'>): string {
  if (link === null || text.includes(link)) return text
  return text.trim() === '' ? link : `${text}\n\n${link}`
}

/** Symbols of shares as X finds them: $ and up to six letters, and perhaps a dot and two more (twitter-text, cashtag). */
function cashtagsIn(text: string): number {
  return [...text.matchAll(/(?<![\w$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?![\w$])/gi)].length
}

/** Limits and habits of X (https://docs.x.com as of November 2026). */
export const xRules: PlatformRules = {
  network: 'x',
  capabilities,
  limits,
  measure: (text, told = limits) => ({ used: weightedLength(text), limit: told.textLimit, unit: 'characters' }),
  check(post, told = limits) {
    const problems: Problem[] = []
    const whole = textToSend(post)
    const used = weightedLength(whole)
    if (used > told.textLimit) {
      const withLink = whole === post.text ? 'this text has' : 'this text with its link has'
      problems.push({ field: 'text', message: `X takes ${told.textLimit} characters; ${withLink} ${used}.` })
    }
    const isEmpty = whole.trim() === '' && post.pictures.length === 0 && post.video === undefined
    if (isEmpty && post.repostOf === undefined)
      problems.push({ field: 'text', message: 'X needs a text, a picture or a film; this post has none.' })
    // https://docs.x.com/x-api/posts/create-post (2026): at most one cashtag through the API.
    if (cashtagsIn(whole) > 1)
      problems.push({ field: 'text', message: `X takes one $cashtag in a post; this one has ${cashtagsIn(whole)}.` })
    return [...problems, ...checkGif(post), ...checkCapabilities(capabilities, told, post)]
  },
  price(post) {
    if (post.repostOf !== undefined) return { dollars: prices.repost + 2 * prices.look, because: dearByLooks }
    const withLink = addresses().test(textToSend(post))
    const described = post.pictures.filter(({ alt }) => alt.trim() !== '').length
    return {
      dollars: (withLink ? prices.postWithLink : prices.post) + described * prices.description,
      because: withLink ? dearByLink : null,
    }
  },
}

/** A GIF stands alone, whether it moves or not: it is sent as a moving one. */
function checkGif({ pictures }: CheckedPost): Problem[] {
  const gifs = pictures.filter(({ mime }) => mime === 'image/gif')
  if (gifs.length === 0) return checkPictures('X', limits, pictures)
  const problems = checkPictures('X', { ...limits, pictureBytes: GIF_BYTES }, pictures)
  if (pictures.length > 1)
    problems.push({ field: 'pictures', message: 'X takes either one GIF or up to 4 other pictures.' })
  return problems.map((problem) => ({
    ...problem,
    message: problem.message.replace(megabytes(GIF_BYTES), `${megabytes(GIF_BYTES)} for a GIF`),
  }))
}
