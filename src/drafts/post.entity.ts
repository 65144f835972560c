import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Content, Wish } from './content.js'
import type { PostState } from './post.js'

@Entity('posts')
export class PostEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'author_id', type: 'uuid' })
  authorId: string

  @Column({ type: 'text', default: 'draft' })
  state: PostState

  @InstantColumn({ name: 'held_at', nullable: true })
  heldAt: DateTime | null

  @Column({ name: 'held_by', type: 'uuid', nullable: true })
  heldBy: string | null

  /** The last verdict before the hold; written by a trigger. */
  @Column({ name: 'held_after', type: 'bigint', nullable: true, insert: false, update: false })
  heldAfter: string | null

  @Column({ type: 'jsonb' })
  content: Content

  @Column({ type: 'jsonb' })
  wish: Wish

  @InstantColumn({ name: 'useful_until', nullable: true })
  usefulUntil: DateTime | null

  @Column({ type: 'text', array: true, default: [] })
  labels: string[]

  @Column({ type: 'text', default: '' })
  notes: string

  @Column({ type: 'integer', default: 1 })
  version: number

  @Column({ type: 'boolean', default: true })
  editing: boolean

  @Column({ name: 'current_revision_id', type: 'uuid', nullable: true })
  currentRevisionId: string | null

  @InstantColumn({ name: 'approved_at', nullable: true })
  approvedAt: DateTime | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  @InstantColumn({ name: 'updated_at' })
  updatedAt: DateTime
}
