import type { Capabilities, Network, PlatformRules } from './platform.js'

/** What is done with somebody else's post. */
export type TargetUse = 'answer' | 'repost'

/** The same as the public sees it: passed on with words or pictures of our own is a quote, without them a repost. */
export type TargetManner = 'answer' | 'quote' | 'repost'

/** What of a post is our own. */
interface OwnWords {
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly unknown[]
  readonly video?: unknown
}

/** Whether there is nothing of our own in it. */
export function isWordless({ text, link, pictures, video }: OwnWords): boolean {
  return text.trim() === '' && link === null && pictures.length === 0 && video === undefined
}

/** What becomes of somebody's post in one of ours. */
export function mannerOf(use: TargetUse, own: OwnWords): TargetManner {
  if (use === 'answer') return 'answer'
  return isWordless(own) ? 'repost' : 'quote'
}

/** Whether a network lets an editor do so with somebody's post, which is named by its address. */
export function canTarget(
  { answers, reposts, lookUp, whyNoAnswers, whyNoQuotes }: Capabilities,
  manner: TargetManner,
): boolean {
  if (manner === 'answer') return answers && lookUp && whyNoAnswers === undefined
  return reposts && lookUp && (manner === 'repost' || whyNoQuotes === undefined)
}

/** Hosts whose posts are known by their address; a server that speaks Mastodon's API may be anywhere else. */
const hosts: readonly (readonly [Network, RegExp])[] = [
  ['bluesky', /(^|\.)bsky\.app$/],
  ['x', /(^|\.)(x|twitter)\.com$/],
  ['threads', /(^|\.)threads\.(net|com)$/],
  ['facebook', /(^|\.)(facebook\.com|fb\.watch|fb\.com)$/],
  ['instagram', /(^|\.)instagram\.com$/],
  ['linkedin', /(^|\.)linkedin\.com$/],
  ['telegram', /(^|\.)t\.me$/],
]

const names: Partial<Record<Network, string>> = {
  bluesky: 'Bluesky',
  x: 'X',
  threads: 'Threads',
  facebook: 'Facebook',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  telegram: 'Telegram',
}

/** The network that an address of a post belongs to; null where the address does not tell. */
export function networkOfAddress(address: string): Network | null {
  if (address.startsWith('at://')) return 'bluesky'
  if (!URL.canParse(address)) return null
  const { hostname } = new URL(address)
  return hosts.find(([, host]) => host.test(hostname))?.[0] ?? null
}

const words = {
  answer: { verb: 'answer other people’s posts', done: 'answered' },
  repost: { verb: 'pass other people’s posts on', done: 'passed on' },
} as const

/**
 * Why a network cannot do with the post at an address what is wanted, as a sentence; null when it is worth looking for
 * it there.
 */
export function whyNotTarget(
  { network, capabilities: { name, ...can } }: PlatformRules,
  address: string,
  use: TargetUse,
): string | null {
  const { verb, done } = words[use]
  const leaveOut = `Leave it out for ${name}.`
  if (!(use === 'answer' ? can.answers : can.reposts)) return `${name} lets nobody ${verb} from here. ${leaveOut}`
  const why = can.lookUp
    ? use === 'answer' && can.whyNoAnswers
    : `Posts on ${name} cannot be looked up by their address`
  if (why) return `${why}, so none can be ${done} from here. ${leaveOut}`
  const of = networkOfAddress(address)
  if (of === null || of === network) return null
  return `This is a post on ${names[of] ?? of}, which cannot be ${done} from ${name}. ${leaveOut}`
}
