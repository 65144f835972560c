import { DateTime } from 'luxon'

import type { Listed } from '../containers.js'
import type { Connection, Counters, OutgoingPost, PublishKey, Reply } from '../platform.js'
import type { ThreadsApi } from './threads-api.adapter.js'
import { profileOf } from './threads-consent.adapter.js'

/** Looks begin so long before the key was made: two clocks need not agree. */
const SLACK_MINUTES = 5
const POSTS_PER_LOOK = 100

/** A post or reply as Threads lists it. */
interface Post {
  readonly id: string
  readonly text?: string
  readonly permalink?: string
  readonly timestamp: string
  readonly username?: string
  readonly replied_to?: { readonly id: string }
}

/** What Threads tells of an account's posts. */
export class ThreadsReading {
  constructor(private readonly api: ThreadsApi) {}

  /** Source: https://developers.facebook.com/docs/threads/insights. There are no clicks of one post. */
  async counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal) {
    const readings = new Map<string, Counters>()
    for (const remoteId of remoteIds) {
      const query = { metric: 'views,likes,replies,reposts,quotes' }
      const body = await this.api
        .call<{ data?: { name: string; values?: { value?: unknown }[] }[] }>(
          connection,
          'GET',
          `/${remoteId}/insights`,
          query,
          signal,
        )
        .catch(() => null)
      if (!body?.data?.length) continue
      const value = (name: string) => {
        const read = body.data?.find((each) => each.name === name)?.values?.[0]?.value
        return typeof read === 'number' ? read : null
      }
      const reposts = value('reposts')
      readings.set(remoteId, {
        reactions: value('likes'),
        replies: value('replies'),
        // A quote passes the post on too, with words of its own.
        reposts: reposts === null ? null : reposts + (value('quotes') ?? 0),
        clicks: null,
        impressions: value('views'),
      })
    }
    return readings
  }

  /** Of all depths; a conversation can be read by its first post only, so the later parts of a thread are left out. */
  async replies(connection: Connection, since: string, remoteIds: readonly string[], signal: AbortSignal) {
    const found = new Map<string, Reply>()
    for (const remoteId of remoteIds) {
      const query = { fields: 'id,text,username,permalink,timestamp,replied_to', limit: String(POSTS_PER_LOOK) }
      const path = `/${remoteId}/conversation`
      const body = await this.api
        .call<{ data: Post[] }>(connection, 'GET', path, query, signal)
        .catch(() => ({ data: [] }))
      for (const { id, text, username, permalink, timestamp, replied_to: about } of body.data) {
        const at = instant(timestamp)
        if (username === connection.handle || at < DateTime.fromISO(since)) continue
        const author = { handle: username ?? '', name: username ?? '' }
        const place = { url: permalink ?? null, about: about?.id ?? remoteId }
        found.set(id, { remoteId: id, ...place, kind: 'reply', author, text: text ?? '', at: at.toISO()! })
      }
    }
    // They came newest first, and several can be of one second.
    return [...found.values()].toReversed().toSorted((a, b) => a.at.localeCompare(b.at))
  }

  /** Posts since the key was made that say the same in the same place, and belong to no other publication. */
  async posts(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Listed[]> {
    const since = DateTime.fromISO(key.createdAt).minus({ minutes: SLACK_MINUTES })
    const body = await this.api.call<{ data: Post[] }>(
      connection,
      'GET',
      `/${connection.remoteAccountId}/${post.under ? 'replies' : 'threads'}`,
      {
        fields: 'id,text,permalink,timestamp,replied_to',
        since: String(Math.floor(since.toSeconds())),
        limit: String(POSTS_PER_LOOK),
      },
      signal,
    )
    const others = await key.others()
    return body.data
      .filter((each) => (each.text ?? '').trim() === post.text.trim())
      .filter((each) => instant(each.timestamp) >= since && !others.includes(each.id))
      .filter((each) => !post.under || each.replied_to === undefined || each.replied_to.id === post.under.parent)
      .map(({ id, permalink, timestamp }) => ({
        remoteId: id,
        url: permalink ?? profileOf(connection.handle),
        at: instant(timestamp).toISO()!,
      }))
  }

  /** Its address is not part of the answer to publishing; the profile stands in when it cannot be read. */
  async addressOf(connection: Connection, id: string, signal: AbortSignal): Promise<string> {
    const asked = this.api.call<{ permalink?: string }>(connection, 'GET', `/${id}`, { fields: 'permalink' }, signal)
    const { permalink } = await asked.catch(() => ({ permalink: undefined }))
    return permalink ?? profileOf(connection.handle)
  }
}

/** `2026-11-21T17:30:00+0000`. */
function instant(timestamp: string): DateTime {
  return DateTime.fromISO(timestamp, { zone: 'utc' })
}
