import type { DateTime } from 'luxon'
import { Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** Nobody who was asked about a version answered in time for this slot, so others were asked, or the author was told. */
@Entity('review_escalations')
export class ReviewEscalationEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'revision_id', type: 'uuid' })
  revisionId: string

  /** The slot that an answer was needed for; where there is none, when the first reviewer was asked. */
  @InstantColumn({ name: 'due_at', primary: true })
  dueAt: DateTime

  @InstantColumn()
  at: DateTime
}
