import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** One line of a post's history, in words for its editors. The audit log is elsewhere and holds no words. */
@Entity('post_events')
export class PostEventEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @InstantColumn()
  at: DateTime

  @Column({ type: 'text' })
  text: string
}
