import { DateTime } from 'luxon'

import type { Counters, OutgoingPost, PublishKey } from '../platform.js'
import type { LinkedInAccount } from './linkedin-account.adapter.js'
import { fromLittle } from './little-text.js'

/** A post as LinkedIn tells it; moments are milliseconds since 1970. */
export interface LinkedInPost {
  readonly id: string
  readonly author: string
  readonly commentary?: string
  readonly createdAt?: number
  readonly publishedAt?: number
}

interface LinkedInComment {
  readonly id: string
  readonly actor: string
  readonly message?: { readonly text?: string }
  readonly created?: { readonly time?: number }
}

interface Statistics {
  readonly share?: string
  readonly ugcPost?: string
  readonly totalShareStatistics?: Readonly<Record<string, number>>
}

/** The clocks of two machines. */
const SLACK = { minutes: 2 }
const PAGE = 50
const COMMENTS = 100
/** Ids go into the address, which must not grow too long. */
const IDS = 20
const finder = { 'x-restli-method': 'FINDER' }

/** What is read of an account at LinkedIn. Only pages can be read, with permissions of their own. */
export class LinkedInReading {
  constructor(private readonly account: LinkedInAccount) {}

  /** Whether what was posted, or commented, can be read back. */
  possible(comment: boolean): boolean {
    return this.account.isPage && this.account.has(comment ? 'r_organization_social_feed' : 'r_organization_social')
  }

  /** The post with this address. @throws ApiFault */
  async post(urn: string, signal: AbortSignal): Promise<LinkedInPost> {
    const path = `/rest/posts/${encodeURIComponent(urn)}`
    return (await this.account.call<LinkedInPost>({ method: 'GET', path, signal })).body
  }

  /** Whether it is the one that an attempt with this key would make. */
  isOurs(there: LinkedInPost, post: OutgoingPost, key: PublishKey, others: readonly string[]): boolean {
    const at = there.createdAt ?? there.publishedAt ?? 0
    return (
      there.author === this.account.urn &&
      !others.includes(there.id) &&
      at >= earliest(key).toMillis() &&
      sameWords(fromLittle(there.commentary ?? ''), post.text)
    )
  }

  /** The post that an attempt with this key made, if LinkedIn lists it. @throws ApiFault */
  async ours(post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<LinkedInPost | null> {
    const query = { author: this.account.urn, q: 'author', count: PAGE, sortBy: 'CREATED' }
    const call = { method: 'GET', path: '/rest/posts', query, headers: finder, signal } as const
    const { elements } = (await this.account.call<{ elements?: LinkedInPost[] }>(call)).body
    if (!elements) throw new Error('LinkedIn did not list the posts of the page.')
    const others = await key.others()
    return elements.find((each) => this.isOurs(each, post, key, others)) ?? null
  }

  /** The comment that an attempt with this key made below a post. @throws ApiFault */
  async ourComment(below: string, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<string | null> {
    const path = `/rest/socialActions/${encodeURIComponent(below)}/comments`
    const call = { method: 'GET', path, query: { count: COMMENTS }, signal } as const
    const { elements } = (await this.account.call<{ elements?: LinkedInComment[] }>(call)).body
    if (!elements) throw new Error('LinkedIn did not list the comments below the post.')
    const others = await key.others()
    const found = elements.find(
      ({ id, actor, message, created }) =>
        actor === this.account.urn &&
        !others.includes(commentUrn(below, id)) &&
        (created?.time ?? 0) >= earliest(key).toMillis() &&
        sameWords(message?.text ?? '', post.text),
    )
    if (!found && elements.length >= COMMENTS)
      throw new Error('LinkedIn has more comments below the post than it lists at once.')
    return found ? commentUrn(below, found.id) : null
  }

  /**
   * Counters of a page's posts, of the last twelve months.
   * Source: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/share-statistics
   */
  async counters(urns: readonly string[], signal: AbortSignal): Promise<Map<string, Counters>> {
    const readings = new Map<string, Counters>()
    if (!this.account.isPage || !this.account.has('rw_organization_admin')) return readings
    for (const [kind, list] of [
      ['shares', urns.filter((urn) => urn.startsWith('urn:li:share:'))],
      ['ugcPosts', urns.filter((urn) => urn.startsWith('urn:li:ugcPost:'))],
    ] as const) {
      for (let at = 0; at < list.length; at += IDS) {
        // Rest.li 2.0 wants its brackets and commas as they are, and only what is within them encoded.
        const ids = list
          .slice(at, at + IDS)
          .map(encodeURIComponent)
          .join(',')
        const page = encodeURIComponent(this.account.urn)
        const path = `/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=${page}&${kind}=List(${ids})`
        const call = { method: 'GET', path, headers: finder, signal } as const
        const { elements } = (await this.account.call<{ elements?: Statistics[] }>(call)).body
        for (const { share, ugcPost, totalShareStatistics } of elements ?? []) {
          const urn = share ?? ugcPost
          if (urn !== undefined) readings.set(urn, countersOf(totalShareStatistics ?? {}))
        }
      }
    }
    return readings
  }
}

/** `below` is the post that a comment hangs on; its number is LinkedIn's within that post. */
export function commentUrn(below: string, id: string): string {
  return `urn:li:comment:(${below},${id})`
}

/** No attempt of this key was before it. */
export function earliest(key: PublishKey): DateTime {
  return DateTime.fromISO(key.createdAt, { zone: 'utc' }).minus(SLACK)
}

function sameWords(one: string, other: string): boolean {
  const comparable = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim()
  return comparable(one) === comparable(other)
}

function countersOf(told: Readonly<Record<string, number>>): Counters {
  return {
    reactions: told.likeCount ?? null,
    replies: told.commentCount ?? null,
    reposts: told.shareCount ?? null,
    clicks: told.clickCount ?? null,
    impressions: told.impressionCount ?? null,
  }
}
