import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** The code by which somebody without a passkey shows once more that they are there. */
@Entity('step_up_codes')
export class StepUpCodeEntity {
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'step_up_codes_pkey' })
  sessionId: string

  @Column({ name: 'code_hash', type: 'text' })
  codeHash: string

  @Column({ type: 'integer', default: 0 })
  tries: number

  @InstantColumn({ name: 'sent_at' })
  sentAt: DateTime

  @InstantColumn({ name: 'expires_at' })
  expiresAt: DateTime
}
