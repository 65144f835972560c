import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { SystemClock } from '../../src/kernel/clock.js'
import { sha256 } from '../../src/kernel/ids.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection } from '../../src/platforms/platform.js'
import { TelegramAdapter } from '../../src/platforms/telegram/telegram.adapter.js'
import { describePlatformContract, newKey, picture, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { TelegramServer } from './telegram/telegram-server.js'

const riverside = -1001234567890
const soon = () => AbortSignal.timeout(20_000)

let proxy: FaultProxy
let telegram: TelegramServer
let adapter: TelegramAdapter

beforeAll(async () => {
  proxy = await FaultProxy.start()
  telegram = await TelegramServer.start()
  proxy.forwardTo(telegram.url)
  adapter = new TelegramAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), new SystemClock())
})
afterAll(async () => {
  await telegram?.stop()
  await proxy?.close()
})

const connect = (answers: Record<string, string> = {}) =>
  adapter.connect(null, { token: telegram.token, channel: '@riverside', server: proxy.url, ...answers })

async function connected(answers: Record<string, string> = {}): Promise<Connection> {
  const outcome = await connect(answers)
  if (outcome.kind !== 'connected') throw new Error(outcome.cause)
  return testConnection(outcome)
}

const refusal = (code: number, description: string, more: object = {}) => ({
  status: code,
  body: { ok: false, error_code: code, description, ...more },
})

describePlatformContract(
  'Telegram',
  async () => ({
    platform: adapter,
    connection: await connected(),
    published: () => Promise.resolve(telegram.published(riverside)),
    stop: () => Promise.resolve(),
    wire: {
      proxy,
      publishing: /POST .*\/send/,
      anything: /\/bot/,
      answers: {
        unauthorized: refusal(401, 'Unauthorized'),
        forbidden: refusal(400, 'Bad Request: CHAT_RESTRICTED'),
        invalid: refusal(400, 'Bad Request: message is too long'),
        limited: refusal(429, 'Too Many Requests: retry after 120', { parameters: { retry_after: 120 } }),
        broken: refusal(500, 'Internal Server Error'),
      },
    },
  }),
  {
    repeated: 'two',
    atOnce: false,
    finds: false,
    altText: false,
    counts: false,
    because:
      'There are no keys and no way to read back, so after a lost answer a person looks; bots give no descriptions and see no counters.',
  },
)

describe('connecting a Telegram channel', () => {
  it('takes a public one by its name or its link, and a private one by its number', async () => {
    for (const channel of ['@riverside', 'riverside', 'https://t.me/riverside'])
      expect(await connect({ channel })).toMatchObject({
        kind: 'connected',
        remoteAccountId: String(riverside),
        handle: '@riverside',
        url: 'https://t.me/riverside',
      })
    expect(await connect({ channel: '-1009876543210' })).toMatchObject({
      kind: 'connected',
      handle: 'Private riverside',
      url: 'https://t.me/c/9876543210',
    })
  })

  it.each([
    ['no token', { token: 'hello' }, 'token', /no token of a bot/],
    ['an unknown token', { token: `1:${'a'.repeat(35)}` }, 'token', /does not know this token/],
    ['no name', { channel: 'our channel!' }, 'channel', /no name of a channel/],
    ['an unknown channel', { channel: '@nowhere' }, 'channel', /does not show this channel/],
    ['a group', { channel: '@chatter' }, 'channel', /is a supergroup, and no channel/],
    ['a channel of others', { channel: '@notours' }, 'channel', /may not post there/],
    ['no address', { server: 'over there' }, 'server', /no address of a server/],
  ])('refuses %s, and says what to do', async (_what, answers, field, said) => {
    expect(await connect(answers)).toMatchObject({ kind: 'refused', field, cause: expect.stringMatching(said) })
  })
})

