import type { Channel, Content, PostDetail, PostInput } from '../api/types.js'

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
    content.channels.every((each) => (each.text ?? '').trim() === '')
  )
}

/** Whether an address is whole; one that is still being typed is not sent. */
export function isWholeLink(link: string): boolean {
  return /^https?:\/\/[^\s/?#]+/i.test(link) && URL.canParse(link)
}

/** What the server can take: an unfinished link stays on this device. */
export function sendable(input: PostInput): PostInput {
  const { link } = input.content
  return link === null || isWholeLink(link) ? input : { ...input, content: { ...input.content, link: null } }
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
