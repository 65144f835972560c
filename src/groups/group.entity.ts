import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { ContributorRule, Group } from './group.js'

@Entity('groups')
@Unique('groups_slug_unique', ['slug'])
@Check('groups_slug_form', `slug ~ '^[a-z0-9][a-z0-9-]{0,58}$'`)
@Check('groups_approvals_range', 'approvals_needed between 1 and 5')
@Check('groups_contributor_rule_known', `contributor_rule in ('strict', 'last_editor')`)
@Check('groups_lead_range', 'review_lead_minutes between 0 and 1440')
export class GroupEntity implements Group {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'groups_pkey' })
  id: string

  @Column({ type: 'text' })
  slug: string

  @Column({ type: 'text' })
  name: string

  @Column({ name: 'time_zone', type: 'text' })
  timeZone: string

  @Column({ name: 'approvals_needed', type: 'integer', default: 1 })
  approvalsNeeded: number

  @Column({ name: 'contributor_rule', type: 'text', default: 'strict' })
  contributorRule: ContributorRule

  @Column({ name: 'review_lead_minutes', type: 'integer', default: 10 })
  reviewLeadMinutes: number

  @Column({ type: 'boolean', default: false })
  demo: boolean

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime
}
