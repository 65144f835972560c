import type { DateTime } from 'luxon'

/** A picture inside a mail: its HTML shows it as `cid:` and this `cid`. */
export interface MailAttachment {
  readonly cid: string
  readonly filename: string
  /** Such as `image/png`. */
  readonly mime: string
  readonly content: Buffer
}

/** One mail to one person. */
export interface NewMail {
  /** The group whose admins see it in their list of mails; null for mails about nobody's group, such as signing in. */
  readonly groupId: string | null
  readonly personId: string | null
  /** One address, without a name. */
  readonly to: string
  /** What it is for, in kebab-case, such as `review-request`. */
  readonly kind: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** A stable id, such as a post's: mails of one thread stand together in the reader's mail program. */
  readonly thread?: string
  /** A second mail with the same key is dropped. */
  readonly onceKey?: string
  /** Held back until then, for more to come into the same mail. */
  readonly notBefore?: DateTime
  /** Further headers, such as `List-Unsubscribe`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly attachments?: readonly MailAttachment[]
}

/** What is sealed in the outbox until the mail has gone. */
export type MailContent = Required<Pick<NewMail, 'text' | 'html' | 'headers' | 'attachments'>>

/** The content as one text, for sealing. */
export function packContent(content: MailContent): string {
  return JSON.stringify({
    ...content,
    attachments: content.attachments.map((each) => ({ ...each, content: each.content.toString('base64') })),
  })
}

/** The content again, from the text that `packContent` made. */
export function unpackContent(packed: string): MailContent {
  const content = JSON.parse(packed) as Omit<MailContent, 'attachments'> & {
    attachments: (Omit<MailAttachment, 'content'> & { content: string })[]
  }
  return {
    ...content,
    attachments: content.attachments.map((each) => ({ ...each, content: Buffer.from(each.content, 'base64') })),
  }
}
