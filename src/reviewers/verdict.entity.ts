import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { VerdictKind, VerdictVia } from './verdict.js'

/** One member's word on one revision, bound to its hash. Never changed; a later one counts instead. */
@Entity('verdicts')
export class VerdictEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @Column({ name: 'revision_id', type: 'uuid' })
  revisionId: string

  @Column({ type: 'text' })
  hash: string

  @Column({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  @Column({ type: 'text' })
  kind: VerdictKind

  @Column({ type: 'text', nullable: true })
  note: string | null

  @Column({ type: 'text', array: true, default: [] })
  ticks: string[]

  @Column({ type: 'text' })
  via: VerdictVia

  @InstantColumn()
  at: DateTime

  @Column({ type: 'bigint', insert: false, update: false })
  seq: string
  /** The code of ethics in force at the time; the database notes it. */
  @Column({ name: 'ethics_number', type: 'integer', nullable: true, insert: false, update: false })
  ethicsNumber: number | null
}
