import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** One member asked to look at one revision. */
@Entity('review_requests')
export class ReviewRequestEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @Column({ name: 'revision_id', type: 'uuid' })
  revisionId: string

  @Column({ name: 'member_id', type: 'uuid' })
  memberId: string

  /** SHA-256 of the link's token; the token itself is in the mail only. */
  @Column({ name: 'token_hash', type: 'text' })
  tokenHash: string

  @InstantColumn({ name: 'expires_at' })
  expiresAt: DateTime

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  @InstantColumn({ name: 'used_at', nullable: true })
  usedAt: DateTime | null

  @InstantColumn({ name: 'revoked_at', nullable: true })
  revokedAt: DateTime | null

  @Column({ name: 'revoked_because', type: 'text', nullable: true })
  revokedBecause: string | null

  @InstantColumn({ name: 'handed_over_at', nullable: true })
  handedOverAt: DateTime | null

  @Column({ name: 'code_hash', type: 'text', nullable: true })
  codeHash: string | null

  @InstantColumn({ name: 'code_expires_at', nullable: true })
  codeExpiresAt: DateTime | null

  @Column({ name: 'code_tries', type: 'integer', default: 0 })
  codeTries: number

  @InstantColumn({ name: 'half_reminded_at', nullable: true })
  halfRemindedAt: DateTime | null

  /** Of the reminder before the slot; emptied when the slot moves. */
  @InstantColumn({ name: 'last_reminded_at', nullable: true })
  lastRemindedAt: DateTime | null
}
