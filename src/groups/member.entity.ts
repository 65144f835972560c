import type { DateTime } from 'luxon'
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { MemberStatus, Role } from './roles.js'

@Entity('members')
@Unique('members_person_unique', ['groupId', 'personId'])
@Unique('members_with_person_unique', ['groupId', 'id', 'personId'])
@Check('members_roles_known', `roles <@ array['admin', 'editor', 'reviewer']::text[]`)
@Check('members_status_known', `status in ('active', 'suspended', 'left')`)
@Index('members_by_person', ['personId'])
export class MemberEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'members_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'members_pkey' })
  id: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  @Column({ type: 'text', array: true })
  roles: Role[]

  @Column({ type: 'text', default: 'active' })
  status: MemberStatus

  @Column({ name: 'gets_summary', type: 'boolean', default: false })
  getsSummary: boolean

  @InstantColumn({ name: 'joined_at', nullable: true })
  joinedAt: DateTime | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime
}
