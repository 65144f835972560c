import type { DateTime } from 'luxon'

import type { AuditHead } from '../audit/chain.js'
import type { Counters, Network } from '../platforms/platform.js'
import type { Week } from './week.js'

/** How many weeks before the summed-up one say what is usual. */
export const weeksBefore = 8

/** All that a summary is made of. Instants are in UTC. */
export interface SummaryFacts {
  readonly week: Week
  /** The moment for which it is made. */
  readonly now: DateTime
  /** The week is over and this is the summary that is kept. */
  readonly final: boolean
  readonly group: GroupFacts
  /** Publications of this week and the `weeksBefore` before it. */
  readonly publications: readonly PublicationFact[]
  readonly review: ReviewFacts
  /** What waits for somebody at `now`; null for a week too long ago for that to belong to it. */
  readonly needs: NeedFacts | null
  readonly auditHead: AuditHead
}

export interface GroupFacts {
  readonly name: string
  readonly slug: string
  /** IANA name. */
  readonly zone: string
}

/** One post on one channel. */
export interface PublicationFact {
  readonly id: string
  readonly postId: string
  readonly channelId: string
  readonly channelName: string
  readonly network: Network
  /** A publication's state, such as `published`. */
  readonly state: string
  readonly slot: DateTime
  readonly publishedAt: DateTime | null
  /** Null for an exact time. */
  readonly windowName: string | null
  /** What the channel shows. */
  readonly text: string
  readonly url: string | null
  readonly cause: string | null
  readonly hasPicture: boolean
  readonly labels: readonly string[]
  /** The reading at 48 hours, else the newest younger one; null without any. */
  readonly counters: CountedFact | null
}

export interface CountedFact extends Counters {
  readonly age: '1h' | '24h' | '48h'
  readonly takenAt: DateTime
}

/** What waits, and what may soon. */
export interface NeedFacts {
  /** Posts that wait for a reviewer, the longest waiting first. */
  readonly waiting: readonly { readonly postId: string; readonly text: string; readonly since: DateTime }[]
  readonly held: readonly { readonly postId: string; readonly text: string }[]
  /** Publications with which a person has to do something. */
  readonly troubled: readonly {
    readonly postId: string
    readonly text: string
    readonly channelName: string
    readonly state: string
    readonly cause: string | null
    /** Whose post it passes on, without a word of ours; null for a post of our own. */
    readonly repostOf: string | null
  }[]
  readonly channels: readonly ChannelFact[]
  readonly activeAdmins: number
}

export interface ChannelFact {
  readonly name: string
  readonly toReconnect: boolean
  /** The last slot that something is planned for, or null. */
  readonly lastPlanned: DateTime | null
}

/** Review in the week. */
export interface ReviewFacts {
  /** Members asked, each for each version. */
  readonly requests: number
  /** Versions that were sent for review, with the first answer of anybody. */
  readonly rounds: readonly { readonly askedAt: DateTime; readonly answeredAt: DateTime | null }[]
  /** Posts that reviewers sent back for changes. */
  readonly sentBack: number
  /** Posts that somebody stopped. */
  readonly stopped: number
  readonly load: readonly { readonly name: string; readonly asked: number; readonly answered: number }[]
}
