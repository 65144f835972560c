import { DateTime } from 'luxon'

import type { Counters, OutgoingPost, PublishKey } from '../platform.js'
import type { LinkedInAccount } from './linkedin-account.adapter.js'
import { keptPictures } from './linkedin-media.adapter.js'
import { fromLittle } from './little-text.js'

/** A post as LinkedIn tells it; moments are milliseconds since 1970. */
export interface LinkedInPost {
  readonly id: string
  readonly author: string
  readonly commentary?: string
  readonly createdAt?: number
  readonly publishedAt?: number
  readonly content?: {
    readonly media?: { readonly id: string }
    readonly multiImage?: { readonly images: readonly { readonly id: string }[] }
    readonly article?: { readonly source?: string }
  }
  readonly reshareContext?: { readonly parent?: string }
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
/** So far back a look goes; a page that has posted more since cannot be looked through. */
const PAGES = 10
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
    return (
      there.author === this.account.urn &&
      !others.includes(there.id) &&
      madeAt(there) >= earliest(key).toMillis() &&
      sameWords(fromLittle(there.commentary ?? ''), post.text) &&
      (post.text.trim() !== '' || showsTheSame(there, post, key))
    )
  }

  /**
   * The post that an attempt with this key made, if LinkedIn lists it: newest first, until those before the key begin.
   * @throws ApiFault, or an Error when not all posts since could be looked through
   */
  async ours(post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<LinkedInPost | null> {
    const others = await key.others()
    for (let start = 0; start < PAGE * PAGES; start += PAGE) {
      const query = { author: this.account.urn, q: 'author', start, count: PAGE, sortBy: 'CREATED' }
      const call = { method: 'GET', path: '/rest/posts', query, headers: finder, signal } as const
      const { elements } = (await this.account.call<{ elements?: LinkedInPost[] }>(call)).body
      if (!elements) throw new Error('LinkedIn did not list the posts of the page.')
      const found = elements.find((each) => this.isOurs(each, post, key, others))
      if (found) return found
      // A page of the list can be short of posts that may not be seen: only an empty one is the last.
      if (elements.every((each) => madeAt(each) < earliest(key).toMillis())) return null
    }
    throw new Error('the page has posted more since than can be looked through.')
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

function madeAt({ createdAt, publishedAt }: LinkedInPost): number {
  return createdAt ?? publishedAt ?? 0
}

/** Posts without words are known by what they show: the very pictures, film, link or post that was sent. */
function showsTheSame({ content, reshareContext }: LinkedInPost, post: OutgoingPost, key: PublishKey): boolean {
  if (post.repostOf !== undefined) return reshareContext?.parent === post.repostOf
  const shown = content?.multiImage?.images ?? (content?.media ? [content.media] : [])
  const sent = post.video ? [key.memo] : post.pictures.length > 0 ? keptPictures(key) : null
  if (sent) return shown.length === sent.length && shown.every(({ id }) => sent.includes(id))
  return post.link !== null && content?.article?.source === post.link
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
