import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** A browser on which a person has signed in. It opens nothing: it only tells whether a mail about a new one is due. */
@Entity('known_devices')
export class KnownDeviceEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'known_devices_pkey' })
  id: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  @Column({ name: 'token_hash', type: 'text' })
  tokenHash: string

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  @InstantColumn({ name: 'forgotten_at', nullable: true })
  forgottenAt: DateTime | null
}
