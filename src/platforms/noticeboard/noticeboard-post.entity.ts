import type { DateTime } from 'luxon'
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** One notice on a group's public page. */
@Entity('noticeboard_posts')
@Unique('noticeboard_posts_key_unique', ['groupId', 'channelId', 'publishKey'])
@Index('noticeboard_posts_newest', { synchronize: false })
export class NoticeboardPostEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'noticeboard_posts_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'noticeboard_posts_pkey' })
  id: string

  @Column({ name: 'channel_id', type: 'uuid' })
  channelId: string

  @Column({ name: 'publish_key', type: 'text' })
  publishKey: string

  @Column({ type: 'text' })
  text: string

  @Column({ type: 'text', nullable: true })
  link: string | null

  @Column({ type: 'text' })
  language: string

  @InstantColumn({ name: 'published_at' })
  publishedAt: DateTime

  @InstantColumn({ name: 'deleted_at', nullable: true })
  deletedAt: DateTime | null

  /** A bigint, which the driver hands over as text. */
  @Column({ type: 'bigint', default: 0 })
  views: string

  @Column({ type: 'bigint', default: 0 })
  useful: string
}
