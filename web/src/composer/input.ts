import { mannerOf, networkOfAddress, type TargetManner } from '../../../src/platforms/target-rules.js'
import type { Channel, ChosenPicture, Content, Extras, PostDetail, PostInput, ThreadPart } from '../api/types.js'

/** A post that nobody has written yet, for every channel that is connected. */
export function blankInput(channels: Channel[], at: string | null): PostInput {
  return {
    content: {
      text: '',
      link: null,
      language: 'en-GB',
      channels: channels
        .filter((each) => each.state !== 'to_reconnect')
        .map((each) => ({ channelId: each.id, text: null })),
      pictures: [],
    },
    wish: at ? { kind: 'exact', at } : { kind: 'queue' },
    usefulUntil: null,
    labels: [],
    notes: '',
  }
}

export function inputOf(post: PostDetail): PostInput {
  const { content, wish, usefulUntil, labels, notes } = post
  return { content, wish, usefulUntil, labels, notes }
}

/** Whether there is anything worth keeping. */
export function isBlank({ content, notes }: PostInput): boolean {
  return isBlankContent(content) && notes.trim() === ''
}

/** Whether nothing of what would be public is there yet. */
export function isBlankContent(content: Content): boolean {
  return (
    content.text.trim() === '' &&
    content.pictures.length === 0 &&
    (content.link ?? '') === '' &&
    content.channels.every((each) => (each.text ?? '').trim() === '') &&
    [content, ...content.channels].every(isBlankBelow)
  )
}

function isBlankBelow({ thread = [], firstComment = '', contentWarning = '', target = '' }: Extras): boolean {
  return thread.length === 0 && firstComment.trim() === '' && contentWarning.trim() === '' && target === ''
}

/** Whether an address is whole; one that is still being typed is not sent. */
export function isWholeLink(link: string): boolean {
  return /^https?:\/\/[^\s/?#]+/i.test(link) && URL.canParse(link)
}

/** Whether the address of a post is whole. */
export function isWholeTarget(address: string): boolean {
  return /^at:\/\/[^\s/]+\/\S+$/.test(address) || (isWholeLink(address) && !/\s/.test(address))
}

/** What the server can take: an unfinished address stays on this device. */
export function sendable(input: PostInput): PostInput {
  const { content } = input
  const whole = <Part extends { link: string | null }>(part: Part): Part =>
    part.link === null || isWholeLink(part.link) ? part : { ...part, link: null }
  const below = <Place extends Extras>({ target, ...place }: Place) => ({
    ...place,
    ...(place.thread ? { thread: place.thread.map(whole) } : {}),
    ...(target === undefined || (target !== '' && !isWholeTarget(target)) ? {} : { target }),
  })
  return { ...input, content: whole(below({ ...content, channels: content.channels.map(below) })) }
}

/** What a channel has besides its words: its own, or what is for all. */
export function extrasFor(content: Content, channelId: string): Required<Extras> {
  const own: Extras = content.channels.find((each) => each.channelId === channelId) ?? {}
  return {
    thread: own.thread ?? content.thread ?? [],
    firstComment: own.firstComment ?? content.firstComment ?? '',
    contentWarning: own.contentWarning ?? content.contentWarning ?? '',
    visibility: own.visibility ?? content.visibility ?? 'public',
    target: own.target ?? content.target ?? '',
    targetUse: own.targetUse ?? content.targetUse ?? 'answer',
  }
}

/** What becomes of somebody's post on a channel. */
export function mannerOn(content: Content, channelId: string): TargetManner {
  const { link, pictures } = content
  return mannerOf(extrasFor(content, channelId).targetUse, { text: textFor(content, channelId), link, pictures })
}

/** What a channel may have or leave out; what is done with somebody's post goes with the post. */
export type ExtraName = Exclude<keyof Extras, 'targetUse'>

/** Sets an extra for all, or for one channel. Undefined: nothing for all, or what is for all on that channel. */
export function withExtras(content: Content, channelId: string | null, extras: Extras): Content {
  const put = <Place extends Extras>(place: Place): Place => {
    const next = { ...place, ...extras }
    for (const name of Object.keys(extras) as (keyof Extras)[]) if (extras[name] === undefined) delete next[name]
    return next
  }
  if (channelId !== null)
    return { ...content, channels: content.channels.map((each) => (each.channelId === channelId ? put(each) : each)) }
  return put(content)
}

/** Changes the thread for all, or that of one channel. */
export function withThread(
  content: Content,
  channelId: string | null,
  change: (old: ThreadPart[]) => ThreadPart[],
): Content {
  const thread = change(channelId === null ? (content.thread ?? []) : extrasFor(content, channelId).thread)
  return withExtras(content, channelId, { thread: channelId === null && thread.length === 0 ? undefined : thread })
}

const none: Required<Omit<Extras, 'targetUse'>> = {
  thread: [],
  firstComment: '',
  contentWarning: '',
  visibility: 'public',
  target: '',
}

/** What a channel says to have none of an extra. */
export function without(name: ExtraName): Extras {
  return { [name]: none[name] }
}

/** Whether something is wanted of an extra. */
export function isWanted(extras: Extras, name: ExtraName): boolean {
  const value = extras[name]
  return value !== undefined && value.length > 0 && value !== 'public'
}

/** Whether a channel's network can do what is wanted of an extra. */
export function canHave(channel: Channel, name: ExtraName, wanted: Content): boolean {
  const { network, capabilities } = channel
  switch (name) {
    case 'thread':
      return capabilities.threadParts !== null
    case 'visibility':
      return capabilities.visibilities.includes(wanted.visibility ?? 'public')
    case 'target': {
      const can = wanted.targetUse === 'repost' ? capabilities.repost : capabilities.target
      return can && [null, network].includes(networkOfAddress(wanted.target ?? '')) && !isOnlyWordless(channel, wanted)
    }
    default:
      return capabilities[name]
  }
}

/** Whether what is wanted is a quote, where somebody's post goes out without words of our own only. */
export function isOnlyWordless({ id, network, capabilities: { repost, quote } }: Channel, content: Content): boolean {
  const isOfNetwork = [null, network].includes(networkOfAddress(content.target ?? ''))
  return repost && !quote && isOfNetwork && content.targetUse === 'repost' && mannerOn(content, id) === 'quote'
}

/** The words that a channel will show. */
export function textFor(content: Content, channelId: string): string {
  return content.channels.find((each) => each.channelId === channelId)?.text ?? content.text
}

/** Order of keys does not matter to whether two inputs say the same. */
export function sameInput(one: PostInput, other: PostInput): boolean {
  return fingerprint(one) === fingerprint(other)
}

export function fingerprint(input: PostInput): string {
  return JSON.stringify(input, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** Every picture of a post, wherever in it. */
export function picturesOf(content: Content): ChosenPicture[] {
  const threads = [content, ...content.channels].flatMap(({ thread = [] }: Extras) => thread)
  return [...content.pictures, ...threads.flatMap((part) => part.pictures)]
}
