import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'
import type { Place } from './place.js'
import type { SuggestionState } from './remark.js'

@Entity('suggestions')
export class SuggestionEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ type: 'uuid' })
  id: string

  @Column({ name: 'post_id', type: 'uuid' })
  postId: string

  @Column({ name: 'revision_id', type: 'uuid', nullable: true })
  revisionId: string | null

  @Column({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  @Column({ type: 'text' })
  place: Place['kind']

  @Column({ name: 'channel_id', type: 'uuid', nullable: true })
  channelId: string | null

  @Column({ name: 'media_id', type: 'uuid', nullable: true })
  mediaId: string | null

  @Column({ type: 'text' })
  before: string

  @Column({ type: 'text' })
  words: string

  @Column({ type: 'text', default: '' })
  note: string

  @InstantColumn()
  at: DateTime

  @Column({ type: 'text', default: 'open' })
  state: SuggestionState

  @InstantColumn({ name: 'settled_at', nullable: true })
  settledAt: DateTime | null

  @Column({ name: 'settled_by', type: 'uuid', nullable: true })
  settledBy: string | null

  @InstantColumn({ name: 'told_at', nullable: true })
  toldAt: DateTime | null
}
