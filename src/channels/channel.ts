import type { DateTime } from 'luxon'

import type { Limits, Network } from '../platforms/platform.js'
import type { ChannelLimits } from './channel-limits.js'

export type ChannelState = 'connected' | 'to_reconnect' | 'paused'

/** One connected account on one network. */
export interface Channel extends ChannelLimits {
  readonly groupId: string
  readonly id: string
  readonly network: Network
  /** The network's own immutable id of the account: part of what reviewers approve. */
  readonly remoteAccountId: string
  readonly name: string
  readonly handle: string
  readonly url: string | null
  readonly state: ChannelState
  /** Why it is to be connected again, in words; null while nothing is wrong. */
  readonly cause: string | null
  /** Until then the network asked us to keep still. */
  readonly limitedUntil: DateTime | null
  /** What the network told of this account; null where the rules' own hold. */
  readonly limits: Limits | null
  /** From then on its credentials are renewed; null where they need it not. */
  readonly renewAt: DateTime | null
  /** From then on a person has to agree again at the network; null where that is never needed. */
  readonly consentUntil: DateTime | null
  readonly createdAt: DateTime
  /** Set on a removed channel, whose row stays since what went out still names it. */
  readonly removedAt: DateTime | null
}
