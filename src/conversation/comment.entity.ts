import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

@Entity('comments')
export class CommentEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @Column({ name: 'revision_id', type: 'uuid', nullable: true })
  revisionId: string | null

  @Column({ name: 'suggestion_id', type: 'uuid', nullable: true })
  suggestionId: string | null

  @Column({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  @Column({ type: 'text' })
  text: string

  @InstantColumn()
  at: DateTime

  @InstantColumn({ name: 'removed_at', nullable: true })
  removedAt: DateTime | null

  @InstantColumn({ name: 'told_at', nullable: true })
  toldAt: DateTime | null
}
