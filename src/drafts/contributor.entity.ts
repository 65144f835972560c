import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

@Entity('contributors')
export class ContributorEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'post_id', type: 'uuid' })
  postId: string

  @PrimaryColumn({ name: 'revision_number', type: 'integer' })
  revisionNumber: number

  @PrimaryColumn({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  @InstantColumn()
  at: DateTime
}
