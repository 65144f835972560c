import type { AddressInfo } from 'node:net'

import type { INestApplication } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { ScheduleModule } from '@nestjs/schedule'
import { Test } from '@nestjs/testing'

import type { Config } from '../../src/config/config.js'
import { ConfigModule } from '../../src/config/config.module.js'
import { DatabaseModule } from '../../src/database/database.module.js'
import { Transaction } from '../../src/database/transaction.js'
import { applyEdge } from '../../src/http/edge.js'
import { MailModule } from '../../src/mail/mail.module.js'
import { Mailer } from '../../src/mail/mailer.service.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { aConfig, aMail } from './outbox.js'

let database: TestDatabase

beforeAll(async () => {
  database = await cloneDatabase()
})

afterAll(() => database.drop())

async function serve(given: Partial<Config>): Promise<{ app: INestApplication; origin: string }> {
  const config = aConfig(given)
  // Imported late: jest cannot load the limiter, which is CommonJS, while the framework itself is still loading.
  const { HttpEdgeModule } = await import('../../src/http/http-edge.module.js')
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config),
      DatabaseModule.at({ url: database.url }),
      ScheduleModule.forRoot(),
      HttpEdgeModule,
      MailModule,
    ],
  }).compile()
  const app = module.createNestApplication<NestExpressApplication>({ logger: false })
  applyEdge(app, config, '/nowhere')
  await app.listen(0, '127.0.0.1')
  return { app, origin: `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}` }
}

describe('the mailbox, while there is no mail server', () => {
  let app: INestApplication
  let origin: string
  let id: string

  beforeAll(async () => {
    ;({ app, origin } = await serve({}))
    await app.get(Transaction).run((manager) =>
      app.get(Mailer).enqueue(
        manager,
        aMail({
          subject: '<b>Ana & Ben</b>',
          html: '<html><head></head><body><img src="cid:chart"><a style="x" href="https://queue.example.org/r/abc?x=1&amp;y=2">Look</a></body></html>',
          attachments: [{ cid: 'chart', filename: 'chart.png', mime: 'image/png', content: Buffer.from('picture') }],
        }),
      ),
    )
    ;[{ id }] = (await (await fetch(`${origin}/mailbox.json`)).json()) as [{ id: string }]
  })

  afterAll(() => app.close())

  it('lists what waits, for people and for machines', async () => {
    const list = await (await fetch(`${origin}/mailbox.json`)).json()
    expect(list).toEqual([
      {
        id,
        to: 'ben@example.org',
        subject: '<b>Ana & Ben</b>',
        kind: 'review-request',
        createdAt: expect.stringMatching(/Z$/),
      },
    ])
    const answer = await fetch(`${origin}/mailbox`)
    const page = await answer.text()
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(page).toContain(`<a href="/mailbox/${id}"><strong>&lt;b&gt;Ana &amp; Ben&lt;/b&gt;</strong></a>`)
    expect(page).not.toContain('<b>Ana')
  })

  it('gives machines the text, the HTML and the links of a mail', async () => {
    const mail = await (await fetch(`${origin}/mailbox/${id}.json`)).json()
    expect(mail).toMatchObject({
      id,
      text: 'Look at it: https://queue.example.org/r/a-secret-link',
      links: ['https://queue.example.org/r/abc?x=1&y=2'],
    })
  })

  it('shows a mail in a frame that runs nothing and loads nothing, with its pictures inside and its links leading out', async () => {
    const page = await (await fetch(`${origin}/mailbox/${id}`)).text()
    expect(page).toMatch(
      new RegExp(`<iframe src="/mailbox/${id}/html" title="[^"]+" sandbox="allow-top-navigation-by-user-activation">`),
    )
    expect(page).toContain(`<a href="/mailbox/${id}/html">Open the mail by itself</a>`)
    const answer = await fetch(`${origin}/mailbox/${id}/html`)
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'self'")
    expect(policy).toMatch(/sandbox allow-top-navigation-by-user-activation$/)
    expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    const html = await answer.text()
    expect(html).toContain('<base target="_top">')
    expect(html).toContain(`<img src="data:image/png;base64,${Buffer.from('picture').toString('base64')}">`)
  })

  it.each(['no-uuid', '019361a0-0000-7000-8000-000000000000'])(
    'says so when no such mail waits: %s',
    async (unknown) => {
      for (const path of [`/mailbox/${unknown}`, `/mailbox/${unknown}.json`, `/mailbox/${unknown}/html`]) {
        const answer = await fetch(`${origin}${path}`)
        expect(answer.status).toBe(404)
        expect(await answer.json()).toMatchObject({ code: 'no-such-mail' })
      }
    },
  )
})

describe('the mailbox is closed', () => {
  it.each<[string, Partial<Config>]>([
    ['in production', { mode: 'production', smtpUrl: 'smtp://127.0.0.1:1' }],
    ['in production without a mail server', { mode: 'production' }],
    ['when mails are sent', { smtpUrl: 'smtp://127.0.0.1:1' }],
  ])('%s', async (_when, given) => {
    const { app, origin } = await serve(given)
    try {
      for (const path of [
        '/mailbox',
        '/mailbox.json',
        '/mailbox/019361a0-0000-7000-8000-000000000000',
        '/mailbox/x.json',
        '/mailbox/x/html',
      ]) {
        const answer = await fetch(`${origin}${path}`)
        expect(answer.status).toBe(404)
        expect(await answer.json()).toMatchObject({ code: 'mailbox-closed' })
      }
    } finally {
      await app.close()
    }
  })
})
