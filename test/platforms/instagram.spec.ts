import { SystemClock } from '../../src/kernel/clock.js'
import { InstagramAdapter } from '../../src/platforms/instagram/instagram.adapter.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection, OutgoingPost, PublishKey, SentPicture } from '../../src/platforms/platform.js'
import { describePlatformContract, newKey, picture, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { InstagramServer } from './instagram/instagram-server.js'
import { MediaHost } from './meta/graph-server.js'
import { lastingKey } from './meta/lasting-key.js'

const soon = () => AbortSignal.timeout(30_000)
const graphError = (code: number, message: string, more: object = {}) => ({
  error: { message, type: 'OAuthException', code, is_transient: false, fbtrace_id: 'A', ...more },
})

let server: InstagramServer
let media: MediaHost
let proxy: FaultProxy
const clock = new SystemClock()

beforeAll(async () => {
  server = new InstagramServer()
  media = new MediaHost()
  proxy = await FaultProxy.start()
  await Promise.all([server.start(), media.start()])
  proxy.forwardTo(server.url)
})

afterAll(async () => {
  await Promise.all([server.stop(), media.stop(), proxy.close()])
})

function newAdapter(): InstagramAdapter {
  const places = { apiUrl: proxy.url, tokenUrl: proxy.url, siteUrl: proxy.url }
  const facebook = { facebookApiUrl: proxy.url, facebookSiteUrl: proxy.url }
  const options = { ...places, ...facebook, patience: () => Promise.resolve() }
  return new InstagramAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), clock, options)
}

type Login = 'instagram' | 'facebook'

function newConnection(name: string, login: Login = 'instagram'): ReturnType<typeof testConnection> {
  const remoteAccountId = server.addUser(name)
  const token = server.tokenFor(remoteAccountId, { facebook: login === 'facebook' })
  const app = login === 'facebook' ? server.facebookApp : server.app
  const credentials = { appId: app.id, appSecret: app.secret, login, token }
  return testConnection({ remoteAccountId, handle: name, credentials })
}

async function aPicture(alt = 'A door', colour = '#0c0'): Promise<SentPicture> {
  const made = await picture(alt, colour)
  return { ...made, publicUrl: media.publicUrl(made) }
}

const aPost = async (text: string): Promise<OutgoingPost> => ({ ...textPost(text), pictures: [await aPicture()] })

for (const [name, login] of [
  ['Instagram', 'instagram'],
  ['Instagram through its page', 'facebook'],
] as const) {
  describePlatformContract(
    name,
    () => {
      const connection = newConnection(`group-${login}`, login)
      return Promise.resolve({
        platform: newAdapter(),
        connection,
        post: aPost,
        publicUrl: media.publicUrl,
        published: () => Promise.resolve(server.published(connection.remoteAccountId)),
        stop: () => Promise.resolve(),
        wire: {
          proxy,
          publishing: /^POST .*\/media_publish/,
          anything: /./,
          answers: {
            unauthorized: { status: 400, body: graphError(190, 'The session has expired', { error_subcode: 463 }) },
            forbidden: { status: 400, body: graphError(25, 'Restricted', { error_subcode: 2207050 }) },
            invalid: { status: 400, body: graphError(36004, 'The caption was too long', { error_subcode: 2207010 }) },
            limited: { status: 400, body: graphError(9, 'Application request limit', { error_subcode: 2207042 }) },
            broken: { status: 500, body: graphError(-1, 'Fatal', { error_subcode: 2207001 }) },
          },
        },
      })
    },
    {
      afterDeletion: 'cannot-tell',
      ...(login === 'facebook' ? {} : { retracts: false }),
      because:
        login === 'facebook'
          ? 'The container tells that it was published, not that the post is deleted.'
          : 'Apps may delete only with a sign-in through Facebook; the container tells that it was published, not that the post is deleted.',
    },
  )
}

