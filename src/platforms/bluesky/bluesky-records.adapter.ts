import {
  type AppBskyFeedPost,
  type AppBskyFeedRepost,
  AppBskyRichtextFacet,
  type AtpBaseClient,
  AtUri,
  type ComAtprotoRepoStrongRef,
  RichText,
} from '@atproto/api'

import type { Connection, OutgoingPost, PublishKey } from '../platform.js'
import { type BlueskySessions, failureOf } from './bluesky-sessions.adapter.js'

export const POSTS = 'app.bsky.feed.post'
export const REPOSTS = 'app.bsky.feed.repost'
/** A handle that resolves slower than this stays plain text, rather than making the post late. */
const RESOLVE_MS = 5000

type Ref = ComAtprotoRepoStrongRef.Main
type Embed = NonNullable<AppBskyFeedPost.Record['embed']>

/** A record as a server tells it. */
export interface Found<Value> extends Ref {
  readonly value: Value
}

/** The post that this one hangs on or passes on cannot be found: nothing was sent. The message is for people. */
export class NotThere extends Error {
  constructor(named: string) {
    super(`The post that this one answers or passes on (${named}) is not there. It may be gone.`)
    this.name = 'NotThere'
  }
}

/** Where a post is written: a post of somebody else’s without words of our own is a repost. */
export function collectionOf(post: OutgoingPost): typeof POSTS | typeof REPOSTS {
  const plain = post.text.trim() === '' && post.link === null && post.pictures.length === 0 && !post.video
  return post.repostOf !== undefined && plain ? REPOSTS : POSTS
}

/** Makes records of what is to be published, and reads those that are there. */
export class BlueskyRecords {
  constructor(private readonly sessions: BlueskySessions) {}

