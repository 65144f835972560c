/**
 * The port to every network. Adapters live in folders beside this file, never import each other,
 * and are the only code (with mail) that opens outward connections.
 */

export type Network =
  | 'noticeboard'
  | 'bluesky'
  | 'mastodon'
  | 'x'
  | 'facebook'
  | 'instagram'
  | 'threads'
  | 'linkedin'
  | 'telegram'
  | 'webhook'

/** One picture as it will be sent: the bytes whose SHA-256 the reviewers approved. */
export interface SentPicture {
  readonly bytes: Uint8Array
  /** `image/jpeg`, `image/png`, `image/webp` or `image/gif`. */
  readonly mime: string
  readonly width: number
  readonly height: number
  readonly sha256: string
  readonly alt: string
  /**
   * A signed https address, good for an hour, from which the network's own servers can fetch exactly these bytes.
   * Missing when this installation has no address that the public can reach.
   */
  readonly publicUrl?: string
}

/** A film as it will be sent, byte for byte as it was approved. */
export interface SentVideo {
  readonly bytes: Uint8Array
  /** `video/mp4`. */
  readonly mime: string
  readonly width: number
  readonly height: number
  readonly seconds: number
  readonly sha256: string
  readonly alt: string
  readonly publicUrl?: string
}

/** Who can see a post: everybody; everybody, but not in public timelines; followers only. */
export type Visibility = 'public' | 'unlisted' | 'followers'

/** The place of a post below another one, by remote ids. */
export interface Place {
  /** The next part of a thread of ours, the comment below a post of ours, or an answer to somebody else. */
  readonly kind: 'thread' | 'comment' | 'answer'
  /** Where the conversation begins; the same as `parent` for the second part. */
  readonly root: string
  /** What it hangs on. */
  readonly parent: string
}

/**
 * What one channel makes public at once: the channel's part of the approved envelope, or one part of it. A thread and a
 * first comment are posts of their own, each with its own key, sent one after the other.
 */
export interface OutgoingPost {
  /** Plain text, NFC. */
  readonly text: string
  /** A page to show as a link card, or null. */
  readonly link: string | null
  readonly pictures: readonly SentPicture[]
  /** BCP 47. */
  readonly language: string
  /** Instead of pictures. */
  readonly video?: SentVideo
  /** Words before which the post is hidden until somebody opens it. */
  readonly contentWarning?: string
  /** `public` unless told. */
  readonly visibility?: Visibility
  /** Where it hangs; missing for a post that stands alone. */
  readonly under?: Place
  /** The remote id of somebody's post that is passed on, with `text` as words of our own or none. */
  readonly repostOf?: string
}

/** Adapter-specific secrets of one account, as `connect` returned them. */
export type Credentials = Readonly<Record<string, string>>

/** Credentials and how long they last. */
export interface Grant {
  readonly credentials: Credentials
  /** ISO; from then on `keepAlive` should renew them. Missing when they need no renewing. */
  readonly renewAt?: string
  /** ISO; from then on a person has to consent again at the network. Missing when that is never needed. */
  readonly consentUntil?: string
}

/** One connected account, with its credentials opened. The adapter must not log or keep it. */
export interface Connection {
  readonly groupId: string
  readonly channelId: string
  /** The network's own immutable id of the account (a DID, a page id). */
  readonly remoteAccountId: string
  readonly handle: string
  readonly credentials: Credentials
  /** Limits that the network told for this account (`askLimits`); missing where the rules' own hold. */
  readonly limits?: Limits
  /**
   * Trades worn credentials for new ones, once for all processes: under a lock on the channel, and stored before they
   * are used. When somebody else has renewed `used` meanwhile, `trade` is not called and the newer ones are the answer.
   * What `trade` throws is thrown.
   */
  renew(used: Credentials, trade: (current: Credentials) => Promise<Grant>): Promise<Credentials>
}

/**
 * Fixed at the first attempt and never changed for that publication, so that a repeated send
 * is the same send: everything that the remote content depends on.
 */
export interface PublishKey {
  readonly publicationId: string
  /** Stable text, unique per publication: the network's idempotency key or its seed. */
  readonly key: string
  /** ISO instant (UTC) written into the post; microseconds are zero. Nothing that may be public was sent before it. */
  readonly createdAt: string
  /** What the adapter kept before it made anything public, such as the id of a container; null before that. */
  readonly memo: string | null
  /**
   * Commits a memo, which every later publish and find of this key sees.
   * @throws Error when the attempt is no longer ours: nothing may be sent then
   */
  keep(memo: string): Promise<void>
  /**
   * Remote ids of the account's other recent publications: a look by text must not take one of those for this one.
   * Asked for only when there is a look to take.
   */
  others(): Promise<readonly string[]>
}

/**
 * How one attempt to publish ended. Never an exception for anything a network may do. `detail` is the network's raw
 * answer, shortened and without secrets, where it is none that the adapter knows; shown to admins only.
 */