describe('a post on Instagram', () => {
  let adapter: InstagramAdapter
  let connection: Connection

  beforeAll(() => {
    adapter = newAdapter()
    connection = newConnection('group-posts')
  })
  afterEach(() => {
    proxy.heal()
    Object.assign(server, { preparing: 1, mislaid: 0, listing: true, insightful: true, offsetMs: 0 })
  })

  const publish = (post: OutgoingPost, key = newKey()) => adapter.publish(connection, post, key, soon())
  const find = (post: OutgoingPost, key: PublishKey) => adapter.find(connection, post, key, soon())
  const inPublic = (text: string) => server.published(connection.remoteAccountId).filter((post) => post.text === text)
  const idOf = async (text: string) => ((await publish(await aPost(text))) as { remoteId: string }).remoteId

  it('needs a picture', async () => {
    expect(await publish(textPost('Words alone'))).toMatchObject({ kind: 'rejected', field: 'pictures' })
  })

  it('is refused with what to set when nobody outside can fetch its picture', async () => {
    const outcome = await publish({ ...textPost('No way in'), pictures: [await picture('A door', '#0c0')] })
    expect(outcome).toMatchObject({ kind: 'rejected', cause: expect.stringMatching(/PUBLIC_ORIGIN/) })
  })

  it('is tried again when its picture cannot be fetched', async () => {
    const lost = { ...(await aPicture()), publicUrl: 'http://127.0.0.1:1/nothing' }
    expect(await publish({ ...textPost('Later'), pictures: [lost] })).toMatchObject({
      kind: 'retry',
      cause: expect.stringMatching(/https/),
    })
  })

  it('gets a new container when the old one has expired', async () => {
    const key = lastingKey()
    const post = await aPost('A day later')
    proxy.plant({ kind: 'close', path: /media_publish/, times: 1 })
    expect((await publish(post, key)).kind).toBe('unknown')
    const { memo } = key
    server.offsetMs = 25 * 3_600_000
    expect((await find(post, key)).kind).toBe('absent')
    expect((await publish(post, key)).kind).toBe('published')
    expect(key.memo).not.toBe(memo)
    expect(inPublic('A day later')).toHaveLength(1)
  })

  it('is tried again when Instagram mislays its container, and gets a new one when it does so twice', async () => {
    const key = lastingKey()
    const post = await aPost('Mislaid')
    server.mislaid = 2
    expect((await publish(post, key)).kind).toBe('retry')
    expect((await publish(post, key)).kind).toBe('retry')
    expect((await publish(post, key)).kind).toBe('published')
    expect(inPublic('Mislaid')).toHaveLength(1)
  })

  it('stays in doubt while Instagram has published it and does not list it', async () => {
    const key = newKey()
    const post = await aPost('Unlisted yet')
    proxy.plant({ kind: 'lose-answer', path: /media_publish/, times: 1 })
    await publish(post, key)
    server.listing = false
    expect((await find(post, key)).kind).toBe('cannot-tell')
    expect((await publish(post, key)).kind).toBe('unknown')
    server.listing = true
    expect((await publish(post, key)).kind).toBe('published')
    expect(inPublic('Unlisted yet')).toHaveLength(1)
  })

  it('is never taken for another publication that says the same', async () => {
    const first = await idOf('Every week')
    const key = newKey({ others: () => Promise.resolve([first]) })
    const post = await aPost('Every week')
    proxy.plant({ kind: 'lose-answer', path: /media_publish/, times: 1 })
    await publish(post, key)
    const found = await find(post, key)
    expect(found.kind).toBe('found')
    expect(found).not.toMatchObject({ remoteId: first })
  })

  it('has one comment though the answer to it was lost', async () => {
    const remoteId = await idOf('With a comment')
    const comment: OutgoingPost = {
      ...textPost('Where: the old mill'),
      under: { kind: 'comment', root: remoteId, parent: remoteId },
    }
    const key = lastingKey()
    proxy.plant({ kind: 'lose-answer', path: /^POST .*\/comments/, times: 1 })
    expect((await publish(comment, key)).kind).toBe('unknown')
    expect((await find(comment, key)).kind).toBe('found')
    expect((await publish(comment, key)).kind).toBe('published')
    expect(inPublic('Where: the old mill')).toHaveLength(1)
  })

  it('has its own comment though the account was renamed, and not that of whoever has the name now', async () => {
    const remoteId = await idOf('With two names')
    const under = { kind: 'comment' as const, root: remoteId, parent: remoteId }
    const comment = { ...textPost('Where: the new mill'), under }
    const name = connection.handle
    server.rename(connection.remoteAccountId, 'renamed')
    try {
      server.commentBy(name, remoteId, 'Where: the new mill')
      expect((await find(comment, newKey())).kind).toBe('absent')
      const key = newKey()
      proxy.plant({ kind: 'lose-answer', path: /^POST .*\/comments/, times: 1 })
      await publish(comment, key)
      const [ours] = inPublic('Where: the new mill')
      expect(await find(comment, key)).toMatchObject({ kind: 'found', remoteId: ours?.remoteId })
      const since = new Date(Date.now() - 60_000).toISOString()
      const replies = await adapter.replies(connection, since, [remoteId], soon())
      // The other one is taken for ours while the channel still has the old name; ours never for theirs.
      expect(replies.map(({ remoteId: id }) => id)).not.toContain(ours?.remoteId)
    } finally {
      server.rename(connection.remoteAccountId, name)
    }
  })

  it('is in doubt when Instagram does not tell whose comment says the same', async () => {
    const remoteId = await idOf('With a nameless comment')
    const under = { kind: 'comment' as const, root: remoteId, parent: remoteId }
    const list = (more: object) => {
      const body = { data: [{ id: '7', text: 'Come along', timestamp: new Date().toISOString(), ...more }] }
      proxy.plant({ kind: 'answer', path: /^GET .*\/comments/, status: 200, body, times: 1 })
    }
    const comment = { ...textPost('Come along'), under }
    list({})
    expect((await find(comment, newKey())).kind).toBe('cannot-tell')
    list({ user: { id: '99' } })
    expect((await find(comment, newKey())).kind).toBe('cannot-tell')
    list({ username: connection.handle })
    expect(await find(comment, newKey())).toMatchObject({ kind: 'found', remoteId: '7' })
  })

  it('has no second comment while the first may be among more than Instagram lists', async () => {
    const remoteId = await idOf('With many comments')
    const under = { kind: 'comment' as const, root: remoteId, parent: remoteId }
    const key = lastingKey()
    proxy.plant({ kind: 'lose-answer', path: /^POST .*\/comments/, times: 1 })
    await publish({ ...textPost('Once only'), under }, key)
    const comment = { id: '1', text: 'Hello', username: 'neighbour', timestamp: new Date().toISOString() }
    const body = { data: Array.from({ length: 50 }, () => comment) }
    proxy.plant({ kind: 'answer', path: /^GET .*\/comments/, status: 200, body })
    expect((await find({ ...textPost('Once only'), under }, key)).kind).toBe('cannot-tell')
    expect((await publish({ ...textPost('Once only'), under }, key)).kind).toBe('retry')
    expect(inPublic('Once only')).toHaveLength(1)
  })

  it('brings comments of others, which can be answered', async () => {
    const remoteId = await idOf('Ask us')
    const question = server.commentBy('neighbour', remoteId, 'When?')
    const answer: OutgoingPost = {
      ...textPost('On Monday'),
      under: { kind: 'answer', root: remoteId, parent: question },
    }
    expect((await publish(answer)).kind).toBe('published')
    const further = server.commentBy('neighbour', question, 'Thanks')
    const since = new Date(Date.now() - 60_000).toISOString()
    const replies = await adapter.replies(connection, since, [remoteId], soon())
    expect(replies.map(({ remoteId: id, about }) => [id, about])).toEqual([
      [question, remoteId],
      [further, question],
    ])
  })

  it('is deleted by hand when connected at Instagram, its comments from here', async () => {
    const remoteId = await idOf('Stays')
    expect(await adapter.retract(connection, remoteId, soon())).toMatchObject({
      kind: 'by-hand',
      cause: expect.stringMatching(/Facebook page/),
    })
    const under = { kind: 'comment', root: remoteId, parent: remoteId } as const
    const comment = (await publish({ ...textPost('Goes'), under })) as { remoteId: string }
    expect((await adapter.retract(connection, comment.remoteId, soon())).kind).toBe('retracted')
    expect(inPublic('Goes')).toEqual([])
  })

  it('has the counters that Instagram gives, or those that need no permission', async () => {
    const remoteId = await idOf('Counted')
    const read = async () => (await adapter.counters(connection, [remoteId], soon())).get(remoteId)
    expect(await read()).toEqual({ impressions: 1, reactions: 2, replies: 3, reposts: 4, clicks: null })
    server.insightful = false
    expect(await read()).toEqual({ impressions: null, reactions: 2, replies: 3, reposts: null, clicks: null })
  })
})

