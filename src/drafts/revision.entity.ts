import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Content, Wish } from './content.js'

@Entity('revisions')
export class RevisionEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ type: 'integer' })
  number: number

  @Column({ type: 'text' })
  envelope: string

  @Column({ type: 'text' })
  hash: string

  @Column({ type: 'jsonb' })
  source: { content: Content; wish: Wish }

  @Column({ name: 'sealed_by', type: 'uuid' })
  sealedBy: string

  /** The policy in force when it was sent, and the post's labels then; written by the database. */
  @Column({ name: 'policy_number', type: 'integer' })
  policyNumber: number

  @Column({ type: 'text', array: true })
  labels: string[]

  @InstantColumn({ name: 'sealed_at' })
  sealedAt: DateTime
}
