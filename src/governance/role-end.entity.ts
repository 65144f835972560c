import type { DateTime } from 'luxon'
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Role } from '../groups/roles.js'

/** A member's role that ends with a day of the group. */
@Entity('role_ends')
@Check('role_ends_role_known', `role in ('admin', 'editor', 'reviewer')`)
@Index('role_ends_by_day', ['endsOn'])
export class RoleEndEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'role_ends_pkey' })
  groupId: string

  @PrimaryColumn({ name: 'member_id', type: 'uuid', primaryKeyConstraintName: 'role_ends_pkey' })
  memberId: string

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'role_ends_pkey' })
  role: Role

  /** `YYYY-MM-DD`: the last day with the role, on the clocks of the group. */
  @Column({ name: 'ends_on', type: 'date' })
  endsOn: string

  @Column({ name: 'set_by', type: 'uuid' })
  setBy: string

  @InstantColumn({ name: 'set_at' })
  setAt: DateTime

  /** Which reminder was mailed last, by its days before the end. */
  @Column({ name: 'reminded_days', type: 'smallint', nullable: true })
  remindedDays: number | null

  /** Set when the role was due to end but was that of one of the last two admins. */
  @InstantColumn({ name: 'kept_at', nullable: true })
  keptAt: DateTime | null
}
