import { type AppBskyFeedPost, type AppBskyFeedRepost, AtUri } from '@atproto/api'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import { notCounted } from '../not-counted.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  FindOutcome,
  Finding,
  LookUpOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  Reply,
  RetractOutcome,
} from '../platform.js'
import { connectRefusalOf, publishOutcomeOf, retractOutcomeOf, type Step } from './bluesky-answers.js'
import { examineAccount, repliesSince } from './bluesky-reading.adapter.js'
import {
  addressOf,
  BlueskyRecords,
  collectionOf,
  NotThere,
  POSTS,
  REPOSTS,
  saysTheSame,
  urlOf,
} from './bluesky-records.adapter.js'
import { blueskyRules } from './bluesky-rules.js'
import { BlueskySessions, failureOf, SignInFault } from './bluesky-sessions.adapter.js'
import { lookUpPost } from './bluesky-targets.adapter.js'
import { recordKeyOf } from './tid.js'

/** Lexicon `app.bsky.feed.getPosts`: uris, maxLength 25. */
const POSTS_PER_READING = 25
const CONNECT_MS = 30_000

/**
 * Bluesky, through the account's own personal data server and an app password.
 * A post is written with `com.atproto.repo.putRecord` under a record key made from the publish key and with
 * `swapRecord: null` ("only if there is none"): sent again, the identical record answers 200 and changes nothing.
 * `createRecord` with a chosen key answers 500 the second time, which looks as if it might be repeated.
 */
export class BlueskyAdapter implements Platform {
  readonly rules = blueskyRules
  readonly connectFields = [
    {
      name: 'handle',
      label: 'Handle',
      help: 'As people see it, without the @.',
      secret: false,
      placeholder: 'ourgroup.bsky.social',
    },
    {
      name: 'appPassword',
      label: 'App password',
      help: 'Made for Seconder alone, and never the main password: you can take it back at any time.',
      secret: true,
      placeholder: 'abcd-efgh-ijkl-mnop',
    },
    {
      name: 'server',
      label: 'Server',
      help: 'Only if the account does not live at Bluesky itself.',
      secret: false,
      optional: true,
      placeholder: 'https://bsky.social',
    },
  ]
  readonly connectSteps = [
    'Sign in to Bluesky with the group’s account.',
    'Open Settings, then Privacy and security, then App passwords.',
    'Press Add app password, call it Seconder, leave direct messages off, and copy what is shown.',
  ]
  private readonly sessions: BlueskySessions
  private readonly records: BlueskyRecords

  constructor(
    outward: Outward,
    private readonly clock: Clock,
  ) {
    this.sessions = new BlueskySessions(outward)
    this.records = new BlueskyRecords(this.sessions)
  }

