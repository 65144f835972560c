import { DateTime } from 'luxon'

import { addresses } from './weighted-length.js'

/** A post as X tells it. Source: https://docs.x.com/x-api/fundamentals/data-dictionary */
export interface XPost {
  readonly id: string
  readonly text: string
  readonly author_id?: string
  readonly created_at?: string
  readonly entities?: Entities
  /** The whole text of one longer than 280; `text` is its beginning then. */
  readonly note_tweet?: { readonly text: string; readonly entities?: Entities }
  /** Of all its versions, the newest last; each edit has an id of its own. */
  readonly edit_history_tweet_ids?: readonly string[]
  readonly referenced_tweets?: readonly { readonly type: string; readonly id: string }[]
  readonly attachments?: { readonly media_keys?: readonly string[] }
  readonly public_metrics?: Readonly<Record<string, number>>
  readonly non_public_metrics?: Readonly<Record<string, number>>
}

interface Entities {
  readonly urls?: readonly {
    readonly url: string
    readonly expanded_url?: string
    readonly media_key?: string
  }[]
}

/** The words of a post as somebody typed them: t.co addresses opened, those of its own media left out. */
export function wordsOf(post: XPost): string {
  const { text, entities } = post.note_tweet ?? post
  let words = text
  for (const { url, expanded_url: opened, media_key: media } of entities?.urls ?? []) {
    // Somebody else's picture may be what the text names.
    const shown = /^https:\/\/(?:x|twitter)\.com\/\w+\/status\/(\d+)\/(?:photo|video)\/\d+$/.exec(opened ?? '')?.[1]
    const own = media !== undefined || shown === post.id
    words = words.replaceAll(url, own ? '' : (opened ?? url))
  }
  // X escapes these three and no others (data dictionary, `text`).
  return words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim()
}

/** Two texts that X takes for the same: NFC, white space, and the way of writing an address do not matter. */
export function sameWords(one: string, other: string): boolean {
  return comparable(one) === comparable(other)
}

function comparable(text: string): string {
  return text
    .normalize('NFC')
    .replace(addresses(), (address) =>
      address
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/\/$/, ''),
    )
    .replace(/\s+/g, ' ')
    .trim()
}

/** Which post this one hangs below, quotes, or passes on. */
export function refersTo(post: XPost, type: 'replied_to' | 'quoted' | 'retweeted'): string | null {
  return post.referenced_tweets?.find((each) => each.type === type)?.id ?? null
}

/** When a post was made: ids begin with milliseconds since 4 November 2010. Source: https://docs.x.com/fundamentals/x-ids */
export function madeAt(id: string): DateTime | null {
  if (!/^\d{1,20}$/.test(id)) return null
  return DateTime.fromMillis(Number((BigInt(id) >> 22n) + 1_288_834_974_657n), { zone: 'utc' })
}
