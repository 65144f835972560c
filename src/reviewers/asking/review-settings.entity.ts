import { Column, Entity, PrimaryColumn } from 'typeorm'

import type { MailContent, ReviewSettings } from './review-settings.js'

/** How a group wants its reviewers to be asked. */
@Entity('review_settings')
export class ReviewSettingsEntity implements ReviewSettings {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @Column({ name: 'mail_content', type: 'text', default: 'full' })
  mailContent: MailContent

  @Column({ name: 'waking_from', type: 'text', default: '08:00' })
  wakingFrom: string

  @Column({ name: 'waking_until', type: 'text', default: '21:00' })
  wakingUntil: string
}
