import type { DateTime } from 'luxon'
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

export type MailState = 'waiting' | 'sent' | 'failed'

/** One mail in the outbox. */
@Entity({ name: 'mails' })
@Unique('mails_once', ['onceKey'])
@Check('mails_state_known', `state in ('waiting', 'sent', 'failed')`)
@Index('mails_by_group', ['groupId', 'createdAt'])
export class MailEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid', primaryKeyConstraintName: 'mails_pkey' })
  id: string

  @Column({ name: 'group_id', type: 'uuid', nullable: true })
  groupId: string | null

  @Column({ name: 'person_id', type: 'uuid', nullable: true })
  personId: string | null

  @Column({ name: 'recipient', type: 'text' })
  recipient: string

  @Column({ name: 'kind', type: 'text' })
  kind: string

  @Column({ name: 'subject', type: 'text' })
  subject: string

  /** Null once the mail has gone. */
  @Column({ name: 'sealed_content', type: 'text', nullable: true })
  sealedContent: string | null

  @Column({ name: 'thread', type: 'text', nullable: true })
  thread: string | null

  @Column({ name: 'once_key', type: 'text', nullable: true })
  onceKey: string | null

  @Column({ name: 'state', type: 'text', default: 'waiting' })
  state: MailState

  @Column({ name: 'tries', type: 'integer', default: 0 })
  tries: number

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  /** It waits until then, so that more can be told with it. */
  @InstantColumn({ name: 'not_before', nullable: true })
  notBefore: DateTime | null

  @InstantColumn({ name: 'sent_at', nullable: true })
  sentAt: DateTime | null
}
