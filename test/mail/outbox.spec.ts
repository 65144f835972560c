import type { INestApplication } from '@nestjs/common'
import { Logger } from '@nestjs/common'
import { ScheduleModule } from '@nestjs/schedule'
import { Test } from '@nestjs/testing'

import { ConfigModule } from '../../src/config/config.module.js'
import { DatabaseModule } from '../../src/database/database.module.js'
import { Transaction } from '../../src/database/transaction.js'
import { MailModule } from '../../src/mail/mail.module.js'
import { Mailer } from '../../src/mail/mailer.service.js'
import { MailsService } from '../../src/mail/mails.service.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { until } from '../support/until.js'
import { aConfig, aMail, Outbox } from './outbox.js'
import { smtpAnswer, startSmtpSink } from './smtp-sink.js'

let database: TestDatabase
let outbox: Outbox
const open: { close(): unknown }[] = []

beforeAll(() => Logger.overrideLogger(false))

beforeEach(async () => {
  database = await cloneDatabase()
  outbox = await Outbox.open(database.url)
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
  await outbox.close()
  await database.drop()
})

/** A whole process: module, worker and all. */
async function startProcess(smtpUrl: string | undefined): Promise<INestApplication> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(aConfig({ smtpUrl })),
      DatabaseModule.at({ url: database.url }),
      ScheduleModule.forRoot(),
      MailModule,
    ],
  }).compile()
  const app = module.createNestApplication({ logger: false })
  await app.init()
  open.push(app)
  return app
}

async function enqueue(app: INestApplication, mail: Parameters<typeof aMail>[0] = {}): Promise<void> {
  await app.get(Transaction).run((manager) => app.get(Mailer).enqueue(manager, aMail(mail)))
}

describe('the outbox', () => {
  it('keeps nothing of a transaction that is rolled back, neither mail nor job', async () => {
    const { mailer } = outbox.through('smtp://127.0.0.1:1')
    const refused = outbox.transaction.run(async (manager) => {
      await mailer.enqueue(manager, aMail())
      throw new Error('refused')
    })
    await expect(refused).rejects.toThrow('refused')

    expect(await outbox.rows()).toEqual([])
    expect(await outbox.allJobs()).toBe('[]')
  })

  it('takes a mail with the same once-key once, also from two transactions at once', async () => {
    const { mailer } = outbox.through('smtp://127.0.0.1:1')
    const once = () =>
      outbox.transaction.run((manager) => mailer.enqueue(manager, aMail({ onceKey: 'summary 2026-W47 ben' })))
    await Promise.all([once(), once(), once()])
    await once()
    expect(await outbox.rows()).toHaveLength(1)
    expect(JSON.parse(await outbox.allJobs())).toHaveLength(1)
  })

  it('has no link or address in a job, and no link in the clear in a row', async () => {
    const { mailer } = outbox.through('smtp://127.0.0.1:1')
    await outbox.enqueue(mailer)
    const jobs = await outbox.allJobs()
    expect(jobs).not.toContain('ben@example.org')
    expect(jobs).not.toContain('a-secret-link')
    expect(JSON.stringify(await outbox.rows())).not.toContain('a-secret-link')
  })

  it('lets mails wait, without jobs, while there is no mail server', async () => {
    const app = await startProcess(undefined)
    await enqueue(app)
    expect(await outbox.rows()).toMatchObject([{ state: 'waiting', tries: 0 }])
    expect(await outbox.jobsOf((await outbox.rows())[0]!.id)).toEqual([])
  })
})

describe('a running process', () => {
  it('sends a mail as soon as its transaction has committed, and many one right after the other', async () => {
    const server = await startSmtpSink()
    open.push(server)
    const app = await startProcess(server.url)
    const began = performance.now()
    await app.get(Transaction).run(async (manager) => {
      for (let each = 0; each < 12; each += 1)
        await app.get(Mailer).enqueue(manager, aMail({ subject: `Mail ${each}` }))
    })
    await until('all have arrived', () => server.mails.length === 12)
    // The poll comes once a minute; waiting for it would show.
    expect(performance.now() - began).toBeLessThan(40_000)
    await until('all are sent', async () => (await outbox.rows()).every((row) => row.state === 'sent'))
    expect(new Set(server.mails.map((mail) => mail.subject)).size).toBe(12)
  })

  it('sends what waited from before there was a mail server', async () => {
    const before = outbox.through(undefined)
    await outbox.enqueue(before.mailer)
    const server = await startSmtpSink()
    open.push(server)
    await startProcess(server.url)
    await until('it is sent', async () => (await outbox.rows())[0]!.state === 'sent')
    expect(server.mails).toHaveLength(1)
  })

  it('does not hurry a mail that pauses, when it looks for lost ones', async () => {
    const server = await startSmtpSink({ onRcptTo: (_address, _session, done) => done(smtpAnswer(451, 'busy')) })
    open.push(server)
    const app = await startProcess(server.url)
    await enqueue(app)
    await until('it was tried', async () => (await outbox.rows())[0]!.tries === 1)
    const { id } = (await outbox.rows())[0]!
    await app.get(MailsService).sweep()
    expect(await outbox.jobsOf(id)).toEqual([{ inSeconds: 60 }])
  })

  it('shows a group its mails, and sends one again when asked to', async () => {
    let known = false
    const server = await startSmtpSink({
      onRcptTo: (_address, _session, done) => done(known ? null : smtpAnswer(550, 'no such user')),
    })
    open.push(server)
    const app = await startProcess(server.url)
    const groupId = await outbox.addGroup()
    await enqueue(app, { groupId })
    await enqueue(app, { groupId: await outbox.addGroup() })
    await until('both have failed', async () => (await outbox.rows()).every((row) => row.state === 'failed'))
    const mails = app.get(MailsService)
    const list = await mails.list(groupId)
    expect(list).toMatchObject([
      {
        to: 'ben@example.org',
        state: 'failed',
        tries: 1,
        lastError: expect.stringContaining('no such user'),
        sentAt: null,
      },
    ])

    known = true
    expect(await mails.retry(groupId, list[0]!.id)).toMatchObject({ state: 'waiting', tries: 0, lastError: null })
    await until('it is sent', async () => (await mails.list(groupId))[0]!.state === 'sent')
    await expect(mails.retry(groupId, list[0]!.id)).rejects.toMatchObject({
      code: 'mail-not-to-retry',
      refusal: 'conflict',
    })
  })
})
