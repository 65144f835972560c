import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

@Entity('people')
@Check('people_not_own_twin', 'same_as <> id')
export class PersonEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'people_pkey' })
  id: string

  @Column({ type: 'text' })
  name: string

  @Column({ type: 'text' })
  email: string

  /** Set when this row turned out to be the same human being as another. */
  @Column({ name: 'same_as', type: 'uuid', nullable: true })
  sameAs: string | null

  /** Since when name and address stand for nobody. */
  @InstantColumn({ name: 'erased_at', nullable: true })
  erasedAt: DateTime | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime
}
