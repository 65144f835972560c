import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Group } from './group.js'

/** A group's own row; its policy has a table of its own. */
@Entity('groups')
@Unique('groups_slug_unique', ['slug'])
@Check('groups_holidays_form', `holidays ~ '^[A-Z]{2}(-[A-Z0-9]{1,5})?$'`)
@Check('groups_slug_form', `slug ~ '^[a-z0-9][a-z0-9-]{0,58}$'`)
export class GroupEntity implements Omit<Group, 'policy'> {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'groups_pkey' })
  id: string

  @Column({ type: 'text' })
  slug: string

  @Column({ type: 'text' })
  name: string

  @Column({ name: 'time_zone', type: 'text' })
  timeZone: string

  @Column({ type: 'text', nullable: true })
  holidays: string | null

  @Column({ type: 'boolean', default: false })
  demo: boolean

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime
}
