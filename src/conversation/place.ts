import type { Content } from '../drafts/content.js'

/**
 * Which words of a post a suggestion is about: those for all channels, those of one channel, or one picture's
 * description. Words only: whoever wants another picture, link, channel or time changes the post, and so contributes.
 */
export type Place =
  | { readonly kind: 'text' }
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'alt'; readonly mediaId: string }

/** The words there, or null when the post has no such place. A channel without words of its own shows the shared ones. */
export function wordsAt(content: Content, place: Place): string | null {
  switch (place.kind) {
    case 'text':
      return content.text
    case 'channel': {
      const channel = content.channels.find((each) => each.channelId === place.channelId)
      return channel ? (channel.text ?? content.text) : null
    }
    case 'alt':
      return content.pictures.find((each) => each.mediaId === place.mediaId)?.alt ?? null
  }
}

/** The content with other words there and all else the same; words for one channel become its own. */
export function withWords(content: Content, place: Place, words: string): Content {
  switch (place.kind) {
    case 'text':
      return { ...content, text: words }
    case 'channel':
      return {
        ...content,
        channels: content.channels.map((each) =>
          each.channelId === place.channelId ? { ...each, text: words } : each,
        ),
      }
    case 'alt':
      return {
        ...content,
        pictures: content.pictures.map((each) => (each.mediaId === place.mediaId ? { ...each, alt: words } : each)),
      }
  }
}

/** Where other words can be suggested so that somebody would read them; each channel's only where it has its own. */
export function placesOf(content: Content): Place[] {
  return [
    ...(content.channels.length === 0 || content.channels.some((each) => each.text === null)
      ? [{ kind: 'text' } as const]
      : []),
    ...content.channels.flatMap(({ channelId, text }) =>
      text === null ? [] : [{ kind: 'channel', channelId } as const],
    ),
    ...content.pictures.map(({ mediaId }) => ({ kind: 'alt', mediaId }) as const),
  ]
}

/** As one word, for forms: `text`, `channel:<id>`, `alt:<id>`. */
export function placeWord(place: Place): string {
  if (place.kind === 'text') return 'text'
  return place.kind === 'channel' ? `channel:${place.channelId}` : `alt:${place.mediaId}`
}

/** The place that such a word names, or null. */
export function placeOf(word: string): Place | null {
  if (word === 'text') return { kind: 'text' }
  const [, kind, id] = /^(channel|alt):([0-9a-f-]{36})$/.exec(word) ?? []
  if (id === undefined) return null
  return kind === 'channel' ? { kind: 'channel', channelId: id } : { kind: 'alt', mediaId: id }
}

/** The place in a row of the database, which has a column for each id. */
export function placeFrom(row: { place: Place['kind']; channelId: string | null; mediaId: string | null }): Place {
  if (row.place === 'channel' && row.channelId !== null) return { kind: 'channel', channelId: row.channelId }
  return row.place === 'alt' && row.mediaId !== null ? { kind: 'alt', mediaId: row.mediaId } : { kind: 'text' }
}

/** As people mean them: one Unicode form, plain line ends whatever a form sent, nothing around them. */
export function cleanWords(words: string): string {
  return words.replace(/\r\n?/g, '\n').normalize('NFC').trim()
}

/**
 * Whether a suggestion still fits: the words it was made on are still there.
 * @returns null when it does, else why not
 */
export function whyNotApplied(
  now: string | null,
  { before, words }: { readonly before: string; readonly words: string },
): string | null {
  if (now === null) {
    return 'What this suggestion is about is not in the post any more, so it cannot be applied. Dismiss it, or suggest something new.'
  }
  if (cleanWords(now) === words) return 'The post says exactly this already. Dismiss the suggestion.'
  if (cleanWords(now) !== before) {
    return 'These words have been changed since the suggestion was made, so applying it would undo that. Compare both, and change the post by hand, or ask for a new suggestion.'
  }
  return null
}

/** "the text for all channels", "the text for Riverside", "the description of picture 2". */
export function placeLabel(place: Place, content: Content, channelName: (channelId: string) => string): string {
  switch (place.kind) {
    case 'text':
      return content.channels.length === 1 ? 'the text' : 'the text for all channels'
    case 'channel':
      return `the text for ${channelName(place.channelId)}`
    case 'alt': {
      const index = content.pictures.findIndex((each) => each.mediaId === place.mediaId)
      return index < 0 ? 'the description of a picture' : `the description of picture ${index + 1}`
    }
  }
}
