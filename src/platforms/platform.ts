/**
 * The port to every network. Adapters live in folders beside this file, never import each other,
 * and are the only code (with mail) that opens outward connections.
 */

export type Network = 'noticeboard' | 'bluesky'

/** One picture as it will be sent: the bytes whose SHA-256 the reviewers approved. */
export interface SentPicture {
  readonly bytes: Uint8Array
  /** `image/jpeg`, `image/png`, `image/webp` or `image/gif`. */
  readonly mime: string
  readonly width: number
  readonly height: number
  readonly sha256: string
  readonly alt: string
}

/** What one channel makes public: the channel's part of the approved envelope. */
export interface OutgoingPost {
  /** Plain text, NFC. */
  readonly text: string
  /** A page to show as a link card, or null. */
  readonly link: string | null
  readonly pictures: readonly SentPicture[]
  /** BCP 47. */
  readonly language: string
}

/** One connected account, with its credentials opened. The adapter must not log or keep it. */
export interface Connection {
  readonly groupId: string
  readonly channelId: string
  /** The network's own immutable id of the account (a DID, a page id). */
  readonly remoteAccountId: string
  readonly handle: string
  /** Adapter-specific, as `connect` returned it. */
  readonly credentials: Readonly<Record<string, string>>
}

/**
 * Fixed at the first attempt and never changed for that publication, so that a repeated send
 * is the same send: everything that the remote content depends on.
 */
export interface PublishKey {
  readonly publicationId: string
  /** Stable text, unique per publication: the network's idempotency key or its seed. */
  readonly key: string
  /** ISO instant (UTC) written into the post; microseconds are zero. */
  readonly createdAt: string
}

/** How one attempt to publish ended. Never an exception for anything a network may do. */
export type PublishOutcome =
  | { readonly kind: 'published'; readonly remoteId: string; readonly url: string; readonly at: string }
  /** Nothing became public, and sending again later is safe. */
  | { readonly kind: 'retry'; readonly cause: string; readonly afterSeconds: number | null }
  /** The network asks for a pause of this channel or of the whole application until `until` (ISO). */
  | { readonly kind: 'limited'; readonly cause: string; readonly until: string; readonly scope: 'channel' | 'app' }
  /** The network refuses this content for good. */
  | { readonly kind: 'rejected'; readonly cause: string; readonly field: string | null }
  /** The credentials no longer work; a person has to connect the channel again. */
  | { readonly kind: 'unauthorized'; readonly cause: string }
  /** A person must act at the network (account suspended, spam check). */
  | { readonly kind: 'blocked'; readonly cause: string }
  /** Bytes were sent and no answer came: it may or may not be public. */
  | { readonly kind: 'unknown'; readonly cause: string }

/** What a look at the network says about a publication in doubt. */
export type FindOutcome =
  | { readonly kind: 'found'; readonly remoteId: string; readonly url: string; readonly at: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'cannot-tell'; readonly cause: string }

export type RetractOutcome =
  | { readonly kind: 'retracted' }
  | { readonly kind: 'retry'; readonly cause: string; readonly afterSeconds: number | null }
  | { readonly kind: 'unauthorized'; readonly cause: string }
  /** The network does not let us; a person deletes it by hand. */
  | { readonly kind: 'by-hand'; readonly cause: string }

/** A reading of one post's counters. Null means "the network does not tell", which is not zero. */
export interface Counters {
  readonly reactions: number | null
  readonly replies: number | null
  readonly reposts: number | null
  readonly clicks: number | null
  readonly impressions: number | null
}

/** A text's length as the network itself counts it. */
export interface Measure {
  readonly used: number
  readonly limit: number
  /** What is counted, for people: "characters". */
  readonly unit: string
}

export interface Limits {
  readonly textLimit: number
  readonly pictures: number
  readonly pictureBytes: number
  /** Longest description of a picture in characters, or null for no limit. */
  readonly altText: number | null
  readonly pictureTypes: readonly string[]
}

/** Something the network would refuse, as a sentence for the editor. */
export interface Problem {
  readonly field: 'text' | 'pictures' | 'alt' | 'link'
  readonly message: string
}

export interface Capabilities {
  readonly name: string
  readonly altText: boolean
  readonly retract: boolean
  /** Same key twice gives one post, whatever happened to the first answer. */
  readonly idempotent: boolean
  /** Seconds after a lost answer until `find` can be trusted to see the post. */
  readonly settlingSeconds: number
  readonly metrics: readonly (keyof Counters)[]
  /** Defaults of a new channel: minutes between posts, posts a day. */
  readonly gapMinutes: number
  readonly dailyCap: number
}

/** What a person types to connect an account, field by field. */
export interface ConnectField {
  readonly name: string
  readonly label: string
  readonly help: string
  readonly secret: boolean
  readonly optional?: boolean
  readonly placeholder?: string
}

export type ConnectOutcome =
  | {
      readonly kind: 'connected'
      readonly remoteAccountId: string
      readonly handle: string
      readonly url: string
      readonly credentials: Readonly<Record<string, string>>
    }
  /** Said to the person who connects: what is wrong and what to do. */
  | { readonly kind: 'refused'; readonly cause: string; readonly field: string | null }

/** The rules of a network: pure, so that the editor's browser can ask them while somebody types. */
export interface PlatformRules {
  readonly network: Network
  readonly capabilities: Capabilities
  readonly limits: Limits
  measure(text: string): Measure
  check(post: CheckedPost): Problem[]
}

/** What `check` looks at; an `OutgoingPost` is one, and so is a draft that has no bytes yet. */
export interface CheckedPost {
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly { readonly alt: string; readonly mime: string; readonly size: number }[]
}

/**
 * One network.
 * @example
 * const outcome = await platform.publish(connection, post, key, AbortSignal.timeout(30_000))
 * if (outcome.kind === 'published') keep(outcome.remoteId, outcome.url)
 */
export interface Platform {
  readonly rules: PlatformRules
  readonly connectFields: readonly ConnectField[]
  /** Plain steps, one a line: what to click at the network before filling in the fields. */
  readonly connectSteps: readonly string[]
  connect(group: { id: string; slug: string; name: string }, answers: Record<string, string>): Promise<ConnectOutcome>
  /** Sends once. `signal` carries the deadline; past it nothing more is sent. Resolves, never rejects, for network faults. */
  publish(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<PublishOutcome>
  /** Looks whether an earlier attempt with this key became public. */
  find(connection: Connection, key: PublishKey, signal: AbortSignal): Promise<FindOutcome>
  /** Deletes the post; a second time is fine. */
  retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome>
  /** Counters by remote id; a post that cannot be read is left out. */
  counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal): Promise<Map<string, Counters>>
}
