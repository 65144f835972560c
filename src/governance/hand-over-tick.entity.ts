import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** One thing of a hand-over that a person says is done. */
@Entity('hand_over_ticks')
export class HandOverTickEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'hand_over_ticks_pkey' })
  groupId: string

  @PrimaryColumn({ name: 'member_id', type: 'uuid', primaryKeyConstraintName: 'hand_over_ticks_pkey' })
  memberId: string

  /** The key of the thing, such as `channel:<id>`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'hand_over_ticks_pkey' })
  item: string

  @Column({ name: 'ticked_by', type: 'uuid' })
  tickedBy: string

  @InstantColumn({ name: 'ticked_at' })
  tickedAt: DateTime
}
