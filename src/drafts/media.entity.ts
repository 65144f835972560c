import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

@Entity('media')
export class MediaEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ type: 'text' })
  sha256: string

  @Column({ type: 'text' })
  mime: string

  @Column({ type: 'integer' })
  width: number

  @Column({ type: 'integer' })
  height: number

  /** How long a film lasts; null for a picture. */
  @Column({ type: 'double precision', nullable: true })
  seconds: number | null

  /** The picture that this one is the same of, in another coding, for networks that do not take the first. */
  @Column({ name: 'made_from', type: 'uuid', nullable: true })
  madeFrom: string | null

  @Column({ type: 'bytea', select: false })
  bytes: Buffer

  @Column({ name: 'uploaded_by', type: 'uuid' })
  uploadedBy: string

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime
}
