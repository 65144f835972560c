import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** What somebody leaves behind; the list itself is worked out afresh each time. */
@Entity('hand_overs')
export class HandOverEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'hand_overs_pkey' })
  groupId: string

  @PrimaryColumn({ name: 'member_id', type: 'uuid', primaryKeyConstraintName: 'hand_overs_pkey' })
  memberId: string

  @InstantColumn({ name: 'left_at' })
  leftAt: DateTime

  @Column({ type: 'text', default: '' })
  notes: string
}
