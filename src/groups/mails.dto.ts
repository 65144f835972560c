/** One mail to somebody of the group, without its content. */
export class GroupMail {
  id: string
  to: string
  subject: string
  /** What it is for, such as `review-request`. */
  kind: string
  state: 'waiting' | 'sent' | 'failed'
  /** How often it was handed to the mail server. */
  tries: number
  /** Why the last try did not work, in words. */
  lastError: string | null
  createdAt: string
  sentAt: string | null
}
