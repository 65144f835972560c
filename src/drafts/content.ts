import { canonicalJson } from '../kernel/canonical-json.js'

/** What the editor works on: one text, with a text of its own for a channel only where it was forked. */
export interface Content {
  readonly text: string
  readonly link: string | null
  /** BCP 47. */
  readonly language: string
  readonly channels: readonly { readonly channelId: string; readonly text: string | null }[]
  readonly pictures: readonly { readonly mediaId: string; readonly alt: string }[]
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

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The first words of a post, for lists: at most `limit` characters as people count them, cut between words. */
export function firstWords(text: string, limit = 90): string {
  const flat = Array.from(letters.segment(text.replace(/\s+/g, ' ').trim()), ({ segment }) => segment)
  if (flat.length <= limit) return flat.join('')
  const space = flat.lastIndexOf(' ', limit)
  const cut = space > limit / 2 ? space : limit
  return `${flat.slice(0, cut).join('').trimEnd()}…`
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
    channels: content.channels.map((channel) => ({ ...channel })),
    pictures: content.pictures.map((picture) => ({ ...picture })),
    wish: wishAsJson(wish),
  })
}

function wishAsJson(wish: Wish) {
  const { own, ...rest } = wish
  return own ? { ...rest, own: Object.fromEntries(Object.entries(own).map(([id, time]) => [id, { ...time }])) } : rest
}
