import { canonicalJson, type Json } from '../kernel/canonical-json.js'
import type { Visibility } from '../platforms/platform.js'
import { mannerOf, type TargetUse } from '../platforms/target-rules.js'

/** A picture with its description for people who cannot see it. */
export interface ChosenPicture {
  readonly mediaId: string
  readonly alt: string
}

/** A further part of a thread. */
export interface ThreadPart {
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly ChosenPicture[]
}

/** What a post has besides its own words, where the network has it. What is missing is not wanted. */
export interface Extras {
  /** The parts after the post itself, each below the one before it. */
  readonly thread?: readonly ThreadPart[]
  /** A comment of our own below the post. */
  readonly firstComment?: string
  /** Words before which the post, with all its parts, is hidden until somebody opens it. */
  readonly contentWarning?: string
  readonly visibility?: Visibility
  /** The address of somebody else's post that this one answers, or passes on. */
  readonly target?: string
  /** What is done with it; it is answered unless told. */
  readonly targetUse?: TargetUse
}

/** A channel of a post. An extra that is there is the channel's own; an empty one says that it has none. */
export interface ChosenChannel extends Extras {
  readonly channelId: string
  readonly text: string | null
}

/** What the editor works on: one text, with a text of its own for a channel only where it was forked. */
export interface Content extends Extras {
  readonly text: string
  readonly link: string | null
  /** BCP 47. */
  readonly language: string
  readonly channels: readonly ChosenChannel[]
  readonly pictures: readonly ChosenPicture[]
}

/** When the author would like it to go out. `at` is wall time in the group's zone, `YYYY-MM-DDTHH:mm`. */
export type Wish = (
  | { readonly kind: 'queue' }
  | { readonly kind: 'exact'; readonly at: string; readonly reason?: string }
  | { readonly kind: 'as_soon_as_approved' }
  /** Always good: fills an empty window, and the same text rests between two times. */
  | { readonly kind: 'evergreen' }
) & {
  /** An embargo: nothing of it is public before this wall time. */
  readonly notBefore?: string
  /** Times for single channels, by channel id: the post was moved there, and elsewhere stays as it was. */
  readonly own?: Readonly<Record<string, OwnTime>>
}

/** An exact time for one channel of a post, as wall time in the group's zone. */
export interface OwnTime {
  readonly at: string
  readonly reason?: string
}

/** Whether the author named the time at which it goes out on a channel. */
export function isExactOn({ kind, own }: Wish, channelId: string): boolean {
  return kind === 'exact' || own?.[channelId] !== undefined
}

/** The wish with the time of one channel in it; of a post with that channel alone it is the time of the post. */
export function withOwnTime(
  { content, wish }: { content: Content; wish: Wish },
  channelId: string,
  time: OwnTime,
): Wish {
  if (content.channels.every((channel) => channel.channelId === channelId)) return { kind: 'exact', ...time }
  return { ...wish, own: { ...wish.own, [channelId]: time } }
}

/**
 * The composer knows nothing of the times of single channels: whoever leaves the wish as it is keeps them, for the
 * channels that are still in the post; whoever chooses another wish chooses it for all.
 */
export function keepOwnTimes(before: Wish, after: Wish, channels: Content['channels']): Wish {
  const { own, ...rest } = before
  if (!own || canonicalJson(wishAsJson(rest)) !== canonicalJson(wishAsJson(after))) return after
  const kept = Object.entries(own).filter(([id]) => channels.some((channel) => channel.channelId === id))
  return kept.length > 0 ? { ...rest, own: Object.fromEntries(kept) } : rest
}

/** The text that a channel will show. */
export function textFor(content: Content, channelId: string): string {
  const own = content.channels.find((channel) => channel.channelId === channelId)?.text
  return (own ?? content.text).normalize('NFC').trim()
}