  async connect(
    _group: { id: string; slug: string; name: string },
    answers: Record<string, string>,
  ): Promise<ConnectOutcome> {
    const handle = (answers.handle ?? '').trim().replace(/^@/, '').toLowerCase()
    const appPassword = (answers.appPassword ?? '').trim()
    const service = originOf(answers.server)
    if (handle === '')
      return { kind: 'refused', cause: 'Enter the handle, such as ourgroup.bsky.social.', field: 'handle' }
    if (appPassword === '')
      return { kind: 'refused', cause: 'Enter an app password made for Seconder.', field: 'appPassword' }
    if (service === null) {
      return {
        kind: 'refused',
        cause: `“${answers.server}” is no address of a server; it looks like https://bsky.social.`,
        field: 'server',
      }
    }
    try {
      const session = await this.sessions.signIn(service, handle, appPassword, AbortSignal.timeout(CONNECT_MS))
      if (scopeOf(session.accessJwt) === 'com.atproto.access') {
        const cause = 'This is the account’s main password. Make an app password in Bluesky and enter that.'
        return { kind: 'refused', cause, field: 'appPassword' }
      }
      return {
        kind: 'connected',
        remoteAccountId: session.did,
        handle: session.handle,
        url: `https://bsky.app/profile/${session.handle}`,
        credentials: {
          service,
          appPassword,
          pds: session.pds,
          accessJwt: session.accessJwt,
          refreshJwt: session.refreshJwt,
        },
      }
    } catch (error) {
      return connectRefusalOf(failureOf(error))
    }
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post))
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    const media = post.video ? [...post.pictures, post.video] : post.pictures
    if (media.some(({ bytes, sha256: approved }) => sha256(bytes) !== approved)) {
      return { kind: 'rejected', cause: 'A picture or film is not the one that was approved.', field: 'pictures' }
    }
    const repo = connection.remoteAccountId
    const collection = collectionOf(post)
    const rkey = recordKeyOf(key)
    let step: Step = 'prepare'
    try {
      const record = await this.records.recordFor(connection, post, key, signal)
      if (signal.aborted)
        return { kind: 'retry', cause: 'The time for this post was over before it was sent.', afterSeconds: null }
      step = 'publish'
      const { data } = await this.sessions.run(connection, signal, (api) =>
        api.com.atproto.repo.putRecord({ repo, collection, rkey, record, swapRecord: null }, { signal }),
      )
      return { kind: 'published', remoteId: data.uri, url: pageOf(data.uri, record), at: this.clock.now().toISO()! }
    } catch (error) {
      if (error instanceof NotThere) return { kind: 'rejected', cause: error.message, field: null }
      const failure = failureOf(error)
      // Something is there under our key already, but not byte for byte: a mention may have resolved differently.
      if (failure.error === 'InvalidSwap') return this.settle(connection, post, key, signal)
      return publishOutcomeOf(failure, error instanceof SignInFault ? 'prepare' : step, this.clock.now())
    }
  }

  async find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    try {
      const there = await this.ours(connection, post, key, signal)
      if (there.value.createdAt === key.createdAt) return foundAs(there)
      return { kind: 'cannot-tell', cause: 'Another post is at the place that was kept for this one.' }
    } catch (error) {
      const failure = failureOf(error)
      if (failure.error === 'RecordNotFound') return { kind: 'absent' }
      return { kind: 'cannot-tell', cause: failure.message }
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    const uri = addressOf(remoteId)
    const ours = uri?.host === connection.remoteAccountId && [POSTS, REPOSTS].includes(uri.collection)
    if (uri === null || !ours) {
      return { kind: 'by-hand', cause: `${remoteId} is no post of this account. Delete it in Bluesky itself.` }
    }
    try {
      // Lexicon `com.atproto.repo.deleteRecord`: "or ensure it doesn't exist", so a second time is fine.
      await this.sessions.run(connection, signal, (api) =>
        api.com.atproto.repo.deleteRecord({ repo: uri.host, collection: uri.collection, rkey: uri.rkey }, { signal }),
      )
      return { kind: 'retracted' }
    } catch (error) {
      return retractOutcomeOf(failureOf(error), this.clock.now())
    }
  }

  /** Read through the account's server, which asks its AppView; a server without one answers 502. */
  async counters(
    connection: Connection,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Counters>> {
    const reposts = remoteIds.filter((remoteId) => addressOf(remoteId)?.collection === REPOSTS)
    const readings = new Map<string, Counters>(reposts.map((remoteId) => [remoteId, notCounted]))
    // One address of anything but a post, and the whole call is refused.
    const posts = remoteIds.filter((remoteId) => !readings.has(remoteId))
    for (let i = 0; i < posts.length; i += POSTS_PER_READING) {
      const uris = posts.slice(i, i + POSTS_PER_READING)
      try {
        const { data } = await this.sessions.run(connection, signal, (api) =>
          api.app.bsky.feed.getPosts({ uris }, { signal }),
        )
        for (const post of data.posts) {
          readings.set(post.uri, {
            reactions: post.likeCount ?? null,
            replies: post.replyCount ?? null,
            // A quote passes the post on too, with words of its own.
            reposts: post.repostCount === undefined ? null : post.repostCount + (post.quoteCount ?? 0),
            clicks: null,
            impressions: null,
          })
        }
      } catch {
        // What cannot be read is left out: the next reading comes, and a missing one is not a zero.
      }
    }
    return readings
  }

  replies(
    connection: Connection,
    since: string,
    _remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Reply[]> {
    return repliesSince(this.sessions, connection, since, signal)
  }

  lookUp(connection: Connection, address: string, signal: AbortSignal): Promise<LookUpOutcome> {
    return lookUpPost(this.records, connection, address, signal)
  }

  examine(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    return examineAccount(this.sessions, connection, this.clock.now(), signal)
  }

  /** Decides an `InvalidSwap`: ours is there if it says the same, with as many pictures, since the same moment. */
  private async settle(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    try {
      const there = await this.ours(connection, post, key, signal)
      if (collectionOf(post) === POSTS && saysTheSame(there.value as AppBskyFeedPost.Record, post, key))
        return { ...foundAs(there), kind: 'published' }
      return { kind: 'rejected', cause: 'Bluesky already has another post at the place of this one.', field: null }
    } catch (error) {
      return { kind: 'unknown', cause: failureOf(error).message }
    }
  }

  /** What is at the place that the key names. */
  private ours(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal) {
    const uri = AtUri.make(connection.remoteAccountId, collectionOf(post), recordKeyOf(key))
    return this.records.recordAt<Written>(connection, uri, signal)
  }
}

type Written = AppBskyFeedPost.Record | AppBskyFeedRepost.Record

function foundAs({ uri, value }: { readonly uri: string; readonly value: Written }) {
  return { kind: 'found', remoteId: uri, url: pageOf(uri, value), at: value.createdAt } as const
}

/** A repost has no page of its own: it shows on that of what it passes on. */
function pageOf(remoteId: string, record: Written): string {
  const subject = (record as Partial<AppBskyFeedRepost.Record>).subject?.uri
  return urlOf(new AtUri(subject ?? remoteId))
}

/** The origin of what was typed, `https://` added where it was left out; null if it is no address. */
function originOf(typed: string | undefined): string | null {
  const text = (typed ?? '').trim() || 'https://bsky.social'
  const full = /^https?:\/\//.test(text) ? text : `https://${text}`
  return URL.canParse(full) && !/\s/.test(full) ? new URL(full).origin : null
}

/** A main password gives `com.atproto.access`, an app password `com.atproto.appPass` (reference server, auth-scope). */
function scopeOf(accessJwt: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(accessJwt.split('.')[1] ?? '', 'base64url').toString())
    return (claims as { scope?: string }).scope ?? null
  } catch {
    return null
  }
}
