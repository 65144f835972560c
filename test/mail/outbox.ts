import { DateTime } from 'luxon'
import { DataSource } from 'typeorm'

import { Config } from '../../src/config/config.js'
import { dataSourceOptions } from '../../src/database/data-source.js'
import { Jobs } from '../../src/database/jobs.js'
import { Transaction } from '../../src/database/transaction.js'
import { Clock } from '../../src/kernel/clock.js'
import { Sealing } from '../../src/kernel/sealing.js'
import { type Delivery, MailSender } from '../../src/mail/mail-sender.service.js'
import { MailEntity } from '../../src/mail/mail.entity.js'
import { Mailer } from '../../src/mail/mailer.service.js'
import { MailsService } from '../../src/mail/mails.service.js'
import { MailsStore } from '../../src/mail/mails.store.js'
import type { NewMail } from '../../src/mail/new-mail.js'
import { type SmtpPatience, SmtpAdapter } from '../../src/mail/smtp.adapter.js'

/** For servers that never say anything. One that answers gets the product's patience, however busy the machine is. */
export const impatient: SmtpPatience = { connect: 15_000, greeting: 500, silence: 500, whole: 45_000 }

class StandingClock extends Clock {
  now(): DateTime {
    return DateTime.fromISO('2026-11-24T08:00:00Z', { zone: 'utc' })
  }
}

/** The outbox of one process on a database of its own: no worker runs, so that a test delivers by hand. */
export class Outbox {
  private constructor(
    private readonly source: DataSource,
    readonly jobs: Jobs,
    readonly transaction: Transaction,
    private readonly store: MailsStore,
  ) {}

  static async open(url: string, secret = 'a secret of at least thirty-two characters'): Promise<Outbox> {
    const source = await new DataSource({ ...dataSourceOptions(url), entities: [MailEntity] }).initialize()
    const store = new MailsStore(new Sealing(secret), new StandingClock())
    return new Outbox(source, new Jobs(source), new Transaction(source), store)
  }

  /** The services of a process that sends through the server at `url`; undefined for a process with none. */
  through(
    url: string | undefined,
    patience?: SmtpPatience,
  ): { mailer: Mailer; sender: MailSender; mails: MailsService; smtp: SmtpAdapter } {
    const smtp = new SmtpAdapter(url, 'Seconder <queue@example.org>', 'https://queue.example.org', patience)
    return {
      smtp,
      mailer: new Mailer(this.store, this.jobs, smtp),
      sender: new MailSender(this.transaction, this.store, smtp, this.jobs),
      mails: new MailsService(this.transaction, this.store, this.jobs, smtp),
    }
  }

  /** Enqueues in a transaction of its own and returns the new mail's id. */
  async enqueue(mailer: Mailer, mail: Partial<NewMail> = {}): Promise<string> {
    const before = new Set((await this.rows()).map((row) => row.id))
    await this.transaction.run((manager) => mailer.enqueue(manager, aMail(mail)))
    return (await this.rows()).find((row) => !before.has(row.id))!.id
  }

  rows(): Promise<MailEntity[]> {
    return this.source.manager.find(MailEntity, { order: { id: 'asc' } })
  }

  row(id: string): Promise<MailEntity> {
    return this.source.manager.findOneByOrFail(MailEntity, { id })
  }

  async addGroup(): Promise<string> {
    const rows: { id: string }[] = await this.source.query(
      `insert into groups (id, slug, name, time_zone, created_at)
       select id, 'g-' || left(id::text, 8), 'Riverside', 'Europe/London', now() from gen_random_uuid() as id returning id`,
    )
    return rows[0]!.id
  }

  /** Jobs of the mail that have not started yet, and in how many seconds they may. */
  async jobsOf(id: string): Promise<{ inSeconds: number }[]> {
    const rows: { in_seconds: string }[] = await this.source.query(
      `select extract(epoch from start_after - created_on) as in_seconds from pgboss.job
       where name = 'mail' and state = 'created' and data ->> 'mailId' = $1`,
      [id],
    )
    return rows.map((row) => ({ inSeconds: Math.round(Number(row.in_seconds)) }))
  }

  /** Delivers as a worker does that has taken the mail's job: the job no longer waits. */
  async takeJobAndDeliver(sender: MailSender, id: string): Promise<Delivery> {
    await this.source.query(`delete from pgboss.job where name = 'mail' and data ->> 'mailId' = $1`, [id])
    return sender.deliver(id)
  }

  /** What an admin's "try again" does, for a mail of no group. */
  async revive(id: string): Promise<void> {
    await this.source.query(`update mails set state = 'waiting', tries = 0 where id = $1`, [id])
  }

  /** Makes it as late as the last try. */
  async wearOut(id: string): Promise<void> {
    await this.source.query('update mails set tries = 8 where id = $1', [id])
  }

  /** Everything that stands in the mail queue's tables, as one text. */
  async allJobs(): Promise<string> {
    return JSON.stringify(await this.source.query(`select * from pgboss.job where name = 'mail'`))
  }

  async close(): Promise<void> {
    await this.jobs.onModuleDestroy()
    await this.source.destroy()
  }
}

/** A mail to Ben, with anything else as given. */
export function aMail(mail: Partial<NewMail> = {}): NewMail {
  return {
    groupId: null,
    personId: null,
    to: 'ben@example.org',
    kind: 'review-request',
    subject: 'Ana asks you to look at a post',
    text: 'Look at it: https://queue.example.org/r/a-secret-link',
    html: '<html><head></head><body><a href="https://queue.example.org/r/a-secret-link">Look at it</a></body></html>',
    ...mail,
  }
}

/** A configuration for whole modules, with everything that they read. */
export function aConfig(given: Partial<Config> = {}): Config {
  return Object.assign(new Config(), {
    mode: 'test',
    publicOrigin: 'https://queue.example.org',
    secret: 'a secret of at least thirty-two characters',
    demo: false,
    ...given,
  })
}
