import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { JobQueue, Jobs } from '../database/jobs.js'
import { MailsStore } from './mails.store.js'
import type { NewMail } from './new-mail.js'
import { SmtpAdapter } from './smtp.adapter.js'

/**
 * One job a try. Repeats for faults of the mail server are decided by the mail's own row; the queue repeats only
 * what a process left behind when it died. Policy `short`: one waiting job a mail.
 */
export const mailJobs = new JobQueue<{ mailId: string }>('mail', {
  policy: 'short',
  retryLimit: 3,
  retryDelay: 60,
  expireInSeconds: 120,
  deleteAfterSeconds: 24 * 60 * 60,
})

/** Puts mails into the outbox. */
@Injectable()
export class Mailer {
  constructor(
    private readonly store: MailsStore,
    private readonly jobs: Jobs,
    private readonly smtp: SmtpAdapter,
  ) {}

  /**
   * Adds a mail in the transaction that causes it: it is sent if and only if that commits.
   * With no mail server set it waits, and can be read at /mailbox outside production.
   */
  async enqueue(manager: EntityManager, mail: NewMail): Promise<void> {
    const mailId = await this.store.add(manager, mail)
    if (mailId !== null && this.smtp.ready) await this.jobs.send(manager, mailJobs, { mailId }, { key: mailId })
  }
}
