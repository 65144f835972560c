import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { PartKind } from '../drafts/parts.js'

/** One part of a publication at the network: the post itself (1), a part of its thread, or its first comment. */
@Entity('publication_parts')
export class PublicationPartEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'publication_id', type: 'uuid' })
  publicationId: string

  @PrimaryColumn({ type: 'integer' })
  number: number

  @Column({ type: 'text' })
  kind: PartKind

  /** What it is a part of. */
  @Column({ name: 'revision_id', type: 'uuid' })
  revisionId: string

  /** What the adapter kept before it made anything public. */
  @Column({ type: 'text', nullable: true })
  memo: string | null

  @Column({ name: 'remote_id', type: 'text', nullable: true })
  remoteId: string | null

  @Column({ type: 'text', nullable: true })
  url: string | null

  @InstantColumn({ name: 'published_at', nullable: true })
  publishedAt: DateTime | null

  @InstantColumn({ name: 'retracted_at', nullable: true })
  retractedAt: DateTime | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime
}
