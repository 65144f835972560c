import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Network } from '../platforms/platform.js'
import type { Channel, ChannelState } from './channel.js'

/** One connected account on one network. */
@Entity('channels')
@Unique('channels_id_unique', ['id'])
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

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  /** Set instead of deleting the row, since what went out still names it. */
  @InstantColumn({ name: 'removed_at', nullable: true })
  removedAt: DateTime | null
}