export type PublishOutcome =
  | { readonly kind: 'published'; readonly remoteId: string; readonly url: string; readonly at: string }
  /** Nothing became public, and sending again later is safe. */
  | { readonly kind: 'retry'; readonly cause: string; readonly afterSeconds: number | null; readonly detail?: string }
  /**
   * The network asks for a pause until `until` (ISO): of this channel, or of everybody's channels of this network on
   * this installation. An app of a group's own is the group's: its limits and its credit never stop other groups.
   */
  | {
      readonly kind: 'limited'
      readonly cause: string
      readonly until: string
      readonly scope: 'channel' | 'app'
      readonly detail?: string
    }
  /** The network refuses this content for good. */
  | { readonly kind: 'rejected'; readonly cause: string; readonly field: string | null; readonly detail?: string }
  /** The credentials no longer work; a person has to connect the channel again. */
  | { readonly kind: 'unauthorized'; readonly cause: string; readonly detail?: string }
  /** A person must act at the network (account suspended, spam check). */
  | { readonly kind: 'blocked'; readonly cause: string; readonly detail?: string }
  /** Bytes were sent and no answer came: it may or may not be public. */
  | { readonly kind: 'unknown'; readonly cause: string; readonly detail?: string }

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

/** Something that somebody else wrote to or about the account. */
export interface Reply {
  readonly remoteId: string
  readonly url: string | null
  /** The remote id of what it answers, quotes or passes on; null for a mention that answers nothing. */
  readonly about: string | null
  readonly kind: 'reply' | 'mention' | 'quote'
  readonly author: { readonly handle: string; readonly name: string }
  /** Plain text. */
  readonly text: string
  /** ISO. */
  readonly at: string
}

/** Somebody's post as the network shows it now, to be answered or passed on. */
export interface FoundPost {
  readonly remoteId: string
  /** Where its conversation begins, as far as that is known; else the post itself. */
  readonly root: string
  /** The address of its page. */
  readonly url: string
  readonly author: { readonly handle: string; readonly name: string }
  /** Plain text; empty for a post of pictures alone. */
  readonly text: string
  /** Short text that differs as soon as the post says something else: its words, pictures, or who wrote it. */
  readonly version: string
  /** Whether this account has passed it on already, without words; missing where the network does not tell. */
  readonly passedOn?: boolean
  /** Why this account cannot quote it, as a sentence; missing where it can, or the network does not tell. */
  readonly whyNotQuoted?: string
}

/** What a look for a post by its address finds. Causes are full sentences. */
export type LookUpOutcome =
  | { readonly kind: 'found'; readonly post: FoundPost }
  /** It is not there, or may not be answered from here; looking again changes nothing. */
  | { readonly kind: 'refused'; readonly cause: string }
  /** The network could not be asked now. */
  | { readonly kind: 'retry'; readonly cause: string }
  /** The network, or a group's credit there, asks for a pause, or the credentials no longer work: as for a post. */
  | Extract<PublishOutcome, { readonly kind: 'limited' | 'unauthorized' }>

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
  /** Missing where the network takes no films from here. */
  readonly video?: { readonly bytes: number; readonly seconds: number; readonly types: readonly string[] }
  /** What a web address counts, however long it is; missing where it counts as it is written. */
  readonly charactersPerLink?: number
}

/** Something the network would refuse, as a sentence for the editor. */
export interface Problem {
  readonly field: 'text' | 'pictures' | 'alt' | 'link' | 'video' | 'contentWarning' | 'visibility' | 'target'
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
  /** Parts that hang on each other; null where a post cannot hang on another one of ours. */
  readonly threads: { readonly parts: number } | null
  /** Whether a comment can be put below a post that is out. */
  readonly firstComment: boolean
  readonly contentWarning: boolean
  readonly visibilities: readonly Visibility[]
  /** Whether somebody else's post can be answered, and passed on. */
  readonly answers: boolean
  readonly reposts: boolean
  /** Whether a post can be found by the address of its page (`Platform.lookUp`), so that an editor can answer it or pass it on. */
  readonly lookUp: boolean
  /** Why what is found so cannot be answered, as the beginning of a sentence; missing where it can. */
  readonly whyNoAnswers?: string
  /** Why nothing of our own goes along with what is passed on, as the beginning of a sentence; missing where it can. */
  readonly whyNoQuotes?: string
  /** Whether what others write to the account can be read. */
  readonly replies: boolean
  /** Hours after which the network no longer deletes; missing where it always does, or never (`retract`). */
  readonly retractWithinHours?: number
  /** What a post costs, in a sentence; missing where it costs nothing. */
  readonly cost?: string
  /** What will not work, said before somebody connects: full sentences. */
  readonly cautions: readonly string[]
}

