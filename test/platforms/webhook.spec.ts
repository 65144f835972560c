import { SystemClock } from '../../src/kernel/clock.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection } from '../../src/platforms/platform.js'
import { WebhookAdapter } from '../../src/platforms/webhook/webhook.adapter.js'
import { describePlatformContract, newKey, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { Receiver } from './webhook/receiver.js'

const group = { slug: 'riverside', name: 'Riverside' }
const soon = () => AbortSignal.timeout(20_000)

let proxy: FaultProxy
let receiver: Receiver
let adapter: WebhookAdapter

beforeAll(async () => {
  proxy = await FaultProxy.start()
  receiver = await Receiver.start()
  proxy.forwardTo(receiver.url)
  adapter = new WebhookAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), new SystemClock())
})
afterAll(async () => {
  await receiver?.stop()
  await proxy?.close()
})
afterEach(() => {
  receiver.plain = false
  proxy.heal()
})

const connect = (answers: Record<string, string> = {}) =>
  adapter.connect(group, { address: `${proxy.url}/posts`, secret: receiver.secret, ...answers })

async function connected(): Promise<Connection> {
  const outcome = await connect()
  if (outcome.kind !== 'connected') throw new Error(outcome.cause)
  return testConnection(outcome)
}

describePlatformContract('A webhook', async () => ({
  platform: adapter,
  connection: await connected(),
  published: () => Promise.resolve(receiver.published()),
  stop: () => Promise.resolve(),
  wire: {
    proxy,
    publishing: /POST \/posts/,
    anything: /./,
    answers: {
      unauthorized: { status: 401 },
      forbidden: { status: 403, body: { error: 'Not today' } },
      invalid: { status: 422, body: { error: 'Too few words' } },
      limited: { status: 429 },
      broken: { status: 500 },
    },
  },
}))

describe('connecting a webhook', () => {
  it('greets the receiver, and names it by its host alone', async () => {
    const outcome = await connect({ address: `${proxy.url}/posts?key=of-the-receiver` })
    expect(outcome).toMatchObject({ kind: 'connected', handle: `127.0.0.1:${proxy.port}`, url: proxy.url })
    const { credentials: _secret, ...shown } = outcome as { credentials: object }
    expect(JSON.stringify(shown)).not.toContain('of-the-receiver')
  })

  it.each([
    ['no address', { address: 'over there' }, 'address', /no address of a receiver/],
    ['another kind of address', { address: 'ftp://example.org/' }, 'address', /no address of a receiver/],
    ['a password in the address', { address: 'https://me:secret@example.org/' }, 'address', /Leave name and password/],
    ['a short secret', { secret: 'short' }, 'secret', /too short/],
    ['another secret', { secret: 'x'.repeat(30) }, 'secret', /does not accept our signature/],
  ])('refuses %s, and says what to do', async (_what, answers, field, said) => {
    expect(await connect(answers)).toMatchObject({ kind: 'refused', field, cause: expect.stringMatching(said) })
  })

  it('can have anything for the id of a post, and takes it down by it', async () => {
    const connection = await connected()
    proxy.plant({ kind: 'answer', path: /POST \/posts/, status: 200, body: { id: '⛵ one\ntwo' }, times: 1 })
    const outcome = await adapter.publish(connection, textPost('By boat'), newKey(), soon())
    expect(outcome).toMatchObject({ kind: 'published', remoteId: '⛵ one\ntwo' })
    const retracted = await adapter.retract(connection, (outcome as { remoteId: string }).remoteId, soon())
    expect(retracted).toEqual({ kind: 'retracted' })
  })

  it('reaches no private address that was not allowed', async () => {
    const guarded = new WebhookAdapter(new Outward(), new SystemClock())
    expect(await guarded.connect(group, { address: 'https://127.0.0.1/posts', secret: receiver.secret })).toMatchObject(
      {
        kind: 'refused',
        cause: expect.stringMatching(/private network/),
      },
    )
  })
})

describe('a post by webhook', () => {
  it('is never carried on to another address', async () => {
    const elsewhere = await Receiver.start()
    proxy.plant({ kind: 'answer', path: /posts/, status: 307, headers: { location: `${elsewhere.url}/posts` } })
    const outcome = await adapter.publish(await connectedBefore(), textPost('Hello'), newKey(), soon())
    await elsewhere.stop()
    expect(outcome).toMatchObject({ kind: 'unauthorized', cause: expect.stringMatching(/moved to another address/) })
    expect(elsewhere.posts.size).toBe(0)
  })

  it('is in doubt with a receiver that knows of posts only', async () => {
    const connection = await connected()
    const key = newKey()
    const post = textPost('Plain words')
    receiver.plain = true
    expect((await adapter.publish(connection, post, key, soon())).kind).toBe('published')
    expect(await adapter.find(connection, post, key, soon())).toMatchObject({
      kind: 'cannot-tell',
      cause: expect.stringMatching(/Look where it would be public/),
    })
    expect(await adapter.counters(connection, ['post-1'], soon())).toEqual(new Map())
  })

  it('never shows the secret, whatever happens', async () => {
    const connection = await connectedBefore()
    proxy.plant({ kind: 'answer', path: /./, status: 422, body: { error: `the secret ${receiver.secret}` } })
    const outcomes = [await adapter.publish(connection, textPost('Hello'), newKey(), soon()), await connect()]
    for (const outcome of outcomes) expect(JSON.stringify(outcome)).not.toContain(receiver.secret)
  })
})

describe('the examination of a webhook', () => {
  it('greets the receiver, and says what is wrong', async () => {
    const connection = await connected()
    expect(await adapter.examine(connection, soon())).toMatchObject([{ state: 'good' }])
    const credentials = { ...connection.credentials, secret: 'y'.repeat(30) }
    expect(await adapter.examine({ ...connection, credentials }, soon())).toMatchObject([
      { state: 'bad', said: expect.stringMatching(/same secret/) },
    ])
  })
})

/** As it was connected while nothing was planted. */
function connectedBefore(): Promise<Connection> {
  return Promise.resolve(
    testConnection({
      remoteAccountId: 'webhook:1',
      handle: '127.0.0.1',
      credentials: { address: `${proxy.url}/posts`, secret: receiver.secret },
    }),
  )
}