  /** @throws NotThere, XRPCError, SignInFault */
  async recordFor(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<AppBskyFeedPost.Record | AppBskyFeedRepost.Record> {
    const about = post.repostOf === undefined ? null : await this.refOf(connection, post.repostOf, signal)
    if (about && collectionOf(post) === REPOSTS) return { $type: REPOSTS, subject: about, createdAt: key.createdAt }
    const reply = post.under ? await this.replyRefs(connection, post.under.parent, signal) : null
    const facets = await this.facetsOf(connection, post.text, signal)
    const embed = await this.embedOf(connection, post, about, signal)
    return {
      $type: POSTS,
      text: post.text,
      langs: [post.language],
      createdAt: key.createdAt,
      ...(facets.length > 0 ? { facets } : {}),
      ...(embed ? { embed } : {}),
      ...(reply ? { reply } : {}),
    }
  }

  /**
   * Any public record, by its `at://` address. The account's own server tells its own, and asks its AppView for others
   * (reference server, com.atproto.repo.getRecord).
   */
  async recordAt<Value>(connection: Connection, uri: AtUri, signal: AbortSignal): Promise<Found<Value>> {
    const request = { repo: uri.host, collection: uri.collection, rkey: uri.rkey }
    const { data } = await this.reader(connection).com.atproto.repo.getRecord(request, { signal })
    return { uri: data.uri, cid: data.cid ?? '', value: data.value as Value }
  }

  /** Where the conversation begins is what the parent says of itself: so every reader sees one conversation. */
  private async replyRefs(connection: Connection, parentId: string, signal: AbortSignal) {
    const { uri, cid, value } = await this.named<{ reply?: { root?: Ref } }>(connection, parentId, signal)
    const parent = { uri, cid }
    return { root: value.reply?.root ?? parent, parent }
  }

  private async refOf(connection: Connection, remoteId: string, signal: AbortSignal): Promise<Ref> {
    const { uri, cid } = await this.named(connection, remoteId, signal)
    return { uri, cid }
  }

  /** An account's names, which the AppView tells (lexicon app.bsky.actor.getProfile). @throws XRPCError, SignInFault */
  async namesOf(connection: Connection, did: string, signal: AbortSignal): Promise<{ handle: string; name: string }> {
    const { data } = await this.sessions.run(connection, signal, (api) =>
      api.app.bsky.actor.getProfile({ actor: did }, { signal }),
    )
    return { handle: data.handle, name: data.displayName ?? '' }
  }

  /** A post by its `at://` address or by that of its page at bsky.app. @throws NotThere, XRPCError */
  async named<Value>(connection: Connection, remoteId: string, signal: AbortSignal): Promise<Found<Value>> {
    const [, author, rkey] = /^https?:\/\/[^/]+\/profile\/([^/?#]+)\/post\/([^/?#]+)/.exec(remoteId) ?? []
    const uri = addressOf(rkey === undefined ? remoteId : `at://${author}/${POSTS}/${rkey}`)
    if (uri === null || uri.rkey === '') throw new NotThere(remoteId)
    try {
      if (uri.host.startsWith('did:')) return await this.recordAt<Value>(connection, uri, signal)
      const did = await this.resolved(connection, uri.host, signal)
      return await this.recordAt<Value>(connection, AtUri.make(did, uri.collection, uri.rkey), signal)
    } catch (error) {
      const { status, error: name } = failureOf(error)
      if (name === 'RecordNotFound' || status === 400) throw new NotThere(remoteId)
      throw error
    }
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
    const patience = AbortSignal.any([signal, AbortSignal.timeout(RESOLVE_MS)])
    return this.resolved(connection, handle, patience).catch(() => null)
  }

  private async resolved(connection: Connection, handle: string, signal: AbortSignal): Promise<string> {
    const { identity } = this.reader(connection).com.atproto
    return (await identity.resolveHandle({ handle }, { signal })).data.did
  }

  /** A post has one embed: somebody's post, what belongs to ours, or the two in one. */
  private async embedOf(
    connection: Connection,
    post: OutgoingPost,
    quoted: Ref | null,
    signal: AbortSignal,
  ): Promise<Embed | null> {
    const media = await this.mediaOf(connection, post, signal)
    if (quoted === null) return media
    const record = { $type: 'app.bsky.embed.record' as const, record: quoted }
    return media ? { $type: 'app.bsky.embed.recordWithMedia', record, media } : record
  }

  private async mediaOf(connection: Connection, post: OutgoingPost, signal: AbortSignal): Promise<Embed | null> {
    const upload = (bytes: Uint8Array, encoding: string) =>
      this.sessions
        .run(connection, signal, (api) => api.com.atproto.repo.uploadBlob(bytes, { encoding, signal }))
        .then(({ data }) => data.blob)
    if (post.video) {
      const { bytes, mime, alt, width, height } = post.video
      // Uploaded to the account's own server: it is made ready for viewers after the post is public
      // (https://docs.bsky.app/docs/tutorials/video, "simple method").
      const video = await upload(bytes, mime)
      return { $type: 'app.bsky.embed.video', video, ...(alt === '' ? {} : { alt }), aspectRatio: { width, height } }
    }
    if (post.pictures.length > 0) {
      const images = []
      for (const { bytes, mime, alt, width, height } of post.pictures)
        images.push({ image: await upload(bytes, mime), alt, aspectRatio: { width, height } })
      return { $type: 'app.bsky.embed.images', images }
    }
    if (post.link === null) return null
    // The title is the host: fetching the page would show people something that nobody approved.
    const external = { uri: post.link, title: new URL(post.link).host, description: '' }
    return { $type: 'app.bsky.embed.external', external }
  }

  /** Records are public: reading them works even when the password no longer does. */
  private reader({ credentials }: Connection): AtpBaseClient {
    return this.sessions.anonymous(credentials.pds ?? credentials.service ?? '')
  }
}

/** Whether a post that is there says the same as ours, with the same descriptions, since the same moment. */
export function saysTheSame(there: AppBskyFeedPost.Record, post: OutgoingPost, key: PublishKey): boolean {
  const ours = post.video ? [post.video] : post.pictures
  const alts = ours.map(({ alt }) => alt)
  return (
    there.createdAt === key.createdAt && there.text === post.text && altsIn(there.embed).join('\n') === alts.join('\n')
  )
}

interface WithAlts {
  readonly images?: readonly { readonly alt: string }[]
  readonly video?: unknown
  readonly alt?: string
  readonly media?: WithAlts
}

function altsIn(embed: unknown): string[] {
  const { media, images, video, alt } = (embed ?? {}) as WithAlts
  if (media) return altsIn(media)
  return video === undefined ? (images ?? []).map((image) => image.alt) : [alt ?? '']
}

/** The parts of an `at://` address, or null when it is none. */
export function addressOf(remoteId: string): AtUri | null {
  try {
    return new AtUri(remoteId)
  } catch {
    return null
  }
}

/** By DID, because a handle may change. */
export function urlOf({ host, rkey }: Pick<AtUri, 'host' | 'rkey'>): string {
  return `https://bsky.app/profile/${host}/post/${rkey}`
}
