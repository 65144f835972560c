import { Injectable } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import type { MailEntity } from './mail.entity.js'
import { type ListedMail, type ReadMail, linksOf, withPicturesInside } from './mailbox-page.js'
import { MailsStore } from './mails.store.js'

const pageSize = 200
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Shows waiting mails to whoever runs the server, while there is no mail server and it is not in production. */
@Injectable()
export class MailboxService {
  constructor(
    private readonly config: Config,
    private readonly transaction: Transaction,
    private readonly store: MailsStore,
  ) {}

  /** @throws DomainError `mailbox-closed` when mails are sent, or in production */
  async list(): Promise<ListedMail[]> {
    this.refuseWhenClosed()
    return (await this.store.waiting(this.transaction.manager, pageSize)).map(presentListed)
  }

  /** @throws DomainError `mailbox-closed`; `no-such-mail` when no such mail waits */
  async read(id: string): Promise<ReadMail> {
    this.refuseWhenClosed()
    const mail = uuid.test(id) ? await this.store.find(this.transaction.manager, id) : null
    const content = mail && this.store.contentOf(mail)
    if (!mail || !content)
      throw new DomainError('no-such-mail', 'No such mail waits here. Look at the list in /mailbox.', 'not-found')
    return {
      ...presentListed(mail),
      text: content.text,
      html: withPicturesInside(content.html, content.attachments),
      links: linksOf(content.html),
    }
  }

  private refuseWhenClosed(): void {
    if (!this.config.mailboxOpen) {
      throw new DomainError('mailbox-closed', 'There is no mailbox here: mails are sent to their readers.', 'not-found')
    }
  }
}

function presentListed(mail: MailEntity): ListedMail {
  return { id: mail.id, to: mail.recipient, subject: mail.subject, kind: mail.kind, createdAt: mail.createdAt.toISO()! }
}
