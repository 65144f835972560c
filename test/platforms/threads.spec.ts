import { SystemClock } from '../../src/kernel/clock.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection, OutgoingPost, PublishKey, SentPicture } from '../../src/platforms/platform.js'
import { ThreadsAdapter } from '../../src/platforms/threads/threads.adapter.js'
import { describePlatformContract, newKey, picture, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { MediaHost } from './meta/graph-server.js'
import { lastingKey } from './meta/lasting-key.js'
import { ThreadsServer } from './threads/threads-server.js'

const soon = () => AbortSignal.timeout(30_000)
const graphError = (code: number, message: string, more: object = {}) => ({
  error: { message, type: 'OAuthException', code, is_transient: false, fbtrace_id: 'A', ...more },
})

let server: ThreadsServer
let media: MediaHost
let proxy: FaultProxy
const clock = new SystemClock()

beforeAll(async () => {
  server = new ThreadsServer()
  media = new MediaHost()
  proxy = await FaultProxy.start()
  await Promise.all([server.start(), media.start()])
  proxy.forwardTo(server.url)
})

afterAll(async () => {
  await Promise.all([server.stop(), media.stop(), proxy.close()])
})

function newAdapter(): ThreadsAdapter {
  const options = { apiUrl: proxy.url, siteUrl: proxy.url, patience: () => Promise.resolve() }
  return new ThreadsAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), clock, options)
}

function newConnection(name: string): Connection & { stored(): { credentials: Readonly<Record<string, string>> } } {
  const remoteAccountId = server.addUser(name)
  const credentials = { appId: server.app.id, appSecret: server.app.secret, token: server.tokenFor(remoteAccountId) }
  return testConnection({ remoteAccountId, handle: name, credentials })
}

describePlatformContract(
  'Threads',
  () => {
    const connection = newConnection('group')
    return Promise.resolve({
      platform: newAdapter(),
      connection,
      publicUrl: media.publicUrl,
      published: () => Promise.resolve(server.published(connection.remoteAccountId)),
      stop: () => Promise.resolve(),
      wire: {
        proxy,
        publishing: /^POST .*\/threads_publish/,
        anything: /./,
        answers: {
          unauthorized: { status: 401, body: graphError(190, 'Session has expired', { error_subcode: 463 }) },
          forbidden: { status: 400, body: graphError(368, 'The action attempted has been deemed abusive') },
          invalid: { status: 400, body: graphError(100, 'Invalid parameter') },
          limited: { status: 400, body: graphError(4, 'Application request limit reached') },
          broken: { status: 500, body: graphError(2, 'An unexpected error has occurred', { is_transient: true }) },
        },
      },
    })
  },
  {
    afterDeletion: 'cannot-tell',
    because: 'The container tells that it was published, not that the post is deleted.',
  },
)

