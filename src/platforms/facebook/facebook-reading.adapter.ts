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

/** A film has an id of its own (graph-api/reference/video); `post_id` is missing until Facebook has worked through it. */
interface Film {
  readonly id: string
  readonly description?: string
  readonly created_time: string
  readonly permalink_url?: string
  readonly post_id?: string
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
   * publication. Pictures are told by their ids, when those were kept, else by their number. Films are looked for among
   * the page's films too: posts do not list reels (graph-api/reference/pagepost), which Facebook makes of films.
   */
  async posts(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Listed[]> {
    let found = await this.postsSince(sinceOf(key), connection, post, key, signal)
    for (const edge of post.video ? ['videos', 'video_reels'] : [])
      if (found.length === 0) found = await this.films(edge, connection, post, key, signal)
    return found
  }

  /**
   * The post of what was published: a film's own id stood in for it while Facebook worked on the film. Null while the
   * post is not there yet.
   */
  async postOf(connection: Connection, remoteId: string, signal: AbortSignal): Promise<string | null> {
    if (!isFilm(remoteId)) return remoteId
    const path = `/${remoteId}`
    const film = await this.api.call<{ post_id?: string }>(connection, 'GET', path, { fields: 'post_id' }, signal)
    return film.post_id === undefined ? null : postIdOf(connection, film.post_id)
  }

  /** The film that a post shows, or null. @throws ApiFault */
  async filmOf(connection: Connection, remoteId: string, signal: AbortSignal): Promise<string | null> {
    const fields = { fields: 'attachments{media_type,target{id}}' }
    const post = await this.api.call<Pick<Post, 'attachments'>>(connection, 'GET', `/${remoteId}`, fields, signal)
    return (post.attachments?.data ?? []).find((each) => each.media_type === 'video')?.target?.id ?? null
  }

  /** Films of the page (video-api/guides/get-videos), newest first. */
  private async films(
    edge: string,
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<Listed[]> {
    const query = { fields: 'id,description,created_time,permalink_url,post_id', limit: LISTED }
    const path = `/${connection.remoteAccountId}/${edge}`
    const { data } = await this.api.call<{ data: Film[] }>(connection, 'GET', path, query, signal)
    const [since, others] = [sinceOf(key), await key.others()]
    const found = data
      .filter(({ description = '', created_time: at }) => same(description, post.text) && instant(at) >= since)
      .map(({ id, post_id: postId, permalink_url: url, created_time: at }) => ({
        film: id,
        remoteId: postId === undefined ? id : postIdOf(connection, postId),
        url: url === undefined ? addressOf(id) : new URL(url, 'https://www.facebook.com').href,
        at: instant(at).toISO()!,
      }))
      .filter(({ film, remoteId }) => !others.includes(film) && !others.includes(remoteId))
    if (found.length === 0 && data.length >= Number(LISTED))
      throw new Error('There are more films than it shows at once')
    return found.map(({ remoteId, url, at }) => ({ remoteId, url, at }))
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
        // A film that went out may be known by its own id.
        if (media.some(({ target }) => target && others.includes(target.id))) return false
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
    const parent = post.under!.parent
    const found = await this.below(connection, (await this.postOf(connection, parent, signal)) ?? parent, since, signal)
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
      const id = await this.postOf(connection, remoteId, signal).catch(() => null)
      if (id === null) continue
      const body = await this.api.call<Counted>(connection, 'GET', `/${id}`, { fields }, signal).catch(() => null)
      if (!body) continue
      const views = await this.insight(connection, id, 'post_media_view', signal)
      const clicks = await this.insight(connection, id, 'post_clicks_by_type', signal)
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
      const post = await this.postOf(connection, remoteId, signal).catch(() => null)
      const comments = await this.below(connection, post ?? remoteId, from, signal).catch(() => [])
      for (const { id, message, created_time: at, from: who, parent, permalink_url: url } of comments) {
        if (who?.id === connection.remoteAccountId || instant(at) < from) continue
        // Facebook does not tell who it was unless they have allowed it.
        const author = { handle: who?.id ?? '', name: who?.name ?? 'Somebody on Facebook' }
        const about = parent && parent.id !== post ? parent.id : remoteId
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

/** Posts and comments have the number of where they are before their own; a film's id is a number alone. */
export function isFilm(remoteId: string): boolean {
  return !remoteId.includes('_')
}

/** A film names its post with or without the page before it. */
export function postIdOf({ remoteAccountId }: Connection, post: string): string {
  return post.includes('_') ? post : `${remoteAccountId}_${post}`
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
