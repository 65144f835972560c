import type { MailState } from './mail.entity.js'

/** One mail of a group's outbox, without its content. */
export class MailItem {
  id: string
  to: string
  subject: string
  /** What it is for, such as `review-request`. */
  kind: string
  state: MailState
  /** How often it was handed to the mail server. */
  tries: number
  /** Why the last try did not work, in words. */
  lastError: string | null
  createdAt: string
  sentAt: string | null
}
