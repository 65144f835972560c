import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, MoreThan } from 'typeorm'

import { Clock } from '../kernel/clock.js'
import { newId } from '../kernel/ids.js'
import { Sealing } from '../kernel/sealing.js'
import { MailEntity } from './mail.entity.js'
import { type MailContent, type NewMail, packContent, unpackContent } from './new-mail.js'

/** Separates the key of sealed mails from those of other sealed things. */
const purpose = 'mail'

@Injectable()
export class MailsStore {
  constructor(
    private readonly sealing: Sealing,
    private readonly clock: Clock,
  ) {}

  /** The new mail's id; null when a mail with the same once-key is there already. */
  async add(manager: EntityManager, mail: NewMail): Promise<string | null> {
    const now = this.clock.now()
    const added: { id: string }[] = await manager.query(
      `insert into mails (id, group_id, person_id, recipient, kind, subject, sealed_content, thread, once_key, created_at, not_before)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (once_key) do nothing returning id`,
      [
        newId(now.toMillis()),
        mail.groupId,
        mail.personId,
        mail.to,
        mail.kind,
        mail.subject.replace(/\s+/g, ' ').trim(),
        this.sealing.seal(packContent(contentOf(mail)), purpose),
        mail.thread ?? null,
        mail.onceKey ?? null,
        now.toISO(),
        mail.notBefore?.toISO() ?? null,
      ],
    )
    return added[0]?.id ?? null
  }

  /** The mail of this kind that is still held back for this person, locked; null when there is none, or it is going. */
  held(manager: EntityManager, groupId: string, personId: string, kind: string): Promise<MailEntity | null> {
    return manager.findOne(MailEntity, {
      where: { groupId, personId, kind, state: 'waiting', notBefore: MoreThan(this.clock.now()) },
      order: { createdAt: 'desc', id: 'desc' },
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    })
  }

  /** Puts another content into a mail that is held back; it goes at the earlier of its own time and the given one. */
  async rewrite(manager: EntityManager, held: MailEntity, mail: NewMail): Promise<DateTime> {
    const sooner = [held.notBefore, mail.notBefore ?? this.clock.now()]
      .filter((each) => each !== null)
      .reduce((a, b) => (a <= b ? a : b))
    await manager.query(
      `update mails set subject = $2, sealed_content = $3, thread = $4, not_before = $5 where id = $1`,
      [
        held.id,
        mail.subject.replace(/\s+/g, ' ').trim(),
        this.sealing.seal(packContent(contentOf(mail)), purpose),
        mail.thread ?? null,
        sooner.toISO(),
      ],
    )
    return sooner
  }

  /** Whole seconds until then, 0 when it is past. */
  secondsUntil(instant: DateTime | null | undefined): number {
    return instant ? Math.max(0, Math.ceil(instant.diff(this.clock.now()).as('seconds'))) : 0
  }

  /** The mail, locked until the transaction ends; null when it does not wait or another process has it in hand. */
  takeWaiting(manager: EntityManager, id: string): Promise<MailEntity | null> {
    return manager.findOne(MailEntity, {
      where: { id, state: 'waiting' },
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    })
  }

  /** The content may hold a link that opens something, so it goes as soon as it is not needed. */
  async markSent(manager: EntityManager, id: string): Promise<void> {
    await manager.query(
      `update mails set state = 'sent', tries = tries + 1, sealed_content = null, last_error = null, sent_at = $2 where id = $1`,
      [id, this.clock.now().toISO()],
    )
  }

  async markTried(manager: EntityManager, id: string, state: 'waiting' | 'failed', cause: string): Promise<void> {
    await manager.query('update mails set state = $2, tries = tries + 1, last_error = $3 where id = $1', [
      id,
      state,
      cause,
    ])
  }

  /** Makes the mail as good as new. False when the group has no such mail, or its content is gone. */
  async revive(manager: EntityManager, groupId: string, id: string): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `update mails set state = 'waiting', tries = 0, last_error = null, not_before = null
       where group_id = $1 and id = $2 and state <> 'sent' and sealed_content is not null`,
      [groupId, id],
    )
    return count > 0
  }

  async waitingIds(manager: EntityManager, limit: number): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `select id from mails where state = 'waiting' and (not_before is null or not_before <= $2) order by created_at limit $1`,
      [limit, this.clock.now().toISO()],
    )
    return rows.map((row) => row.id)
  }

  ofGroup(manager: EntityManager, groupId: string, limit: number): Promise<MailEntity[]> {
    return manager.find(MailEntity, { where: { groupId }, order: { createdAt: 'desc', id: 'desc' }, take: limit })
  }

  waiting(manager: EntityManager, limit: number): Promise<MailEntity[]> {
    return manager.find(MailEntity, {
      where: { state: 'waiting' },
      order: { createdAt: 'desc', id: 'desc' },
      take: limit,
    })
  }

  find(manager: EntityManager, id: string): Promise<MailEntity | null> {
    return manager.findOneBy(MailEntity, { id })
  }

  /**
   * What the mail says; null once it has gone.
   * @throws Error when it was sealed with a secret that is not configured
   */
  contentOf(mail: MailEntity): MailContent | null {
    return mail.sealedContent === null ? null : unpackContent(this.sealing.open(mail.sealedContent, purpose))
  }
}

function contentOf(mail: NewMail): MailContent {
  return { text: mail.text, html: mail.html, headers: mail.headers ?? {}, attachments: mail.attachments ?? [] }
}
