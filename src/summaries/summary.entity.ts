import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Summary } from './summary.js'
import type { Week } from './week.js'

/** One group's finished week. The row is the lock and the watermark: who inserts it sums up, once. */
@Entity('summaries')
@Check('summaries_week_form', `week ~ '^[0-9]{4}-W[0-5][0-9]$'`)
export class SummaryEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'summaries_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'summaries_pkey' })
  week: Week

  @InstantColumn({ name: 'computed_at' })
  computedAt: DateTime

  @Column({ type: 'jsonb' })
  content: Summary

  @InstantColumn({ name: 'mailed_at', nullable: true })
  mailedAt: DateTime | null
}