/** What a person types to connect an account, field by field. */
export interface ConnectField {
  readonly name: string
  readonly label: string
  readonly help: string
  readonly secret: boolean
  readonly optional?: boolean
  readonly placeholder?: string
  /** What can be answered, the usual one first, where it is not free. Nothing answered is the usual one. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
}

/** An account that can be connected, and with what. */
export interface Account extends Grant {
  /** The network's own immutable id of the account. */
  readonly remoteAccountId: string
  readonly handle: string
  readonly url: string
}

export type ConnectOutcome =
  | ({ readonly kind: 'connected' } & Account)
  /** Said to the person who connects: what is wrong and what to do. */
  | { readonly kind: 'refused'; readonly cause: string; readonly field: string | null }

/**
 * Connecting by consent at the network (OAuth 2: code, state, and PKCE where the network has it). What the person typed
 * into `connectFields` comes along as `answers`; what `begin` has to remember until the browser is back, as `memo`,
 * sealed. Credentials that carry answers under the names of their fields (an app's id and secret) save a person from
 * typing them again: on connecting again, a field left empty is what the credentials have under its name.
 * Neither rejects for anything a network may do.
 */
export interface Consent {
  /** Where the person's browser goes. `challenge` is the S256 challenge of PKCE. */
  begin(
    answers: Readonly<Record<string, string>>,
    way: { readonly redirectUri: string; readonly state: string; readonly challenge: string },
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'go'; readonly url: string; readonly memo: Readonly<Record<string, string>> }
    | Extract<ConnectOutcome, { kind: 'refused' }>
  >
  /** Trades the code that came back. Where one consent opens several accounts (pages), a person chooses among them. */
  finish(
    answers: Readonly<Record<string, string>>,
    came: {
      readonly code: string
      readonly redirectUri: string
      readonly verifier: string
      readonly memo: Readonly<Record<string, string>>
    },
    signal: AbortSignal,
  ): Promise<
    { readonly kind: 'accounts'; readonly accounts: readonly Account[] } | Extract<ConnectOutcome, { kind: 'refused' }>
  >
}

/** How a renewal ended; the new credentials are stored already. */
export type KeepAliveOutcome =
  | { readonly kind: 'renewed' }
  | { readonly kind: 'unauthorized'; readonly cause: string }
  | { readonly kind: 'retry'; readonly cause: string }

/** One thing that an examination of a channel looked at, and what to do if it is not good. */
export interface Finding {
  readonly about: string
  readonly state: 'good' | 'warning' | 'bad'
  readonly said: string
  readonly nextStep: string | null
}

/** The rules of a network: pure, so that the editor's browser can ask them while somebody types. */
export interface PlatformRules {
  readonly network: Network
  readonly capabilities: Capabilities
  readonly limits: Limits
  /** `limits` are those that the network told for the account, where it does (`Connection.limits`). */
  measure(text: string, limits?: Limits): Measure
  check(post: CheckedPost, limits?: Limits): Problem[]
  /** What the network charges for making this public; missing where it costs nothing. */
  price?(post: CheckedPost): Price
}

/** What a network charges for one post. */
export interface Price {
  readonly dollars: number
  /** What makes it dear and could be left out, in a sentence; null where nothing does. */
  readonly because: string | null
}

/** What `check` looks at; an `OutgoingPost` is one, and so is a draft that has no bytes yet. */
export interface CheckedPost {
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly {
    readonly alt: string
    readonly mime: string
    readonly size: number
    /** Pixels, where they are known. */
    readonly width?: number
    readonly height?: number
  }[]
  readonly video?: { readonly mime: string; readonly size: number; readonly seconds: number; readonly alt: string }
  readonly contentWarning?: string
  readonly visibility?: Visibility
  readonly under?: { readonly kind: Place['kind'] }
  readonly repostOf?: string
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
  /** Instead of `connect`, where the network wants a person to consent in the browser. */
  readonly consent?: Consent
  connect(group: { id: string; slug: string; name: string }, answers: Record<string, string>): Promise<ConnectOutcome>
  /** Sends once. `signal` carries the deadline; past it nothing more is sent. Resolves, never rejects, for network faults. */
  publish(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<PublishOutcome>
  /** Looks whether an earlier attempt with this key, to send just this post, became public. */
  find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome>
  /** Deletes the post; a second time is fine. */
  retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome>
  /** Counters by remote id; a post that cannot be read is left out. */
  counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal): Promise<Map<string, Counters>>
  /**
   * What others wrote since `since` (ISO): answers to `remoteIds` and mentions, oldest first.
   * Missing where the network does not tell (`capabilities.replies`).
   */
  replies?(
    connection: Connection,
    since: string,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Reply[]>
  /**
   * Looks for somebody's public post by the address of its page, as a person copies it from the browser. What is not
   * public is refused. Asks the account's own server and never the address itself. Resolves, never rejects, for network
   * faults. Missing where the network finds no post by its address (`capabilities.lookUp`).
   */
  lookUp?(connection: Connection, address: string, signal: AbortSignal): Promise<LookUpOutcome>
  /** Asks for limits that differ from server to server or from day to day. Missing where the rules' own always hold. */
  askLimits?(connection: Connection, signal: AbortSignal): Promise<Limits | null>
  /** Renews credentials ahead of their end, through `connection.renew`. Missing where they need none. */
  keepAlive?(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome>
  /**
   * Looks at credentials, scopes, limits and quota without making anything public.
   * Missing where nothing outside this installation is needed.
   */
  examine?(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]>
}
