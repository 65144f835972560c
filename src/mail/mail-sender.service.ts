import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Jobs } from '../database/jobs.js'
import { Transaction } from '../database/transaction.js'
import { pauseAfter } from './mail-retry.js'
import type { MailEntity } from './mail.entity.js'
import { mailJobs } from './mailer.service.js'
import { MailsStore } from './mails.store.js'
import type { MailContent } from './new-mail.js'
import { SmtpAdapter } from './smtp.adapter.js'

/** What became of a try; `not-waiting` when the mail has gone already or another process has it in hand. */
export type Delivery = 'sent' | 'to-retry' | 'failed' | 'not-waiting'

/** Sends what waits in the outbox. */
@Injectable()
export class MailSender {
  private readonly log = new Logger('Mail')

  constructor(
    private readonly transaction: Transaction,
    private readonly store: MailsStore,
    private readonly smtp: SmtpAdapter,
    private readonly jobs: Jobs,
  ) {}

  /** Whether there is a mail server to send through. */
  get ready(): boolean {
    return this.smtp.ready
  }

  close(): void {
    this.smtp.close()
  }

  /**
   * Tries one mail. Its row is locked meanwhile, so that no two processes send it at once. It goes out at least
   * once: should the process die between the server's yes and the commit, it goes again with the same Message-ID.
   */
  deliver(mailId: string): Promise<Delivery> {
    // Not `transaction.run`, which would repeat the sending too.
    return this.transaction.manager.transaction(async (manager) => {
      const mail = await this.store.takeWaiting(manager, mailId)
      if (mail === null) return 'not-waiting'
      const early = this.store.secondsUntil(mail.notBefore)
      if (early > 0) {
        await this.jobs.send(manager, mailJobs, { mailId }, { key: `${mailId} early`, afterSeconds: early })
        return 'not-waiting'
      }
      const content = this.open(mail)
      if (content === null) {
        return this.giveUp(
          manager,
          mail,
          'The content cannot be read: it was sealed with another SECRET. Set SECRET_PREVIOUS to the earlier one.',
        )
      }
      const fault = await this.smtp.send({
        ...content,
        id: mail.id,
        to: mail.recipient,
        subject: mail.subject,
        thread: mail.thread,
      })
      if (fault === null) {
        await this.store.markSent(manager, mail.id)
        return 'sent'
      }
      const pause = fault.permanent ? null : pauseAfter(mail.tries + 1)
      if (pause === null) return this.giveUp(manager, mail, fault.cause)
      await this.store.markTried(manager, mail.id, 'waiting', fault.cause)
      await this.jobs.send(manager, mailJobs, { mailId }, { key: mailId, afterSeconds: pause })
      return 'to-retry'
    })
  }

  private open(mail: MailEntity): MailContent | null {
    try {
      return this.store.contentOf(mail)
    } catch {
      return null
    }
  }

  private async giveUp(manager: EntityManager, mail: MailEntity, cause: string): Promise<'failed'> {
    await this.store.markTried(manager, mail.id, 'failed', cause)
    this.log.error({ message: 'A mail could not be sent', mail: mail.id, kind: mail.kind, tries: mail.tries + 1 })
    return 'failed'
  }
}
