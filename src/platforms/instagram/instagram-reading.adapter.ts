import { DateTime } from 'luxon'

import type { Listed } from '../containers.js'
import type { Connection, Counters, Finding, OutgoingPost, PublishKey, Reply } from '../platform.js'
import type { Comment, InstagramApi, Medium } from './instagram-api.adapter.js'
import { profileOf } from './instagram-consent.adapter.js'

/** Looks begin so long before the key was made: two clocks need not agree. */
const SLACK_MINUTES = 5
/** Of posts or comments at once. */
export const LISTED = '50'

/** What Instagram tells of posts that are out, and of the account. */
export class InstagramReading {
  constructor(private readonly api: InstagramApi) {}

  /** `impressions` are gone; views took their place (.../reference/ig-media/insights). There are no clicks. */
  async counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal) {
    const readings = new Map<string, Counters>()
    for (const remoteId of remoteIds) {
      const reading = await this.insights(connection, remoteId, signal).catch(() =>
        this.plainCounts(connection, remoteId, signal).catch(() => null),
      )
      if (reading) readings.set(remoteId, reading)
    }
    return readings
  }

  async replies(connection: Connection, since: string, remoteIds: readonly string[], signal: AbortSignal) {
    const found = new Map<string, Reply>()
    const take = (about: string, { id, text, user, username = '', timestamp, replies }: Comment) => {
      const at = instant(timestamp)
      const ours = user !== undefined || username === connection.handle
      if (!ours && at >= DateTime.fromISO(since)) {
        const author = { handle: username, name: username }
        found.set(id, { remoteId: id, url: null, about, kind: 'reply', author, text, at: at.toISO()! })
      }
      for (const reply of replies?.data ?? []) take(id, reply)
    }
    const fields = 'id,text,user,username,timestamp,replies{id,text,user,username,timestamp}'
    for (const remoteId of remoteIds) {
      const query = { fields, limit: LISTED }
      const comments = this.api.call<{ data: Comment[] }>(connection, 'GET', `/${remoteId}/comments`, query, signal)
      for (const comment of (await comments.catch(() => ({ data: [] }))).data) take(remoteId, comment)
    }
    return [...found.values()].toSorted((a, b) => a.at.localeCompare(b.at))
  }

  /** Reads the account and how much of the day's quota is used (.../reference/ig-user/content_publishing_limit). */
  async examine(
    connection: Connection,
    signal: AbortSignal,
    saidBy: (error: unknown) => string,
  ): Promise<readonly Finding[]> {
    const account = `/${connection.remoteAccountId}`
    try {
      const { username } = await this.api.call<{ username: string }>(
        connection,
        'GET',
        account,
        { fields: 'username' },
        signal,
      )
      const said = `Instagram knows us as @${username}.`
      const findings: Finding[] = [{ about: 'account', state: 'good', said, nextStep: null }]
      const { data } = await this.api.call<{ data: { quota_usage?: number; config?: { quota_total?: number } }[] }>(
        connection,
        'GET',
        `${account}/content_publishing_limit`,
        { fields: 'config,quota_usage' },
        signal,
      )
      const { quota_usage: used, config } = data[0] ?? {}
      if (used !== undefined && config?.quota_total !== undefined) findings.push(quota(used, config.quota_total))
      return findings
    } catch (error) {
      const said = `Instagram refuses to be asked: ${saidBy(error)}`
      return [{ about: 'credentials', state: 'bad', said, nextStep: 'Connect the channel again if this stays so.' }]
    }
  }

  /** Posts since the key was made that say the same and belong to no other publication. */
  async posts(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Listed[]> {
    const since = sinceOf(key)
    const query = { fields: 'id,caption,permalink,timestamp', limit: LISTED }
    const path = `/${connection.remoteAccountId}/media`
    const { data } = await this.api.call<{ data: Medium[] }>(connection, 'GET', path, query, signal)
    const others = await key.others()
    return data
      .filter(({ caption = '' }) => caption.trim() === post.text.trim())
      .filter(({ id, timestamp }) => instant(timestamp) >= since && !others.includes(id))
      .map(({ id, permalink, timestamp }) => ({
        remoteId: id,
        url: permalink ?? profileOf(connection.handle),
        at: instant(timestamp).toISO()!,
      }))
  }

  /** Not part of the answer to publishing; the profile stands in when it cannot be read. */
  async addressOf(connection: Connection, id: string, signal: AbortSignal): Promise<string> {
    const asked = this.api.call<{ permalink?: string }>(connection, 'GET', `/${id}`, { fields: 'permalink' }, signal)
    const { permalink } = await asked.catch(() => ({ permalink: undefined }))
    return permalink ?? profileOf(connection.handle)
  }

  private async insights(connection: Connection, remoteId: string, signal: AbortSignal): Promise<Counters> {
    const metric = 'views,likes,comments,shares'
    const path = `/${remoteId}/insights`
    const { data } = await this.api.call<{ data: { name: string; values?: { value?: unknown }[] }[] }>(
      connection,
      'GET',
      path,
      { metric },
      signal,
    )
    const value = (name: string) => {
      const read = data.find((each) => each.name === name)?.values?.[0]?.value
      return typeof read === 'number' ? read : null
    }
    return {
      reactions: value('likes'),
      replies: value('comments'),
      reposts: value('shares'),
      clicks: null,
      impressions: value('views'),
    }
  }

  /** What can be read without the permission for insights, or while those are not there yet. */
  private async plainCounts(connection: Connection, remoteId: string, signal: AbortSignal): Promise<Counters> {
    const query = { fields: 'like_count,comments_count' }
    const path = `/${remoteId}`
    const body = await this.api.call<{ like_count?: number; comments_count?: number }>(
      connection,
      'GET',
      path,
      query,
      signal,
    )
    return {
      reactions: body.like_count ?? null,
      replies: body.comments_count ?? null,
      reposts: null,
      clicks: null,
      impressions: null,
    }
  }
}

/** From when on a post of this key can be. */
export function sinceOf(key: PublishKey): DateTime {
  return DateTime.fromISO(key.createdAt).minus({ minutes: SLACK_MINUTES })
}

function quota(used: number, total: number): Finding {
  const said = `${used} of ${total} posts of the last 24 hours are used.`
  if (used < total) return { about: 'posts', state: used > total * 0.8 ? 'warning' : 'good', said, nextStep: null }
  return { about: 'posts', state: 'bad', said, nextStep: 'Wait until older ones are more than a day old.' }
}

/** `2026-11-21T17:30:00+0000`. */
export function instant(timestamp: string): DateTime {
  return DateTime.fromISO(timestamp, { zone: 'utc' })
}