describe('a post on Threads', () => {
  let adapter: ThreadsAdapter
  let connection: Connection

  beforeAll(() => {
    adapter = newAdapter()
    connection = newConnection('group-posts')
  })
  afterEach(() => {
    proxy.heal()
    Object.assign(server, { preparing: 1, mislaid: 0, listing: true, offsetMs: 0 })
  })

  const publish = (post: OutgoingPost, key = newKey(), signal = soon()) =>
    adapter.publish(connection, post, key, signal)
  const find = (post: OutgoingPost, key: PublishKey) => adapter.find(connection, post, key, soon())
  const inPublic = (text: string) => server.published(connection.remoteAccountId).filter((post) => post.text === text)
  const aPicture = async (): Promise<SentPicture> => {
    const made = await picture('A door', '#0c0')
    return { ...made, publicUrl: media.publicUrl(made) }
  }

  it('shows a link as a card', async () => {
    const link = 'https://example.org/report'
    const outcome = await publish({ ...textPost('Read this'), link })
    expect(server.linkOf((outcome as { remoteId: string }).remoteId)).toBe(link)
  })

  it('is refused with what to set when nobody outside can fetch its picture', async () => {
    const outcome = await publish({ ...textPost('No way in'), pictures: [await picture('A door', '#0c0')] })
    expect(outcome).toMatchObject({
      kind: 'rejected',
      field: 'pictures',
      cause: expect.stringMatching(/PUBLIC_ORIGIN/),
    })
  })

  it('is tried again when its picture cannot be fetched, with another container', async () => {
    const key = lastingKey()
    const lost = { ...(await aPicture()), publicUrl: 'http://127.0.0.1:1/nothing' }
    expect((await publish({ ...textPost('Fetched late'), pictures: [lost] }, key)).kind).toBe('retry')
    expect((await publish({ ...textPost('Fetched late'), pictures: [await aPicture()] }, key)).kind).toBe('published')
    expect(inPublic('Fetched late')).toHaveLength(1)
  })

  it('goes on with its container when the deadline passed while that was prepared', async () => {
    const key = lastingKey()
    const post = { ...textPost('Slow picture'), pictures: [await aPicture()] }
    const deadline = new AbortController()
    server.preparing = 3
    const slow = new ThreadsAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), clock, {
      apiUrl: proxy.url,
      patience: () => Promise.resolve(deadline.abort()),
    })
    expect((await slow.publish(connection, post, key, deadline.signal)).kind).toBe('retry')
    const { memo } = key
    expect(memo).not.toBeNull()
    expect((await publish(post, key)).kind).toBe('published')
    expect(key.memo).toBe(memo)
    expect(inPublic('Slow picture')).toHaveLength(1)
  })

  it('gets a new container when the old one has expired', async () => {
    const key = lastingKey()
    proxy.plant({ kind: 'close', path: /threads_publish/, times: 1 })
    expect((await publish(textPost('A day later'), key)).kind).toBe('unknown')
    const { memo } = key
    server.offsetMs = 25 * 3_600_000
    expect((await find(textPost('A day later'), key)).kind).toBe('absent')
    expect((await publish(textPost('A day later'), key)).kind).toBe('published')
    expect(key.memo).not.toBe(memo)
    expect(inPublic('A day later')).toHaveLength(1)
  })

  it('is tried again when Threads mislays its container, and gets a new one when it does so twice', async () => {
    const key = lastingKey()
    server.mislaid = 2
    expect((await publish(textPost('Mislaid'), key)).kind).toBe('retry')
    const { memo } = key
    expect((await publish(textPost('Mislaid'), key)).kind).toBe('retry')
    expect(key.memo).not.toBe(memo)
    expect((await publish(textPost('Mislaid'), key)).kind).toBe('published')
    expect(inPublic('Mislaid')).toHaveLength(1)
  })

  it('stays in doubt while Threads has published it and does not list it', async () => {
    const key = newKey()
    proxy.plant({ kind: 'lose-answer', path: /threads_publish/, times: 1 })
    await publish(textPost('Unlisted yet'), key)
    server.listing = false
    expect((await find(textPost('Unlisted yet'), key)).kind).toBe('cannot-tell')
    expect((await publish(textPost('Unlisted yet'), key)).kind).toBe('unknown')
    server.listing = true
    expect((await find(textPost('Unlisted yet'), key)).kind).toBe('found')
    expect(inPublic('Unlisted yet')).toHaveLength(1)
  })

  it('is never taken for another publication that says the same', async () => {
    const first = await publish(textPost('Every week'))
    const key = newKey({ others: () => Promise.resolve([(first as { remoteId: string }).remoteId]) })
    proxy.plant({ kind: 'lose-answer', path: /threads_publish/, times: 1 })
    await publish(textPost('Every week'), key)
    const found = await find(textPost('Every week'), key)
    expect(found.kind).toBe('found')
    expect(found).not.toMatchObject({ remoteId: (first as { remoteId: string }).remoteId })
  })

  it('says where the account is when its own address cannot be read', async () => {
    proxy.plant({ kind: 'close', path: /fields=permalink/ })
    expect(await publish(textPost('Nowhere'))).toMatchObject({
      kind: 'published',
      url: 'https://www.threads.com/@group-posts',
    })
  })

  it('goes to the approved account and to no other', async () => {
    const other = newConnection('group-other')
    const outcome = await adapter.publish(
      { ...connection, credentials: other.credentials },
      textPost('Where to'),
      newKey(),
      soon(),
    )
    expect(outcome.kind).toBe('rejected')
    expect(server.published(other.remoteAccountId)).toEqual([])
  })

  it('has the counters that Threads gives', async () => {
    const { remoteId } = (await publish(textPost('Counted'))) as { remoteId: string }
    const readings = await adapter.counters(connection, [remoteId, '1'], soon())
    expect([...readings]).toEqual([[remoteId, { impressions: 1, reactions: 2, replies: 3, reposts: 9, clicks: null }]])
  })

  it('brings what others wrote below it, without our own parts', async () => {
    const { remoteId } = (await publish(textPost('Ask us'))) as { remoteId: string }
    await publish({ ...textPost('More'), under: { kind: 'thread', root: remoteId, parent: remoteId } })
    const id = server.replyTo(remoteId, 'neighbour', 'When?')
    const second = server.replyTo(remoteId, 'neighbour', 'And where?')
    const since = new Date(Date.now() - 60_000).toISOString()
    expect(await adapter.replies(connection, since, [remoteId, '1'], soon())).toMatchObject([
      { remoteId: id, about: remoteId, kind: 'reply', author: { handle: 'neighbour' }, text: 'When?' },
      { remoteId: second },
    ])
  })

  it('waits as long as Threads says when it has had enough', async () => {
    const usage = JSON.stringify({ '1': [{ call_count: 100, estimated_time_to_regain_access: 19 }] })
    proxy.plant({
      kind: 'answer',
      path: /threads_publish/,
      status: 400,
      headers: { 'x-business-use-case-usage': usage },
      body: graphError(80002, 'There have been too many calls'),
    })
    const outcome = await publish(textPost('Too much'))
    const minutes = (Date.parse((outcome as { until: string }).until) - Date.now()) / 60_000
    expect(outcome).toMatchObject({ kind: 'limited', scope: 'channel' })
    expect(Math.round(minutes)).toBe(19)
  })
})

