import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** A member who is not asked to review before a day of the group. The database's `is_away` reads it. */
@Entity('absences')
export class AbsenceEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'absences_pkey' })
  groupId: string

  @PrimaryColumn({ name: 'member_id', type: 'uuid', primaryKeyConstraintName: 'absences_pkey' })
  memberId: string

  /** `YYYY-MM-DD`: the first day on which they are asked again. */
  @Column({ type: 'date' })
  until: string

  @Column({ name: 'set_by', type: 'uuid' })
  setBy: string

  @InstantColumn({ name: 'set_at' })
  setAt: DateTime
}
