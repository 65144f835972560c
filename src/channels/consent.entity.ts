import type { DateTime } from 'luxon'
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Network } from '../platforms/platform.js'

/** One way to a network and back, for one person in one browser. It stays for an hour after its end. */
@Entity('consents')
@Unique('consents_state_unique', ['stateHash'])
@Index('consents_by_end', ['expiresAt'])
@Check('consents_accounts_came', 'sealed_accounts is null or came_back_at is not null')
export class ConsentEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'consents_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'consents_pkey' })
  id: string

  @Column({ name: 'state_hash', type: 'text' })
  stateHash: string

  @Column({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ name: 'session_id', type: 'text' })
  sessionId: string

  @Column({ type: 'text' })
  network: Network

  /** The channel that is connected again; null for a new one. */
  @Column({ name: 'channel_id', type: 'uuid', nullable: true })
  channelId: string | null

  /** What was typed, the verifier of PKCE, and what the adapter has to remember. */
  @Column({ name: 'sealed_way', type: 'text' })
  sealedWay: string

  /** The accounts that the consent opened, credentials included, until one is chosen. */
  @Column({ name: 'sealed_accounts', type: 'text', nullable: true })
  sealedAccounts: string | null

  @InstantColumn({ name: 'begun_at' })
  begunAt: DateTime

  @InstantColumn({ name: 'expires_at' })
  expiresAt: DateTime

  @InstantColumn({ name: 'came_back_at', nullable: true })
  cameBackAt: DateTime | null
}
