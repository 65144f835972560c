import { createTransport, type NodemailerError } from 'nodemailer'

import { messageId, threadId } from './message-id.js'
import type { MailContent } from './new-mail.js'
import { judge, type SmtpFault } from './smtp-fault.js'

/** A mail on its way out. */
export interface OutgoingMail extends MailContent {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly thread: string | null
}

/** Milliseconds. The whole has to end before PostgreSQL ends the transaction that holds the mail's row (60 s). */
export interface SmtpPatience {
  readonly connect: number
  readonly greeting: number
  readonly silence: number
  readonly whole: number
}

const patience: SmtpPatience = { connect: 15_000, greeting: 15_000, silence: 30_000, whole: 45_000 }

/** Hands mails to the mail server at SMTP_URL. */
export class SmtpAdapter {
  private readonly transport: ReturnType<typeof createTransport> | null

  constructor(
    url: string | undefined,
    private readonly from: string,
    private readonly publicOrigin: string,
    private readonly waits: SmtpPatience = patience,
  ) {
    this.transport =
      url === undefined
        ? null
        : createTransport({
            url,
            connectionTimeout: waits.connect,
            greetingTimeout: waits.greeting,
            socketTimeout: waits.silence,
            dnsTimeout: waits.connect,
            socketCloseTimeout: 1000,
            // A mail's content never makes this server read a file or fetch an address.
            disableFileAccess: true,
            disableUrlAccess: true,
          })
  }

  /** Whether there is a mail server to send through. */
  get ready(): boolean {
    return this.transport !== null
  }

  /** Null when the server took the mail, else why not. A fault after a lost answer may still have been taken. */
  async send(mail: OutgoingMail): Promise<SmtpFault | null> {
    if (this.transport === null) return { permanent: false, cause: 'No mail server is set.' }
    const thread =
      mail.thread === null
        ? {}
        : { inReplyTo: threadId(mail.thread, this.publicOrigin), references: threadId(mail.thread, this.publicOrigin) }
    try {
      await this.transport.sendMail({
        from: this.from,
        // As an object, so that a comma in the address cannot make two recipients of it.
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: messageId(mail.id, this.publicOrigin),
        ...thread,
        // RFC 3834: programs that answer by themselves leave this mail alone.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...mail.headers },
        attachments: mail.attachments.map((each) => ({
          cid: each.cid,
          filename: each.filename,
          contentType: each.mime,
          content: each.content,
          contentDisposition: 'inline' as const,
        })),
        signal: AbortSignal.timeout(this.waits.whole),
      })
      return null
    } catch (error) {
      return judge(error as NodemailerError)
    }
  }

  close(): void {
    this.transport?.close()
  }
}
