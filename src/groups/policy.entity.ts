import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Policy } from './policy.js'

export type PolicyState = 'proposed' | 'in_force' | 'refused' | 'withdrawn' | 'replaced'

/** One version of a group's policy. State, instants and `weaker` are the database's to write. */
@Entity('policies')
export class PolicyEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'integer' })
  number: number

  @Column({ type: 'jsonb' })
  content: Policy

  @Column({ type: 'text', default: '' })
  reason: string

  @Column({ type: 'text' })
  state: PolicyState

  @Column({ type: 'integer', nullable: true })
  replaces: number | null

  @Column({ type: 'boolean' })
  weaker: boolean

  @InstantColumn({ name: 'made_at' })
  madeAt: DateTime

  /** Null for the first, which came with the group. */
  @Column({ name: 'made_by', type: 'uuid', nullable: true })
  madeBy: string | null

  @InstantColumn({ name: 'settled_at', nullable: true })
  settledAt: DateTime | null

  @Column({ name: 'settled_by', type: 'uuid', nullable: true })
  settledBy: string | null
}