/** What a channel has besides the text, cleaned; nothing of it is empty. */
export function extrasFor(content: Content, channelId: string): Extras {
  const own: Extras = content.channels.find((channel) => channel.channelId === channelId) ?? {}
  const thread = own.thread ?? content.thread ?? []
  const firstComment = clean(own.firstComment ?? content.firstComment ?? '')
  const contentWarning = clean(own.contentWarning ?? content.contentWarning ?? '')
  const visibility = own.visibility ?? content.visibility ?? 'public'
  const target = clean(own.target ?? content.target ?? '')
  const targetUse = own.targetUse ?? content.targetUse ?? 'answer'
  return {
    ...(thread.length > 0 ? { thread: thread.map((part) => ({ ...part, text: clean(part.text) })) } : {}),
    ...(firstComment === '' ? {} : { firstComment }),
    ...(contentWarning === '' ? {} : { contentWarning }),
    ...(visibility === 'public' ? {} : { visibility }),
    ...(target === '' ? {} : { target }),
    ...(target === '' || targetUse === 'answer' ? {} : { targetUse }),
  }
}

/** Every picture of a post, wherever in it. */
export function picturesIn(content: Content): ChosenPicture[] {
  const threads = [content, ...content.channels].flatMap(({ thread = [] }: Extras) => thread)
  return [...content.pictures, ...threads.flatMap((part) => part.pictures)]
}

function clean(words: string): string {
  return words.normalize('NFC').trim()
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The first words of a post, for lists: at most `limit` characters as people count them, cut between words. */
export function firstWords(text: string, limit = 90): string {
  const flat = Array.from(letters.segment(text.replace(/\s+/g, ' ').trim()), ({ segment }) => segment)
  if (flat.length <= limit) return flat.join('')
  const space = flat.lastIndexOf(' ', limit)
  const cut = space > limit / 2 ? space : limit
  // “cake…” rather than “cake.…”
  return `${flat
    .slice(0, cut)
    .join('')
    .replace(/[\s.,;:]+$/, '')}…`
}

/** What stands for a post where it is listed: its first words, or what it passes on without any. */
export function openingOf(content: Content, limit = 90): string {
  const own = content.text || (content.channels.find((each) => each.text)?.text ?? '')
  const [channelId = ''] = content.channels.map((each) => each.channelId)
  return firstWords(own, limit) || passedOn(content, channelId, limit)
}

/** The same of one of its channels. */
export function openingOn(content: Content, channelId: string, limit = 60): string {
  return firstWords(textFor(content, channelId), limit) || passedOn(content, channelId, limit)
}

/** Whether all that a channel makes public is somebody else's post, without anything of ours. */
export function isRepostOn(content: Content, channelId: string): boolean {
  const { target, targetUse = 'answer' } = extrasFor(content, channelId)
  const { link, pictures } = content
  return target !== undefined && mannerOf(targetUse, { text: textFor(content, channelId), link, pictures }) === 'repost'
}

function passedOn(content: Content, channelId: string, limit: number): string {
  const { target, targetUse } = extrasFor(content, channelId)
  return targetUse === 'repost' && target !== undefined ? firstWords(`Passes on ${target}`, limit) : ''
}

/** Whether two contents and wishes would make the same public post at the same time. The database may have reordered keys. */
export function samePublicly(one: { content: Content; wish: Wish }, other: { content: Content; wish: Wish }): boolean {
  return canonical(one) === canonical(other)
}

function canonical({ content, wish }: { content: Content; wish: Wish }): string {
  const { text, link, language } = content
  return canonicalJson({
    text,
    link,
    language,
    channels: content.channels.map(({ channelId, text: own, ...extras }) => ({
      channelId,
      text: own,
      ...extrasAsJson(extras),
    })),
    pictures: content.pictures.map((picture) => ({ ...picture })),
    ...extrasAsJson(content),
    wish: wishAsJson(wish),
  })
}

function extrasAsJson(extras: Extras): Record<string, Json | undefined> {
  const { thread, firstComment, contentWarning, visibility, target, targetUse } = extras
  return {
    thread: thread?.map((part) => ({ ...part, pictures: part.pictures.map((picture) => ({ ...picture })) })),
    firstComment,
    contentWarning,
    visibility,
    target,
    targetUse,
  }
}

function wishAsJson(wish: Wish) {
  const { own, ...rest } = wish
  return own ? { ...rest, own: Object.fromEntries(Object.entries(own).map(([id, time]) => [id, { ...time }])) } : rest
}
