import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** A device that a reviewer confirmed once, by a code from their inbox. It opens reviews and nothing else. */
@Entity('review_devices')
export class ReviewDeviceEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ name: 'token_hash', type: 'text' })
  tokenHash: string

  /** In words that its owner knows it by, such as "Firefox on Windows". */
  @Column({ type: 'text' })
  words: string

  /** `YYYY-MM-DD`, in UTC. */
  @Column({ name: 'last_used_on', type: 'date' })
  lastUsedOn: string

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  @InstantColumn({ name: 'expires_at' })
  expiresAt: DateTime

  @InstantColumn({ name: 'revoked_at', nullable: true })
  revokedAt: DateTime | null
}
