import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { PublicationState } from './publication.js'

/** One post on one channel at one slot. These rows are the queue. */
@Entity('publications')
export class PublicationEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @Column({ name: 'channel_id', type: 'uuid' })
  channelId: string

  @Column({ type: 'text', default: 'planned' })
  state: PublicationState

  @InstantColumn()
  slot: DateTime

  @Column({ type: 'text' })
  wall: string

  @Column({ type: 'text' })
  zone: string

  @Column({ name: 'window_name', type: 'text', nullable: true })
  windowName: string | null

  @InstantColumn({ name: 'window_ends', nullable: true })
  windowEnds: DateTime | null

  @Column({ type: 'text', array: true, default: [] })
  reasons: string[]

  /** A PostgreSQL range in text form. */
  @Column({ type: 'tstzrange', select: false })
  spaced: string

  @Column({ name: 'spacing_waived', type: 'boolean', default: false })
  spacingWaived: boolean

  @InstantColumn({ name: 'next_try_at' })
  nextTryAt: DateTime

  @Column({ type: 'integer', default: 0 })
  tries: number

  /** Some earlier attempt may have become public. Never forgotten until it is settled. */
  @Column({ type: 'boolean', default: false })
  doubt: boolean

  @Column({ name: 'publish_key', type: 'text', nullable: true })
  publishKey: string | null

  @InstantColumn({ name: 'public_created_at', nullable: true })
  publicCreatedAt: DateTime | null

  @Column({ name: 'revision_id', type: 'uuid', nullable: true })
  revisionId: string | null

  @Column({ type: 'text', nullable: true })
  hash: string | null

  @InstantColumn({ name: 'lease_until', nullable: true })
  leaseUntil: DateTime | null

  @Column({ type: 'text', nullable: true })
  worker: string | null

  @Column({ name: 'remote_id', type: 'text', nullable: true })
  remoteId: string | null

  @Column({ type: 'text', nullable: true })
  url: string | null

  @InstantColumn({ name: 'published_at', nullable: true })
  publishedAt: DateTime | null

  @Column({ type: 'text', nullable: true })
  cause: string | null

  @Column({ name: 'next_step', type: 'text', nullable: true })
  nextStep: string | null

  @Column({ name: 'moved_times', type: 'integer', default: 0 })
  movedTimes: number

  @Column({ name: 'retract_reason', type: 'text', nullable: true })
  retractReason: string | null

  @Column({ name: 'retracted_by', type: 'uuid', nullable: true })
  retractedBy: string | null

  @Column({ name: 'retract_acknowledged_by', type: 'uuid', nullable: true })
  retractAcknowledgedBy: string | null

  @InstantColumn({ name: 'retract_asked_at', nullable: true })
  retractAskedAt: DateTime | null

  @InstantColumn({ name: 'retract_reminded_at', nullable: true })
  retractRemindedAt: DateTime | null

  /** The member who left it at that; a trigger forgets it as soon as the state is another. */
  @Column({ name: 'failure_accepted_by', type: 'uuid', nullable: true })
  failureAcceptedBy: string | null

  @InstantColumn({ name: 'failure_accepted_at', nullable: true })
  failureAcceptedAt: DateTime | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  @InstantColumn({ name: 'updated_at' })
  updatedAt: DateTime
}
