import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

export type AttemptState =
  | 'sending'
  | 'published'
  | 'retry'
  | 'limited'
  | 'rejected'
  | 'unauthorized'
  | 'blocked'
  | 'unknown'

/** One outward try, written before the network is touched and settled once. */
@Entity('attempts')
export class AttemptEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'publication_id', type: 'uuid' })
  publicationId: string

  @PrimaryColumn({ type: 'integer' })
  number: number

  @Column({ name: 'publish_key', type: 'text' })
  publishKey: string

  @Column({ name: 'revision_id', type: 'uuid' })
  revisionId: string

  @Column({ type: 'text' })
  worker: string

  @Column({ type: 'text', default: 'sending' })
  state: AttemptState

  @Column({ type: 'text', nullable: true })
  cause: string | null

  /** With which part it ended, from 1: those before it are out. 1 where it got through. */
  @Column({ type: 'integer', default: 1 })
  part: number

  /** The network's raw answer, where nobody knew what it means; for admins only. */
  @Column({ type: 'text', nullable: true })
  detail: string | null

  @InstantColumn({ name: 'started_at' })
  startedAt: DateTime

  @InstantColumn({ name: 'lease_until' })
  leaseUntil: DateTime

  @InstantColumn({ name: 'ended_at', nullable: true })
  endedAt: DateTime | null
}
