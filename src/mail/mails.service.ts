import { Injectable } from '@nestjs/common'

import { Jobs } from '../database/jobs.js'
import { Transaction } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import type { MailEntity } from './mail.entity.js'
import { mailJobs } from './mailer.service.js'
import type { MailItem } from './mails.dto.js'
import { MailsStore } from './mails.store.js'
import { SmtpAdapter } from './smtp.adapter.js'

const pageSize = 200
const sweepSize = 500

/** What an admin sees of the group's mails. */
@Injectable()
export class MailsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: MailsStore,
    private readonly jobs: Jobs,
    private readonly smtp: SmtpAdapter,
  ) {}

  /** The group's newest mails, newest first, at most 200. */
  async list(groupId: string): Promise<MailItem[]> {
    return (await this.store.ofGroup(this.transaction.manager, groupId, pageSize)).map(presentMail)
  }

  /**
   * Tries a mail again at once, with new patience.
   * @throws DomainError `mail-not-to-retry` when the group has no such mail, or it has gone
   */
  async retry(groupId: string, id: string): Promise<MailItem> {
    return this.transaction.run(async (manager) => {
      if (!(await this.store.revive(manager, groupId, id))) {
        throw new DomainError(
          'mail-not-to-retry',
          'This mail has gone already, or is not one of this group’s.',
          'conflict',
        )
      }
      // Another key than usual: a job that still pauses must not stand in the way. The one that comes second finds nothing to do.
      if (this.smtp.ready) await this.jobs.send(manager, mailJobs, { mailId: id }, { key: `${id} again` })
      return presentMail((await this.store.find(manager, id))!)
    })
  }

  /**
   * Gives a job to every waiting mail that has none: mails from before a mail server was set, and any whose job was lost.
   * A mail that pauses between two tries keeps its pause.
   */
  async sweep(): Promise<void> {
    await this.transaction.run(async (manager) => {
      for (const mailId of await this.store.waitingIds(manager, sweepSize)) {
        await this.jobs.send(manager, mailJobs, { mailId }, { key: mailId })
      }
    })
  }
}

function presentMail(mail: MailEntity): MailItem {
  return {
    id: mail.id,
    to: mail.recipient,
    subject: mail.subject,
    kind: mail.kind,
    state: mail.state,
    tries: mail.tries,
    lastError: mail.lastError,
    createdAt: mail.createdAt.toISO()!,
    sentAt: mail.sentAt?.toISO() ?? null,
  }
}
