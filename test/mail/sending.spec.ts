import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

import { Logger } from '@nestjs/common'
import sharp from 'sharp'

import { composeMail } from '../../src/mail/mail-layout.js'
import type { SmtpPatience } from '../../src/mail/smtp.adapter.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { impatient, Outbox } from './outbox.js'
import { smtpAnswer, type SmtpSink, startSmtpSink } from './smtp-sink.js'

let database: TestDatabase
let outbox: Outbox
const open: { close(): unknown }[] = []

beforeAll(async () => {
  Logger.overrideLogger(false)
  database = await cloneDatabase()
  outbox = await Outbox.open(database.url)
  await outbox.jobs.onModuleInit()
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

afterAll(async () => {
  await outbox.close()
  await database.drop()
})

async function sink(...behaviour: Parameters<typeof startSmtpSink>): Promise<SmtpSink> {
  const server = await startSmtpSink(...behaviour)
  open.push(server)
  return server
}

describe('a mail that the server takes', () => {
  it('arrives as text, HTML and the picture inside it, and says that a program wrote it', async () => {
    const server = await sink()
    const { mailer, sender } = outbox.through(server.url)
    const chart = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#0b5394' } })
      .png()
      .toBuffer()
    const parts = composeMail([{ kind: 'image', cid: 'chart', alt: 'Nine posts went out', width: 400 }], {
      title: 'The week – größer',
      groupName: 'Riverside',
    })
    const id = await outbox.enqueue(mailer, {
      ...parts,
      subject: 'The week – größer',
      headers: { 'List-Unsubscribe': '<https://queue.example.org/summary/leave>' },
      attachments: [{ cid: 'chart', filename: 'chart.png', mime: 'image/png', content: chart }],
    })

    expect(await sender.deliver(id)).toBe('sent')

    const mail = server.mails[0]!
    expect(server.mails).toHaveLength(1)
    expect(mail.subject).toBe('The week – größer')
    expect(mail.from).toMatchObject({ name: 'Seconder', address: 'queue@example.org' })
    expect(mail.to).toMatchObject([{ address: 'ben@example.org' }])
    expect(mail.text?.trim()).toBe(parts.text.trim())
    expect(mail.html?.trim()).toBe(parts.html.trim())
    expect(mail.messageId).toBe(`<${id}@queue.example.org>`)
    expect(mail.attachments).toMatchObject([
      { mimeType: 'image/png', contentId: '<chart>', disposition: 'inline', related: true },
    ])
    expect(Buffer.from(mail.attachments[0]!.content as ArrayBuffer).equals(chart)).toBe(true)
    const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]))
    expect(headers['auto-submitted']).toBe('auto-generated')
    expect(headers['list-unsubscribe']).toBe('<https://queue.example.org/summary/leave>')
  })

  it('is blanked once it has gone, and does not go again', async () => {
    const server = await sink()
    const { mailer, sender } = outbox.through(server.url)
    const id = await outbox.enqueue(mailer)
    expect((await outbox.row(id)).sealedContent).not.toBeNull()

    await sender.deliver(id)

    expect(await outbox.row(id)).toMatchObject({ state: 'sent', sealedContent: null, tries: 1, lastError: null })
    expect((await outbox.row(id)).sentAt?.toISO()).toBe('2026-11-24T08:00:00.000Z')
    expect(await sender.deliver(id)).toBe('not-waiting')
    expect(server.mails).toHaveLength(1)
  })

  it('stands with the other mails about the same post', async () => {
    const server = await sink()
    const { mailer, sender } = outbox.through(server.url)
    for (const thread of ['post 1', 'post 1', 'post 2']) await sender.deliver(await outbox.enqueue(mailer, { thread }))

    const [first, second, other] = server.mails.map((mail) => mail.references)
    expect(first).toMatch(/^<thread\.[0-9a-f]{32}@queue\.example\.org>$/)
    expect(second).toBe(first)
    expect(other).not.toBe(first)
    expect(new Set(server.mails.map((mail) => mail.messageId)).size).toBe(3)
  })

  it('goes to one person only, whatever the address looks like, and its subject makes no headers', async () => {
    const recipients: string[] = []
    const server = await sink({ onRcptTo: ({ address }, _session, done) => (recipients.push(address), done()) })
    const { mailer, sender } = outbox.through(server.url)
    await sender.deliver(
      await outbox.enqueue(mailer, { to: 'ben@example.org, eve@example.net', subject: 'One\r\nBcc: eve@example.net' }),
    )
    await sender.deliver(await outbox.enqueue(mailer, { subject: 'One\r\nBcc: eve@example.net' }))

    expect(recipients).not.toContain('eve@example.net')
    expect(server.mails.at(-1)?.subject).toBe('One Bcc: eve@example.net')
    expect(server.mails.at(-1)?.bcc ?? []).toEqual([])
  })

  it('goes once though two processes send it at once', async () => {
    const server = await sink()
    const other = await Outbox.open(database.url)
    open.push(other)
    const id = await outbox.enqueue(outbox.through(server.url).mailer)

    const senders = [outbox, other, outbox, other].map((each) => each.through(server.url).sender)
    const deliveries = await Promise.all(senders.map((sender) => sender.deliver(id)))

    expect(deliveries.filter((delivery) => delivery === 'sent')).toHaveLength(1)
    expect(server.mails).toHaveLength(1)
  })
})

