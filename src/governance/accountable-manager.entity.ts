import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** One of the two people who answer for the accounts. Their details are sealed: see `ManagerDetails`. */
@Entity('accountable_managers')
@Check('accountable_managers_two', 'place in (1, 2)')
export class AccountableManagerEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'accountable_managers_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'accountable_managers_pkey' })
  place: number

  @Column({ name: 'sealed_details', type: 'text' })
  sealedDetails: string

  /** When somebody last said that this is right. */
  @InstantColumn({ name: 'confirmed_at' })
  confirmedAt: DateTime

  @Column({ name: 'changed_by', type: 'uuid' })
  changedBy: string
}
