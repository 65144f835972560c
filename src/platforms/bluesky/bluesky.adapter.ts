import { type AppBskyFeedPost, AppBskyRichtextFacet, type AtpBaseClient, AtUri, RichText } from '@atproto/api'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  FindOutcome,
  OutgoingPost,
  Place,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../platform.js'
import { connectRefusalOf, publishOutcomeOf, retractOutcomeOf, type Step } from './bluesky-answers.js'
import { blueskyRules } from './bluesky-rules.js'
import { BlueskySessions, failureOf, SignInFault } from './bluesky-sessions.adapter.js'
import { recordKeyOf } from './tid.js'

const COLLECTION = 'app.bsky.feed.post'
/** Lexicon `app.bsky.feed.getPosts`: uris, maxLength 25. */
const POSTS_PER_READING = 25
/** A handle that resolves slower than this stays plain text, rather than making the post late. */
const RESOLVE_MS = 5000
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

  constructor(
    outward: Outward,
    private readonly clock: Clock,
  ) {
    this.sessions = new BlueskySessions(outward)
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
    if (post.pictures.some((picture) => sha256(picture.bytes) !== picture.sha256)) {
      return { kind: 'rejected', cause: 'A picture is not the one that was approved.', field: 'pictures' }
    }
    const repo = connection.remoteAccountId
    const rkey = recordKeyOf(key)
    let step: Step = 'prepare'
    try {
      const record = await this.recordFor(connection, post, key, signal)
      if (signal.aborted)
        return { kind: 'retry', cause: 'The time for this post was over before it was sent.', afterSeconds: null }
      step = 'publish'
      const { data } = await this.sessions.run(connection, signal, (api) =>
        api.com.atproto.repo.putRecord({ repo, collection: COLLECTION, rkey, record, swapRecord: null }, { signal }),
      )
      return { kind: 'published', remoteId: data.uri, url: urlOf(repo, rkey), at: this.clock.now().toISO()! }
    } catch (error) {
      const failure = failureOf(error)
      // Something is there under our key already, but not byte for byte: a mention may have resolved differently.
      if (failure.error === 'InvalidSwap') return this.settle(connection, post, key, signal)
      return publishOutcomeOf(failure, error instanceof SignInFault ? 'prepare' : step, this.clock.now())
    }
  }

  async find(connection: Connection, _post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    try {
      const there = await this.recordAt(connection, recordKeyOf(key), signal)
      if (there.createdAt === key.createdAt) return foundAt(connection, key)
      return { kind: 'cannot-tell', cause: 'Another post is at the place that was kept for this one.' }
    } catch (error) {
      const failure = failureOf(error)
      if (failure.error === 'RecordNotFound') return { kind: 'absent' }
      return { kind: 'cannot-tell', cause: failure.message }
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    const uri = addressOf(remoteId)
    if (uri === null || uri.host !== connection.remoteAccountId || uri.collection !== COLLECTION) {
      return { kind: 'by-hand', cause: `${remoteId} is no post of this account. Delete it in Bluesky itself.` }
    }
    try {
      // Lexicon `com.atproto.repo.deleteRecord`: "or ensure it doesn't exist", so a second time is fine.
      await this.sessions.run(connection, signal, (api) =>
        api.com.atproto.repo.deleteRecord({ repo: uri.host, collection: COLLECTION, rkey: uri.rkey }, { signal }),
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
    const readings = new Map<string, Counters>()
    for (let i = 0; i < remoteIds.length; i += POSTS_PER_READING) {
      const uris = remoteIds.slice(i, i + POSTS_PER_READING)
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

  private async recordFor(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal) {
    const facets = await this.facetsOf(connection, post.text, signal)
    const embed = await this.embedOf(connection, post, signal)
    const reply = post.under && (await this.replyTo(connection, post.under, signal))
    const record: AppBskyFeedPost.Record = {
      $type: COLLECTION,
      text: post.text,
      langs: [post.language],
      createdAt: key.createdAt,
      ...(facets.length > 0 ? { facets } : {}),
      ...(embed ? { embed } : {}),
      ...(reply ? { reply } : {}),
    }
    return record
  }

  /** A reply names the record it hangs on and where the conversation begins, each with its content's hash. */
  private async replyTo(
    connection: Connection,
    { root, parent }: Place,
    signal: AbortSignal,
  ): Promise<AppBskyFeedPost.Record['reply']> {
    const first = await this.referenceTo(connection, root, signal)
    return { root: first, parent: parent === root ? first : await this.referenceTo(connection, parent, signal) }
  }

  private async referenceTo(connection: Connection, remoteId: string, signal: AbortSignal) {
    const { host: repo, collection, rkey } = new AtUri(remoteId)
    const { data } = await this.reader(connection).com.atproto.repo.getRecord({ repo, collection, rkey }, { signal })
    return { uri: data.uri, cid: data.cid ?? '' }
  }

  /** Links, hashtags and mentions as byte ranges. A handle that nobody can resolve stays plain text. */
  private async facetsOf(
    connection: Connection,
    text: string,
    signal: AbortSignal,
  ): Promise<AppBskyRichtextFacet.Main[]> {
    const rich = new RichText({ text })
    rich.detectFacetsWithoutResolution()
    const facets: AppBskyRichtextFacet.Main[] = []
    for (const facet of rich.facets ?? []) {
      const mention = facet.features.find((feature) => AppBskyRichtextFacet.isMention(feature))
      if (!mention) facets.push(facet)
      else {
        const did = await this.didOf(connection, mention.did, signal)
        if (did) facets.push({ ...facet, features: [{ $type: 'app.bsky.richtext.facet#mention', did }] })
      }
    }
    return facets
  }

  private async didOf(connection: Connection, handle: string, signal: AbortSignal): Promise<string | null> {
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(RESOLVE_MS)])
      const api = this.reader(connection)
      return (await api.com.atproto.identity.resolveHandle({ handle }, { signal: patience })).data.did
    } catch {
      return null
    }
  }

  private async embedOf(
    connection: Connection,
    post: OutgoingPost,
    signal: AbortSignal,
  ): Promise<AppBskyFeedPost.Record['embed'] | null> {
    if (post.pictures.length === 0) {
      if (post.link === null) return null
      // The title is the host: fetching the page would show people something that nobody approved.
      const external = { uri: post.link, title: new URL(post.link).host, description: '' }
      return { $type: 'app.bsky.embed.external', external }
    }
    const images = []
    for (const { bytes, mime, alt, width, height } of post.pictures) {
      const { data } = await this.sessions.run(connection, signal, (api) =>
        api.com.atproto.repo.uploadBlob(bytes, { encoding: mime, signal }),
      )
      images.push({ image: data.blob, alt, aspectRatio: { width, height } })
    }
    return { $type: 'app.bsky.embed.images', images }
  }

  /** Decides an `InvalidSwap`: ours is there if it says the same, with as many pictures, since the same moment. */
  private async settle(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    try {
      const there = await this.recordAt(connection, recordKeyOf(key), signal)
      const alts = (there.embed as { images?: { alt: string }[] } | undefined)?.images?.map((image) => image.alt) ?? []
      const same = there.createdAt === key.createdAt && there.text === post.text
      if (same && alts.join('\n') === post.pictures.map((picture) => picture.alt).join('\n')) {
        return { ...foundAt(connection, key), kind: 'published' }
      }
      return { kind: 'rejected', cause: 'Bluesky already has another post at the place of this one.', field: null }
    } catch (error) {
      return { kind: 'unknown', cause: failureOf(error).message }
    }
  }

  private async recordAt(connection: Connection, rkey: string, signal: AbortSignal): Promise<AppBskyFeedPost.Record> {
    const request = { repo: connection.remoteAccountId, collection: COLLECTION, rkey }
    const { data } = await this.reader(connection).com.atproto.repo.getRecord(request, { signal })
    return data.value as unknown as AppBskyFeedPost.Record
  }

  /** Records are public: reading them works even when the password no longer does. */
  private reader({ credentials }: Connection): AtpBaseClient {
    return this.sessions.anonymous(credentials.pds ?? credentials.service ?? '')
  }
}

function foundAt(connection: Connection, key: PublishKey): Extract<FindOutcome, { kind: 'found' }> {
  const repo = connection.remoteAccountId
  const rkey = recordKeyOf(key)
  return { kind: 'found', remoteId: `at://${repo}/${COLLECTION}/${rkey}`, url: urlOf(repo, rkey), at: key.createdAt }
}

/** By DID, because a handle may change. */
function urlOf(did: string, rkey: string): string {
  return `https://bsky.app/profile/${did}/post/${rkey}`
}

function addressOf(remoteId: string): AtUri | null {
  try {
    return new AtUri(remoteId)
  } catch {
    return null
  }
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
