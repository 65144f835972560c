import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { JobQueue, Jobs } from '../database/jobs.js'
import type { MailEntity } from './mail.entity.js'
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

/** A mail in the outbox that may still be changed in this transaction. */
export interface HeldMail {
  readonly mail: MailEntity
  readonly text: string
}

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
    if (mailId !== null) await this.plan(manager, mailId, mailId, mail.notBefore)
  }

  /** The mail of this kind that is held back for this person, as text, and locked; null when there is none. */
  async held(manager: EntityManager, groupId: string, personId: string, kind: string): Promise<HeldMail | null> {
    const mail = await this.store.held(manager, groupId, personId, kind)
    const content = mail && this.store.contentOf(mail)
    return mail && content ? { mail, text: content.text } : null
  }

  /** Lets a mail that is held back say something else; it goes at the earlier of its own time and the given one. */
  async rewrite(manager: EntityManager, held: HeldMail, mail: NewMail): Promise<void> {
    const at = await this.store.rewrite(manager, held.mail, mail)
    // Another key than the first job's, which may be for later: the one that comes second finds nothing to do.
    await this.plan(manager, held.mail.id, `${held.mail.id} ${at.toMillis()}`, at)
  }

  private async plan(
    manager: EntityManager,
    mailId: string,
    key: string,
    notBefore: DateTime | undefined,
  ): Promise<void> {
    if (!this.smtp.ready) return
    const afterSeconds = this.store.secondsUntil(notBefore)
    await this.jobs.send(manager, mailJobs, { mailId }, { key, ...(afterSeconds > 0 ? { afterSeconds } : {}) })
  }
}
