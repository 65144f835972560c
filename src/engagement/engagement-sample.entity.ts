import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { SampleAge } from './sample-age.js'

/** One reading of a published post's counters. Null is "the network does not tell", which is not zero. */
@Entity('engagement_samples')
export class EngagementSampleEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'publication_id', type: 'uuid' })
  publicationId: string

  @PrimaryColumn({ type: 'text' })
  age: SampleAge

  @InstantColumn({ name: 'taken_at' })
  takenAt: DateTime

  @Column({ type: 'bigint', nullable: true })
  reactions: string | null

  @Column({ type: 'bigint', nullable: true })
  replies: string | null

  @Column({ type: 'bigint', nullable: true })
  reposts: string | null

  @Column({ type: 'bigint', nullable: true })
  clicks: string | null

  @Column({ type: 'bigint', nullable: true })
  impressions: string | null
}
