import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** Whether a member wants no mails about what is said about one post. */
@Entity('conversation_mutes')
export class ConversationMuteEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'post_id', type: 'uuid' })
  postId: string

  @PrimaryColumn({ name: 'member_id', type: 'uuid' })
  memberId: string

  @Column({ type: 'boolean' })
  muted: boolean

  @InstantColumn()
  at: DateTime
}
