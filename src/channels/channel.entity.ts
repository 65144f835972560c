import type { DateTime } from 'luxon'
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Limits, Network } from '../platforms/platform.js'
import type { Channel, ChannelState } from './channel.js'

/** One connected account on one network. */
@Entity('channels')
@Unique('channels_id_unique', ['id'])
@Index('channels_to_renew', ['renewNextAt'], { where: 'removed_at is null and renew_next_at is not null' })
@Index('channels_to_ask', ['limitsNextAt'], { where: 'removed_at is null and limits_next_at is not null' })
@Index('channels_to_remind', ['consentUntil'], { where: 'removed_at is null and consent_until is not null' })
@Check('channels_state_known', `state in ('connected', 'to_reconnect', 'paused')`)
@Check('channels_gap_range', 'gap_minutes between 0 and 10080')
@Check('channels_cap_range', 'daily_cap between 1 and 100')
export class ChannelEntity implements Channel {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'channels_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'channels_pkey' })
  id: string

  @Column({ type: 'text' })
  network: Network

  /** The network's own immutable id of the account: part of what reviewers approve. */
  @Column({ name: 'remote_account_id', type: 'text' })
  remoteAccountId: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text' })
  handle: string

  @Column({ type: 'text', nullable: true })
  url: string | null

  @Column({ name: 'sealed_credentials', type: 'text' })
  sealedCredentials: string

  @Column({ type: 'text', default: 'connected' })
  state: ChannelState

  /** Why it is to be connected again, in words; null while nothing is wrong. */
  @Column({ type: 'text', nullable: true })
  cause: string | null

  @Column({ name: 'gap_minutes', type: 'integer' })
  gapMinutes: number

  @Column({ name: 'daily_cap', type: 'integer' })
  dailyCap: number

  /** `HH:MM` in the group's zone; nothing goes out from here to `quietEnd`. Null, as is `quietEnd`: no quiet time. */
  @Column({ name: 'quiet_start', type: 'text', nullable: true })
  quietStart: string | null

  @Column({ name: 'quiet_end', type: 'text', nullable: true })
  quietEnd: string | null

  /** Until then the network asked us to keep still. */
  @InstantColumn({ name: 'limited_until', nullable: true })
  limitedUntil: DateTime | null

  /** What the network told of this account; null where the rules' own hold. */
  @Column({ type: 'jsonb', nullable: true })
  limits: Limits | null

  /** When to ask for them again; null where the network has nothing to tell. */
  @InstantColumn({ name: 'limits_next_at', nullable: true })
  limitsNextAt: DateTime | null

  /** From then on its credentials should be renewed; null where they need it not. */
  @InstantColumn({ name: 'renew_at', nullable: true })
  renewAt: DateTime | null

  /** When to try: `renewAt`, and later after a try that failed. */
  @InstantColumn({ name: 'renew_next_at', nullable: true })
  renewNextAt: DateTime | null

  /** How many tries in a row failed. */
  @Column({ name: 'renew_failed', type: 'integer', default: 0 })
  renewFailed: number

  /** From then on a person has to agree again at the network. */
  @InstantColumn({ name: 'consent_until', nullable: true })
  consentUntil: DateTime | null

  /** How many days before that the admins were last reminded. */
  @Column({ name: 'consent_reminded', type: 'integer', nullable: true })
  consentReminded: number | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  /** Set instead of deleting the row, since what went out still names it. */
  @InstantColumn({ name: 'removed_at', nullable: true })
  removedAt: DateTime | null
}