describe('a mail that does not go at once', () => {
  it('has failed for good when the recipient is refused, and says why without the address', async () => {
    const server = await sink({
      onRcptTo: ({ address }, _session, done) => done(smtpAnswer(550, `<${address}> no such user`)),
    })
    const { mailer, sender, mails } = outbox.through(server.url)
    const id = await outbox.enqueue(mailer)

    expect(await sender.deliver(id)).toBe('failed')

    const row = await outbox.row(id)
    expect(row).toMatchObject({
      state: 'failed',
      tries: 1,
      lastError: 'The mail server refused this mail: “550 the address no such user”',
    })
    expect(row.sealedContent).not.toBeNull()
    await expect(mails.retry(crypto.randomUUID(), id)).rejects.toMatchObject({ code: 'mail-not-to-retry' })
  })

  it('waits a minute, then five, when the server says “later”, and then arrives', async () => {
    const answers = [smtpAnswer(451, 'greylisted'), smtpAnswer(421, 'busy')]
    const server = await sink({ onRcptTo: (_address, _session, done) => done(answers.shift()) })
    const { mailer, sender } = outbox.through(server.url)
    const id = await outbox.enqueue(mailer)

    expect(await outbox.takeJobAndDeliver(sender, id)).toBe('to-retry')
    expect(await outbox.row(id)).toMatchObject({
      state: 'waiting',
      tries: 1,
      lastError: 'The mail server asked to try again later: “451 greylisted”',
    })
    expect(await outbox.jobsOf(id)).toEqual([{ inSeconds: 60 }])
    expect(await outbox.takeJobAndDeliver(sender, id)).toBe('to-retry')
    expect(await outbox.jobsOf(id)).toEqual([{ inSeconds: 300 }])
    expect(await outbox.takeJobAndDeliver(sender, id)).toBe('sent')
    expect(await outbox.jobsOf(id)).toEqual([])
    expect(await outbox.row(id)).toMatchObject({ state: 'sent', tries: 3, lastError: null })
    expect(server.mails).toHaveLength(1)
  })

  it('is given up after a day of “later”, and goes when an admin tries it again', async () => {
    let patient = false
    const server = await sink({
      onRcptTo: (_address, _session, done) => done(patient ? null : smtpAnswer(451, 'busy')),
    })
    const { mailer, sender } = outbox.through(server.url)
    const id = await outbox.enqueue(mailer)
    await outbox.wearOut(id)

    expect(await outbox.takeJobAndDeliver(sender, id)).toBe('failed')
    expect(await outbox.jobsOf(id)).toEqual([])
    expect(await outbox.row(id)).toMatchObject({ state: 'failed', tries: 9 })
    patient = true
    await outbox.revive(id)
    expect(await sender.deliver(id)).toBe('sent')
  })

  it.each<[string, (port: (server: Server) => Promise<string>) => Promise<string>, RegExp, SmtpPatience | undefined]>([
    ['drops the connection', (at) => at(createServer((socket) => socket.destroy())), /mail server/, undefined],
    [
      'turns everyone away',
      (at) => at(createServer((socket) => socket.end('554 not today\r\n'))),
      /refused the connection: “554 not today”/,
      undefined,
    ],
    ['never greets', (at) => at(createServer()), /did not answer in time/, impatient],
    [
      'falls silent',
      (at) => at(createServer((socket) => socket.write('220 hello\r\n'))),
      /did not answer in time/,
      impatient,
    ],
    [
      'is not there',
      async (at) => (await at(createServer()), 'smtp://127.0.0.1:1'),
      /mail server could not be reached/,
      undefined,
    ],
  ])('waits when the server %s', async (_what, start, cause, patience) => {
    const url = await start((server) => listening(server))
    const { mailer, sender } = outbox.through(url, patience)
    const id = await outbox.enqueue(mailer)

    expect(await outbox.takeJobAndDeliver(sender, id)).toBe('to-retry')

    const row = await outbox.row(id)
    expect(row).toMatchObject({ state: 'waiting', tries: 1 })
    expect(row.lastError).toMatch(cause)
    expect(row.sealedContent).not.toBeNull()
    expect(await outbox.jobsOf(id)).toEqual([{ inSeconds: 60 }])
  })

  it('ends a server that answers without end before the database ends the transaction', async () => {
    const url = await listening(
      createServer((socket) => {
        const drip = setInterval(() => socket.write('250-wait\r\n'), 50)
        socket.on('close', () => clearInterval(drip)).on('error', () => undefined)
        socket.write('220 hello\r\n')
      }),
    )
    const { mailer, sender } = outbox.through(url, { connect: 15_000, greeting: 15_000, silence: 30_000, whole: 600 })
    const id = await outbox.enqueue(mailer)

    expect(await outbox.takeJobAndDeliver(sender, id)).toBe('to-retry')
    expect((await outbox.row(id)).lastError).toBe('The mail server did not answer in time.')
  })

  it('has failed when it was sealed with another secret, and says what to set', async () => {
    const server = await sink()
    const id = await outbox.enqueue(outbox.through(server.url).mailer)
    const other = await Outbox.open(database.url, 'quite another secret of enough characters')
    open.push(other)

    expect(await other.through(server.url).sender.deliver(id)).toBe('failed')
    expect((await outbox.row(id)).lastError).toContain('SECRET_PREVIOUS')
    expect(server.mails).toEqual([])
  })
})

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}
