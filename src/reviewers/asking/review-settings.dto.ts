import { IsIn, IsOptional, Matches } from 'class-validator'

import type { MailContent } from './review-settings.js'

const time = /^([01]\d|2[0-3]):[0-5]\d$/

export class ReviewSettingsChangeDto {
  /** How much of a post stands in the mails about it. */
  @IsOptional()
  @IsIn(['full', 'teaser', 'none'], { message: 'choose full, teaser or none for the mails' })
  mailContent?: MailContent

  /** Reminders come at or after this time of the day in the group's zone, HH:MM. */
  @IsOptional()
  @Matches(time, { message: 'the start of the waking hours is a time such as 08:00' })
  wakingFrom?: string

  /** Reminders come before this time of the day in the group's zone, HH:MM. */
  @IsOptional()
  @Matches(time, { message: 'the end of the waking hours is a time such as 21:00' })
  wakingUntil?: string
}

export class ReviewSettingsView {
  mailContent: MailContent
  wakingFrom: string
  wakingUntil: string
}