describe('a post on Telegram', () => {
  const film = readFileSync(join(import.meta.dirname, '../support/films/meeting.mp4'))
  const video = {
    bytes: film,
    mime: 'video/mp4',
    width: 64,
    height: 48,
    seconds: 2,
    sha256: sha256(film),
    alt: 'A film',
  }

  it('shows no card of an address that nobody chose as its link, and the card of its link', async () => {
    const connection = await connected()
    await adapter.publish(connection, textPost('Read https://example.org/a'), newKey(), soon())
    expect(telegram.kept.at(-1)?.preview).toEqual({ is_disabled: true })
    await adapter.publish(connection, { ...textPost('Read this'), link: 'https://example.org/b' }, newKey(), soon())
    expect(telegram.kept.at(-1)?.preview).toEqual({ url: 'https://example.org/b' })
  })

  it('keeps every sign of its words, whatever they would mean as markup', async () => {
    const text = '*Not bold*, _nor_ <b>this</b> & [that](https://example.org) \\'
    await adapter.publish(await connected(), textPost(text), newKey(), soon())
    expect(telegram.kept.at(-1)?.text).toBe(text)
  })

  it('is a film, or a moving picture, with the words below it', async () => {
    const connection = await connected()
    await adapter.publish(connection, { ...textPost('Look'), video }, newKey(), soon())
    expect(telegram.kept.at(-1)).toMatchObject({ kind: 'video', text: 'Look', pictures: [video.sha256] })
    const moving = { ...(await picture('Moving', '#0f0')), mime: 'image/gif' }
    await adapter.publish(connection, { ...textPost('Look'), pictures: [moving] }, newKey(), soon())
    expect(telegram.kept.at(-1)).toMatchObject({ kind: 'animation', pictures: [moving.sha256] })
  })

  it('of several pictures is taken down with all of them', async () => {
    const connection = await connected()
    const pictures = [await picture('One', '#111'), await picture('Two', '#222'), await picture('Three', '#333')]
    const outcome = await adapter.publish(connection, { ...textPost('Three'), pictures }, newKey(), soon())
    if (outcome.kind !== 'published') throw new Error(outcome.cause)
    expect(outcome.remoteId.split(',')).toHaveLength(3)
    // one of them was deleted by hand
    telegram.kept.splice(-1)
    expect(await adapter.retract(connection, outcome.remoteId, soon())).toEqual({ kind: 'retracted' })
    expect(telegram.published(riverside).filter(({ text }) => text === 'Three')).toEqual([])
  })

  it('is deleted by hand once it is older than 48 hours', async () => {
    const connection = await connected()
    const outcome = await adapter.publish(connection, textPost('Old'), newKey(), soon())
    if (outcome.kind !== 'published') throw new Error(outcome.cause)
    telegram.aheadSeconds = 49 * 3600
    const taken = await adapter.retract(connection, outcome.remoteId, soon())
    telegram.aheadSeconds = 0
    expect(taken).toMatchObject({ kind: 'by-hand', cause: expect.stringMatching(/48 hours/) })
  })

  it('waits for the bot to be let in again', async () => {
    const connection = await connected()
    const { member } = telegram.chats[0]!
    for (const now of [{ status: 'kicked' }, { status: 'administrator', can_post_messages: false }]) {
      telegram.chats[0]!.member = now
      const outcome = await adapter.publish(connection, textPost('Hello'), newKey(), soon())
      telegram.chats[0]!.member = member
      expect(outcome).toMatchObject({
        kind: 'unauthorized',
        cause: expect.stringMatching(/administrator who may post/),
      })
    }
  })

  it('never shows the token of the bot, whatever happens', async () => {
    const connection = await connected()
    await proxy.close()
    const outcomes = [
      await adapter.publish(connection, textPost('Hello'), newKey(), soon()),
      await adapter.retract(connection, '5', soon()),
      await connect(),
    ]
    await proxy.open()
    proxy.plant({ kind: 'answer', path: /send/, ...refusal(400, `Bad Request: no such path /bot${telegram.token}`) })
    outcomes.push(await adapter.publish(connection, textPost('Hello'), newKey(), soon()))
    proxy.heal()
    for (const outcome of outcomes) expect(JSON.stringify(outcome)).not.toContain(telegram.token)
  })
})

describe('the examination of a Telegram channel', () => {
  it('says what the bot may do', async () => {
    expect((await adapter.examine(await connected(), soon())).map(({ state }) => state)).toEqual([
      'good',
      'good',
      'good',
    ])
    expect(await adapter.examine(await connected({ channel: '-1009876543210' }), soon())).toContainEqual(
      expect.objectContaining({ about: 'deleting', state: 'warning' }),
    )
  })

  it('says that the token is gone', async () => {
    const connection = await connected()
    const credentials = { ...connection.credentials, token: 'another' }
    expect(await adapter.examine({ ...connection, credentials }, soon())).toEqual([
      expect.objectContaining({ state: 'bad', nextStep: expect.stringMatching(/new token/) }),
    ])
  })
})
