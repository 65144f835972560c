import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** One version of the group's code of ethics; the highest number is in force. Never changed. */
@Entity('codes_of_ethics')
@Check('codes_of_ethics_says_something', `number >= 1 and btrim(text) <> '' and octet_length(text) <= 2500`)
export class CodeOfEthicsEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'codes_of_ethics_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'codes_of_ethics_pkey' })
  number: number

  @Column({ type: 'text' })
  text: string

  /** Null: it came with the group. */
  @Column({ name: 'made_by', type: 'uuid', nullable: true })
  madeBy: string | null

  @InstantColumn({ name: 'made_at' })
  madeAt: DateTime
}
