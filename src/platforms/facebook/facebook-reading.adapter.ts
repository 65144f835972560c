import { DateTime } from 'luxon'

import type { Connection, Counters, OutgoingPost, PublishKey, Reply } from '../platform.js'
import type { FacebookApi } from './facebook-api.adapter.js'

/** Looks begin so long before the key was made: two clocks need not agree. */
const SLACK_MINUTES = 5
const LISTED = '100'
/** How far back a post can be that Facebook takes a new one for. */
const SAID_DAYS = 90

interface Attachment {
  readonly media_type?: string
  readonly target?: { readonly id: string }
  readonly subattachments?: { readonly data: readonly Attachment[] }
}

interface Post {
  readonly id: string
  readonly message?: string
  readonly created_time: string
  readonly permalink_url?: string
  readonly attachments?: { readonly data: readonly Attachment[] }
}

interface Comment {
  readonly id: string
  readonly message: string
  readonly created_time: string
  readonly permalink_url?: string
  readonly from?: { readonly id: string; readonly name: string }
  readonly parent?: { readonly id: string }
}

/** A post or comment that is out. */
export interface Listed {
  readonly remoteId: string
  readonly url: string
  readonly at: string
}

/** What a page tells of its posts. */
export class FacebookReading {
  constructor(private readonly api: FacebookApi) {}

