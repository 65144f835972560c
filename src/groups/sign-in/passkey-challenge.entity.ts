import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** What a device was asked to sign, by its hash: good once, for one purpose, for some minutes. */
@Entity('passkey_challenges')
export class PasskeyChallengeEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'passkey_challenges_pkey' })
  hash: string

  @Column({ type: 'text' })
  purpose: string

  @Column({ name: 'person_id', type: 'uuid', nullable: true })
  personId: string | null

  @InstantColumn({ name: 'expires_at' })
  expiresAt: DateTime
}
