import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** Somebody stopped everything; two people let it go on. */
@Entity('pauses')
@Check('pauses_asked_whole', '(release_asked_by is null) = (release_asked_at is null)')
@Check('pauses_released_whole', '(released_by is null) = (released_at is null)')
export class PauseEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'pauses_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pauses_pkey' })
  id: string

  @Column({ name: 'paused_by', type: 'uuid' })
  pausedBy: string

  @InstantColumn({ name: 'paused_at' })
  pausedAt: DateTime

  @Column({ type: 'text', nullable: true })
  reason: string | null

  @Column({ name: 'release_asked_by', type: 'uuid', nullable: true })
  releaseAskedBy: string | null

  @InstantColumn({ name: 'release_asked_at', nullable: true })
  releaseAskedAt: DateTime | null

  @Column({ name: 'released_by', type: 'uuid', nullable: true })
  releasedBy: string | null

  @InstantColumn({ name: 'released_at', nullable: true })
  releasedAt: DateTime | null
}