  /**
   * The page's posts since the key was made that say the same, have the same pictures, and belong to no other
   * publication. Pictures are told by their ids, when those were kept, else by their number.
   */
  posts(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Listed[]> {
    return this.postsSince(sinceOf(key), connection, post, key, signal)
  }

  /** Whether the page has said the same before this publication was first tried. */
  async saidBefore(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<boolean> {
    const since = DateTime.fromISO(key.createdAt).minus({ days: SAID_DAYS })
    return (
      (await this.postsSince(since, connection, post, { memo: null, others: () => Promise.resolve([]) }, signal))
        .length > 0
    )
  }

  private async postsSince(
    since: DateTime,
    connection: Connection,
    post: OutgoingPost,
    key: Pick<PublishKey, 'memo' | 'others'>,
    signal: AbortSignal,
  ): Promise<Listed[]> {
    const fields =
      'id,message,created_time,permalink_url,attachments{media_type,target{id},subattachments{media_type,target{id}}}'
    const query = { fields, since: String(Math.floor(since.toSeconds())), limit: LISTED }
    const path = `/${connection.remoteAccountId}/published_posts`
    const { data } = await this.api.call<{ data: Post[] }>(connection, 'GET', path, query, signal)
    const [sent, others] = [keptPhotos(key), await key.others()]
    const found = data
      .filter(({ message = '' }) => same(message, post.text))
      .filter(({ id, created_time: at }) => instant(at) >= since && !others.includes(id))
      .filter(({ attachments }) => {
        const media = (attachments?.data ?? []).flatMap((each) => each.subattachments?.data ?? [each])
        const photos = media.filter((each) => each.media_type === 'photo').map((each) => each.target?.id ?? '')
        const film = media.some((each) => each.media_type === 'video')
        if (post.video) return film
        if (photos.length !== post.pictures.length) return false
        return sent === null || photos.every((id) => sent.includes(id))
      })
      .map(({ id, permalink_url: url, created_time: at }) => ({
        remoteId: id,
        url: url ?? addressOf(id),
        at: instant(at).toISO()!,
      }))
    if (found.length === 0 && data.length >= Number(LISTED))
      throw new Error('There are more posts than it shows at once')
    return found
  }

  /** Comments of the page itself at the place of the post, since the key was made, that say the same. */
  async comments(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Listed[]> {
    const since = sinceOf(key)
    const found = await this.below(connection, post.under!.parent, since, signal)
    const others = await key.others()
    const ours = found
      .filter(({ from, message }) => from?.id === connection.remoteAccountId && same(message, post.text))
      .filter(({ id, created_time: at }) => instant(at) >= since && !others.includes(id))
      .map(({ id, permalink_url: url, created_time: at }) => ({
        remoteId: id,
        url: url ?? addressOf(id),
        at: instant(at).toISO()!,
      }))
    if (ours.length === 0 && found.length >= Number(LISTED))
      throw new Error('There are more comments than it shows at once')
    return ours
  }

  /** Views and clicks are asked for one by one: Meta takes metrics away, and an unknown one spoils the whole answer. */
  async counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal) {
    const readings = new Map<string, Counters>()
    const fields = 'reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0),shares'
    for (const remoteId of remoteIds) {
      const body = await this.api.call<Counted>(connection, 'GET', `/${remoteId}`, { fields }, signal).catch(() => null)
      if (!body) continue
      const views = await this.insight(connection, remoteId, 'post_media_view', signal)
      const clicks = await this.insight(connection, remoteId, 'post_clicks_by_type', signal)
      readings.set(remoteId, {
        reactions: body.reactions?.summary?.total_count ?? null,
        replies: body.comments?.summary?.total_count ?? null,
        // Left out of the answer while nobody has shared the post.
        reposts: body.shares?.count ?? 0,
        clicks: linkClicks(clicks),
        impressions: typeof views === 'number' ? views : null,
      })
    }
    return readings
  }

  async replies(connection: Connection, since: string, remoteIds: readonly string[], signal: AbortSignal) {
    const found = new Map<string, Reply>()
    const from = DateTime.fromISO(since)
    for (const remoteId of remoteIds) {
      const comments = await this.below(connection, remoteId, from, signal).catch(() => [])
      for (const { id, message, created_time: at, from: who, parent, permalink_url: url } of comments) {
        if (who?.id === connection.remoteAccountId || instant(at) < from) continue
        // Facebook does not tell who it was unless they have allowed it.
        const author = { handle: who?.id ?? '', name: who?.name ?? 'Somebody on Facebook' }
        const about = parent?.id ?? remoteId
        found.set(id, {
          remoteId: id,
          url: url ?? null,
          about,
          kind: 'reply',
          author,
          text: message,
          at: instant(at).toISO()!,
        })
      }
    }
    // They came newest first, and several can be of one second.
    return [...found.values()].toReversed().toSorted((a, b) => a.at.localeCompare(b.at))
  }

  private async below(connection: Connection, id: string, since: DateTime, signal: AbortSignal): Promise<Comment[]> {
    const query = {
      fields: 'id,message,created_time,permalink_url,from{id,name},parent{id}',
      filter: 'stream',
      order: 'reverse_chronological',
      since: String(Math.floor(since.toSeconds())),
      limit: LISTED,
    }
    const path = `/${id}/comments`
    return (await this.api.call<{ data: Comment[] }>(connection, 'GET', path, query, signal)).data
  }

  private async insight(connection: Connection, id: string, metric: string, signal: AbortSignal): Promise<unknown> {
    const asked = this.api.call<{ data: { values?: { value?: unknown }[] }[] }>(
      connection,
      'GET',
      `/${id}/insights`,
      { metric },
      signal,
    )
    return (await asked.catch(() => null))?.data[0]?.values?.[0]?.value ?? null
  }
}

interface Counted {
  readonly reactions?: { readonly summary?: { readonly total_count?: number } }
  readonly comments?: { readonly summary?: { readonly total_count?: number } }
  readonly shares?: { readonly count?: number }
}

/** `{"link clicks": 3, "other clicks": 5}`: a kind that nobody used is left out. */
function linkClicks(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  const clicks = (value as Record<string, unknown>)['link clicks'] ?? 0
  return typeof clicks === 'number' ? clicks : null
}

/** The ids of the pictures that were uploaded for a post; null when none were kept. */
export function keptPhotos({ memo }: Pick<PublishKey, 'memo'>): readonly string[] | null {
  return memo?.startsWith('photos:') ? memo.slice('photos:'.length).split(',') : null
}

/** The memo that keeps them. */
export function photosMemo(ids: readonly string[]): string {
  return `photos:${ids.join(',')}`
}

/** The address of whatever has an id. */
export function addressOf(id: string): string {
  return `https://www.facebook.com/${id}`
}

/** White space is the network's to change. */
function same(one: string, other: string): boolean {
  const comparable = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim()
  return comparable(one) === comparable(other)
}

function sinceOf(key: PublishKey): DateTime {
  return DateTime.fromISO(key.createdAt).minus({ minutes: SLACK_MINUTES })
}

/** `2026-11-21T17:30:00+0000`. */
function instant(timestamp: string): DateTime {
  return DateTime.fromISO(timestamp, { zone: 'utc' })
}