describe('a connection to Threads', () => {
  let adapter: ThreadsAdapter
  beforeAll(() => {
    adapter = newAdapter()
  })
  const way = { redirectUri: '', state: 'a state', challenge: 'unused' }
  const answers = () => ({ appId: server.app.id, appSecret: server.app.secret })

  async function consented() {
    const begun = await adapter.consent.begin(answers(), { ...way, redirectUri: server.app.redirect }, soon())
    if (begun.kind !== 'go') throw new Error(begun.cause)
    const page = await fetch(begun.url, { redirect: 'manual' })
    const back = new URL(page.headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe('a state')
    const came = { redirectUri: server.app.redirect, verifier: '', memo: begun.memo }
    return adapter.consent.finish(answers(), { ...came, code: back.searchParams.get('code') ?? '' }, soon())
  }

  it('is made by consent, for sixty days, and renewed at half of them', async () => {
    const outcome = await consented()
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    const [account] = outcome.accounts
    expect(account).toMatchObject({ handle: 'group', url: 'https://www.threads.com/@group' })
    const days = (until: string | undefined) => Math.round((Date.parse(until ?? '') - Date.now()) / 86_400_000)
    expect([days(account?.renewAt), days(account?.consentUntil)]).toEqual([30, 60])
    const connection = testConnection(account!)
    expect((await adapter.publish(connection, textPost('With consent'), newKey(), soon())).kind).toBe('published')
  })

  it('is refused while Threads does not say whose account it is', async () => {
    proxy.plant({ kind: 'answer', path: /\/me\?/, status: 200, body: {}, times: 1 })
    expect(await consented()).toMatchObject({ kind: 'refused', cause: expect.stringContaining('Start again') })
  })

  it('is renewed once it is a day old, and not before', async () => {
    const outcome = await consented()
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    const connection = testConnection(outcome.accounts[0]!)
    expect((await adapter.keepAlive(connection, soon())).kind).toBe('retry')
    const hour = 3_600_000
    server.offsetMs = 25 * hour
    clock.setOffset(25 * hour)
    try {
      expect(await adapter.keepAlive(connection, soon())).toEqual({ kind: 'renewed' })
      expect(connection.stored().credentials.token).not.toBe(connection.credentials.token)
      server.revoke(connection.stored().credentials.token ?? '')
      const stale = { ...connection, credentials: connection.stored().credentials }
      clock.setOffset(50 * hour)
      server.offsetMs = 50 * hour
      expect((await adapter.keepAlive(stale, soon())).kind).toBe('unauthorized')
    } finally {
      server.offsetMs = 0
      clock.setOffset(0)
    }
  })

  it('is refused with the field to correct', async () => {
    const begin = (given: Record<string, string>) => adapter.consent.begin(given, way, soon())
    expect(await begin({ ...answers(), appId: 'my app' })).toMatchObject({ kind: 'refused', field: 'appId' })
    expect(await begin({ ...answers(), appSecret: ' ' })).toMatchObject({ kind: 'refused', field: 'appSecret' })
  })

  it('is refused with the words of Threads when the secret is wrong', async () => {
    const came = { code: 'x', redirectUri: server.app.redirect, verifier: '', memo: {} }
    const outcome = await adapter.consent.finish({ ...answers(), appSecret: 'wrong' }, came, soon())
    expect(outcome).toMatchObject({ kind: 'refused', cause: expect.not.stringMatching(/wrong/) })
  })

  it('is examined: account and quotas, or what is wrong', async () => {
    const connection = newConnection('group-examined')
    server.quotaUsed = 249
    expect((await adapter.examine(connection, soon())).map(({ about, state }) => [about, state])).toEqual([
      ['account', 'good'],
      ['posts', 'warning'],
      ['replies', 'good'],
      ['deletions', 'good'],
    ])
    server.revoke(connection.credentials.token ?? '')
    expect(await adapter.examine(connection, soon())).toMatchObject([{ about: 'credentials', state: 'bad' }])
  })
})
