import type { CheckedPost, Visibility } from '../platforms/platform.js'
import { mannerOf, type TargetManner, type TargetUse } from '../platforms/target-rules.js'
import type { ApprovedPicture, EnvelopeChannel } from './envelope.js'
import { isFilm } from './media.js'
import type { ApprovedTarget } from './target.js'

/** The post itself, a further part of its thread, or the comment below it. */
export type PartKind = 'post' | 'thread' | 'comment'

/** One thing that becomes public on a channel: a post of its own for the network. */
export interface Part {
  /** From 1, in the order in which they become public. */
  readonly number: number
  readonly kind: PartKind
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly ApprovedPicture[]
  readonly language: string
  readonly contentWarning?: string
  readonly visibility?: Visibility
  /** What the post itself answers, or passes on. */
  readonly target?: ApprovedTarget
  /** What is done with it; it is answered where this is missing. */
  readonly targetUse?: TargetUse
}

/** The parts of what a channel will make public: the post, its thread, and the comment at the end. */
export function partsOf(channel: EnvelopeChannel): [Part, ...Part[]] {
  const { text, link, pictures, language, thread = [], firstComment, contentWarning, visibility } = channel
  const { target, targetUse } = channel
  const about = target && { target, ...(targetUse === undefined ? {} : { targetUse }) }
  const shared = {
    language,
    ...(contentWarning === undefined ? {} : { contentWarning }),
    ...(visibility === undefined ? {} : { visibility }),
  }
  const comment = firstComment === undefined ? [] : [{ text: firstComment, link: null, pictures: [] }]
  return [
    { number: 1, kind: 'post', text, link, pictures, ...shared, ...about },
    ...thread.map((part, index): Part => ({ number: index + 2, kind: 'thread', ...part, ...shared })),
    ...comment.map((part): Part => ({ number: thread.length + 2, kind: 'comment', ...part, ...shared })),
  ]
}

/** What becomes of somebody's post on a channel; null where it has to do with none. */
export function mannerOn(channel: EnvelopeChannel): TargetManner | null {
  return channel.target === undefined ? null : mannerOf(channel.targetUse ?? 'answer', channel)
}

/** Every picture that a channel will make public, wherever in it. */
export function picturesOf(channel: EnvelopeChannel): ApprovedPicture[] {
  return partsOf(channel).flatMap((part) => part.pictures)
}

/** What is known of a picture or film besides what was approved. */
interface Weighed {
  readonly size: number
  readonly width?: number
  readonly height?: number
  readonly seconds?: number | null
}

/** A part as the network's rules look at it: the pictures and the film as the network will be sent them. */
export function checkedPart(
  { kind, text, link, pictures: chosen, contentWarning, visibility, target, targetUse = 'answer' }: Part,
  weigh: (sha256: string) => Weighed = () => ({ size: 0 }),
): CheckedPost {
  const shown = chosen.map(({ alt, mime, sha256 }) => ({ alt, mime, ...weigh(sha256) }))
  const film = shown.find(isFilm)
  // A second film is one picture too many, and of a kind that no network takes.
  const pictures = shown.filter((each) => each !== film).map(({ seconds: _seconds, ...picture }) => picture)
  return {
    text,
    link,
    pictures,
    ...(film ? { video: { mime: film.mime, size: film.size, seconds: film.seconds ?? 0, alt: film.alt } } : {}),
    ...(contentWarning === undefined ? {} : { contentWarning }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(kind === 'post' ? {} : { under: { kind } }),
    ...(target === undefined ? {} : targetUse === 'repost' ? { repostOf: target.remoteId } : answering),
  }
}

const answering = { under: { kind: 'answer' } } as const

/** "The post", "Part 2 of 3", "The first comment". */
export function partName(part: Pick<Part, 'number' | 'kind'>, threadLength: number): string {
  if (part.kind === 'comment') return 'The first comment'
  return threadLength === 1 ? 'The post' : `Part ${part.number} of ${threadLength}`
}

/** What is out of a post of which not all is, as a sentence. `isSure`: the next part is certainly not out. */
export function whatIsOut(parts: readonly Pick<Part, 'kind'>[], out: number, isSure: boolean): string {
  const length = parts.filter((part) => part.kind !== 'comment').length
  if (out >= length) return `The post is out${isSure ? ', its first comment is not.' : '; its first comment may be.'}`
  const rest = isSure ? ', the rest is not.' : '; the next one may be.'
  return out === 1 ? `Part 1 of ${length} is out${rest}` : `Parts 1 to ${out} of ${length} are out${rest}`
}

/** In a few words, who can see it. */
export function visibilityWords(visibility: Visibility): string {
  return { public: 'everybody', unlisted: 'everybody, but not in public timelines', followers: 'followers only' }[
    visibility
  ]
}
