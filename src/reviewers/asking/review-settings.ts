/** How much of a post stands in the mails about it: all of it, its first words, or nothing. */
export type MailContent = 'full' | 'teaser' | 'none'

/** How a group wants its reviewers to be asked. */
export interface ReviewSettings {
  readonly mailContent: MailContent
  /** Reminders come at or after this wall time of the group, HH:MM, ... */
  readonly wakingFrom: string
  /** ... and before this one, which is later on the same day. */
  readonly wakingUntil: string
}

/** What holds until a group says otherwise. */
export const usualReviewSettings: ReviewSettings = { mailContent: 'full', wakingFrom: '08:00', wakingUntil: '21:00' }