describe('a connection to Instagram', () => {
  let adapter: InstagramAdapter
  beforeAll(() => {
    adapter = newAdapter()
  })

  async function consented(login: string) {
    const app = login === 'facebook' ? server.facebookApp : server.app
    const answers = { appId: app.id, appSecret: app.secret, login }
    const way = { redirectUri: app.redirect, state: 'a state', challenge: 'unused' }
    const begun = await adapter.consent.begin(answers, way, soon())
    if (begun.kind !== 'go') throw new Error(begun.cause)
    const page = await fetch(begun.url, { redirect: 'manual' })
    const back = new URL(page.headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe('a state')
    const code = back.searchParams.get('code') ?? ''
    return adapter.consent.finish(answers, { code, redirectUri: app.redirect, verifier: '', memo: begun.memo }, soon())
  }
  const days = (until: string | undefined) => Math.round((Date.parse(until ?? '') - Date.now()) / 86_400_000)

  it('is refused while Instagram does not say whose account it is', async () => {
    proxy.plant({ kind: 'answer', path: /\/me\?/, status: 200, body: {}, times: 1 })
    expect(await consented('')).toMatchObject({ kind: 'refused', cause: expect.stringContaining('Start again') })
  })

  it('is made at Instagram, for sixty days, and renewed once it is a day old', async () => {
    const outcome = await consented('')
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    const [account] = outcome.accounts
    expect([days(account?.renewAt), days(account?.consentUntil)]).toEqual([30, 60])
    const connection = testConnection(account!)
    expect((await adapter.publish(connection, await aPost('Consented'), newKey(), soon())).kind).toBe('published')
    expect((await adapter.keepAlive(connection, soon())).kind).toBe('retry')
    server.offsetMs = 25 * 3_600_000
    clock.setOffset(server.offsetMs)
    try {
      expect(await adapter.keepAlive(connection, soon())).toEqual({ kind: 'renewed' })
      expect(connection.stored().credentials.token).not.toBe(connection.credentials.token)
    } finally {
      server.offsetMs = 0
      clock.setOffset(0)
    }
  })

  it('is made at Facebook for each account behind a page', async () => {
    const first = server.addUser('first')
    const second = server.addUser('second')
    server.pages.push(
      { id: '1', name: 'First', instagram: { id: first, username: 'first' } },
      { id: '2', name: 'Without' },
      { id: '3', name: 'Second', instagram: { id: second, username: 'second' } },
    )
    const outcome = await consented('facebook')
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    expect(outcome.accounts.map(({ remoteAccountId, handle }) => [remoteAccountId, handle])).toEqual([
      [first, 'first'],
      [second, 'second'],
    ])
    expect(days(outcome.accounts[0]?.consentUntil)).toBe(90)
    const connection = testConnection(outcome.accounts[1]!)
    const published = await adapter.publish(connection, await aPost('Behind a page'), newKey(), soon())
    expect(published.kind).toBe('published')
    expect(server.published(second)).toHaveLength(1)
    server.pages.splice(0, 3, { id: '2', name: 'Without' })
    expect(await consented('facebook')).toMatchObject({
      kind: 'refused',
      cause: expect.stringMatching(/Instagram account/),
    })
  })

  it('is refused with the field to correct', async () => {
    const way = { redirectUri: server.app.redirect, state: 's', challenge: '' }
    const begin = (given: Record<string, string>) =>
      adapter.consent.begin({ appId: '1', appSecret: 's', ...given }, way, soon())
    expect(await begin({ appId: 'my app' })).toMatchObject({ kind: 'refused', field: 'appId' })
    expect(await begin({ appSecret: ' ' })).toMatchObject({ kind: 'refused', field: 'appSecret' })
    expect(await begin({ login: 'twitter' })).toMatchObject({ kind: 'refused', field: 'login' })
  })

  it('is examined: account and quota, or what is wrong', async () => {
    const connection = newConnection('group-examined')
    server.quotaUsed = 50
    expect((await adapter.examine(connection, soon())).map(({ about, state }) => [about, state])).toEqual([
      ['account', 'good'],
      ['posts', 'bad'],
    ])
    server.revoke(connection.credentials.token ?? '')
    expect(await adapter.examine(connection, soon())).toMatchObject([{ about: 'credentials', state: 'bad' }])
  })
})
