import { SystemClock } from '../../src/kernel/clock.js'
import { sha256 } from '../../src/kernel/ids.js'
import { FacebookAdapter } from '../../src/platforms/facebook/facebook.adapter.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection, OutgoingPost, PublishKey } from '../../src/platforms/platform.js'
import { describePlatformContract, newKey, picture, testConnection, textPost } from './contract.js'
import { FacebookServer } from './facebook/facebook-server.js'
import { FaultProxy } from './fault-proxy.js'
import { lastingKey } from './meta/lasting-key.js'

const soon = () => AbortSignal.timeout(30_000)
const graphError = (code: number, message: string, more: object = {}) => ({
  error: { message, type: 'OAuthException', code, is_transient: false, fbtrace_id: 'A', ...more },
})

let server: FacebookServer
let proxy: FaultProxy
const clock = new SystemClock()

beforeAll(async () => {
  server = new FacebookServer()
  proxy = await FaultProxy.start()
  await server.start()
  proxy.forwardTo(server.url)
})

afterAll(async () => {
  await Promise.all([server.stop(), proxy.close()])
})

function newAdapter(): FacebookAdapter {
  const places = { apiUrl: proxy.url, siteUrl: proxy.url }
  return new FacebookAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), clock, places)
}

function newConnection(name: string): ReturnType<typeof testConnection> {
  const remoteAccountId = server.addPage(name)
  const { id: appId, secret: appSecret } = server.facebookApp
  const credentials = { appId, appSecret, token: server.tokenFor(remoteAccountId, { facebook: true }) }
  return testConnection({ remoteAccountId, handle: name, credentials })
}

describePlatformContract(
  'Facebook',
  () => {
    const connection = newConnection('Group')
    return Promise.resolve({
      platform: newAdapter(),
      connection,
      published: () => Promise.resolve(server.published(connection.remoteAccountId)),
      stop: () => Promise.resolve(),
      wire: {
        proxy,
        publishing: /^POST .*\/feed/,
        anything: /./,
        answers: {
          unauthorized: { status: 400, body: graphError(190, 'The session was invalidated', { error_subcode: 460 }) },
          forbidden: { status: 400, body: graphError(368, 'The action attempted has been deemed abusive') },
          invalid: { status: 400, body: graphError(1609005, 'The link could not be scraped') },
          limited: { status: 400, body: graphError(32, 'Page request limit reached') },
          broken: { status: 500, body: graphError(1, 'An unknown error occurred') },
        },
      },
    })
  },
  {
    sameWords: false,
    atOnce: false,
    because:
      'There are no keys, and Facebook compares a post with the last one only: five at one moment can be five, and the same words cannot be meant twice in a row.',
  },
)

describe('a post on Facebook', () => {
  let adapter: FacebookAdapter
  let connection: Connection

  beforeAll(() => {
    adapter = newAdapter()
    connection = newConnection('Group that posts')
  })
  afterEach(() => {
    proxy.heal()
    Object.assign(server, { listing: true, worked: true, filmsIn: 'published_posts', gone: [], offsetMs: 0 })
    clock.setOffset(0)
  })

  const publish = (post: OutgoingPost, key: PublishKey = newKey()) => adapter.publish(connection, post, key, soon())
  const find = (post: OutgoingPost, key: PublishKey) => adapter.find(connection, post, key, soon())
  const inPublic = (text: string) => server.published(connection.remoteAccountId).filter((post) => post.text === text)
  const idOf = async (post: OutgoingPost) => ((await publish(post)) as { remoteId: string }).remoteId

  it('shows a link as a card', async () => {
    const link = 'https://example.org/report'
    expect(server.linkOf(await idOf({ ...textPost('Read this'), link }))).toBe(link)
    expect(server.linkOf(await idOf({ ...textPost(''), link }))).toBe(link)
  })

  const bytes = new Uint8Array([0, 0, 0, 24, 102, 116, 121, 112])
  const film = { bytes, mime: 'video/mp4', width: 640, height: 360, seconds: 5, sha256: sha256(bytes), alt: '' }

  it('shows a film', async () => {
    const post = { ...textPost('See this'), video: film }
    const key = newKey()
    proxy.plant({ kind: 'lose-answer', path: /^POST .*\/videos/, times: 1 })
    expect((await publish(post, key)).kind).toBe('unknown')
    server.listing = false
    expect((await find(post, key)).kind).toBe('cannot-tell')
    server.listing = true
    const found = await find(post, key)
    expect(found.kind).toBe('found')
    expect(server.filmOf(await idOf({ ...post, text: 'See that' }))).toBe(film.sha256)
    expect(server.filmOf((found as { remoteId: string }).remoteId)).toBe(film.sha256)
  })

  it('with a film is counted, answered and taken down though Facebook named the film and not the post', async () => {
    server.worked = false
    const outcome = await publish({ ...textPost('At the weir'), video: film })
    if (outcome.kind !== 'published') throw new Error(outcome.kind)
    const { remoteId, url } = outcome
    expect(url).toBe(`https://www.facebook.com/page/videos/${remoteId}/`)
    expect((await adapter.counters(connection, [remoteId], soon())).size).toBe(0)
    server.worked = true
    expect((await adapter.counters(connection, [remoteId], soon())).get(remoteId)).toMatchObject({ reactions: 4 })
    const [{ remoteId: post } = { remoteId: '' }] = inPublic('At the weir')
    const question = server.commentBy('A neighbour', post, 'Where is it?')
    const under = { kind: 'comment', root: remoteId, parent: remoteId } as const
    const comment = { ...textPost('By the mill'), under }
    const key = newKey()
    expect((await publish(comment, key)).kind).toBe('published')
    expect((await find(comment, key)).kind).toBe('found')
    const since = new Date(Date.now() - 60_000).toISOString()
    expect(await adapter.replies(connection, since, [remoteId], soon())).toMatchObject([
      { remoteId: question, about: remoteId },
    ])
    expect((await adapter.retract(connection, remoteId, soon())).kind).toBe('retracted')
    expect(inPublic('At the weir')).toEqual([])
    expect(server.filmsOf(connection.remoteAccountId)).not.toContain(remoteId)
    expect((await adapter.retract(connection, remoteId, soon())).kind).toBe('retracted')
  })

  it('is taken down together with its film', async () => {
    const before = server.filmsOf(connection.remoteAccountId)
    const remoteId = await idOf({ ...textPost('Gone with its film'), video: film })
    expect(remoteId).toContain('_')
    expect(server.filmsOf(connection.remoteAccountId)).toHaveLength(before.length + 1)
    expect((await adapter.retract(connection, remoteId, soon())).kind).toBe('retracted')
    expect(server.filmsOf(connection.remoteAccountId)).toEqual(before)
    expect(inPublic('Gone with its film')).toEqual([])
  })

  it('is found among the films of the page, which posts do not list', async () => {
    for (const list of ['videos', 'video_reels'] as const) {
      server.filmsIn = list
      const post = { ...textPost(`Only among ${list}`), video: film }
      const key = newKey()
      proxy.plant({ kind: 'lose-answer', path: /^POST .*\/videos/, times: 1 })
      expect((await publish(post, key)).kind).toBe('unknown')
      expect(await find(post, key)).toMatchObject({ remoteId: inPublic(post.text)[0]?.remoteId })
      expect((await find({ ...post, text: 'Never sent' }, key)).kind).toBe('cannot-tell')
    }
  })

  it('with a film is not taken for another whose film alone is known', async () => {
    server.worked = false
    const video = { ...textPost('Each week at the lock'), video: film }
    const other = await idOf(video)
    const key = newKey({ others: () => Promise.resolve([other]) })
    for (const list of ['published_posts', 'videos'] as const) {
      server.filmsIn = list
      expect((await find(video, key)).kind).toBe('cannot-tell')
    }
  })

  it('is known again by its pictures when another post says the same', async () => {
    const door = { ...textPost('A door'), pictures: [await picture('Red', '#c00')] }
    const key = lastingKey()
    proxy.plant({ kind: 'lose-answer', path: /^POST .*\/feed/, times: 1 })
    expect((await publish(door, key)).kind).toBe('unknown')
    const other = await idOf({ ...textPost('A door'), pictures: [await picture('Blue', '#00c')] })
    await idOf(textPost('A door'))
    const found = await find(door, key)
    expect(found.kind).toBe('found')
    expect(found).not.toMatchObject({ remoteId: other })
  })

  it('is one post though its pictures are sent again in doubt', async () => {
    const post = { ...textPost('Two doors'), pictures: [await picture('Red', '#c00'), await picture('Blue', '#00c')] }
    const key = lastingKey()
    proxy.plant({ kind: 'lose-answer', path: /^POST .*\/feed/, times: 1 })
    expect((await publish(post, key)).kind).toBe('unknown')
    expect((await publish(post, key)).kind).toBe('published')
    expect(inPublic('Two doors')).toHaveLength(1)
  })

  it('uploads its pictures anew when Facebook has deleted the unpublished ones', async () => {
    const post = { ...textPost('A day later'), pictures: [await picture('Red', '#c00')] }
    const key = lastingKey()
    proxy.plant({ kind: 'close', path: /^POST .*\/feed/, times: 1 })
    expect((await publish(post, key)).kind).toBe('unknown')
    server.offsetMs = 25 * 3_600_000
    clock.setOffset(server.offsetMs)
    expect((await find(post, key)).kind).toBe('absent')
    expect((await publish(post, key)).kind).toBe('published')
    expect(inPublic('A day later')).toHaveLength(1)
  })

  it('is refused as a duplicate of an older post, and in doubt while the page’s posts cannot tell', async () => {
    server.offsetMs = -3_600_000
    await publish(textPost('Again'))
    server.offsetMs = 0
    server.listing = false
    expect((await publish(textPost('Again'))).kind).toBe('unknown')
    server.listing = true
    expect(await publish(textPost('Again'))).toMatchObject({ kind: 'rejected', field: 'text' })
    expect(inPublic('Again')).toHaveLength(1)
  })

  it('is never taken for another publication that says the same', async () => {
    const first = await idOf(textPost('Every week'))
    await publish(textPost('Between'))
    const key = newKey({ others: () => Promise.resolve([first]) })
    proxy.plant({ kind: 'lose-answer', path: /^POST .*\/feed/, times: 1 })
    await publish(textPost('Every week'), key)
    const found = await find(textPost('Every week'), key)
    expect(found.kind).toBe('found')
    expect(found).not.toMatchObject({ remoteId: first })
  })

  it('is in doubt when Facebook takes it and does not say what it made', async () => {
    proxy.plant({ kind: 'answer', path: /^POST .*\/feed/, status: 200, body: {} })
    expect((await publish(textPost('Nameless'))).kind).toBe('unknown')
  })

  it('is found though Facebook has changed its white space', async () => {
    const key = newKey()
    await publish(textPost('At eight, by the mill'))
    expect((await find(textPost('At eight,  by\n\nthe mill'), key)).kind).toBe('found')
  })

  it('is not called absent among more posts or comments than Facebook lists', async () => {
    const comment = { id: '1', message: 'Hello', created_time: new Date().toISOString() }
    const body = { data: Array.from({ length: 100 }, () => comment) }
    proxy.plant({ kind: 'answer', path: /^GET .*\/comments/, status: 200, body })
    proxy.plant({ kind: 'answer', path: /^GET .*\/published_posts/, status: 200, body })
    expect((await find(textPost('Where: the mill'), newKey())).kind).toBe('cannot-tell')
    const under = { kind: 'comment' as const, root: '5', parent: '5' }
    expect((await find({ ...textPost('Where: the mill'), under }, newKey())).kind).toBe('cannot-tell')
  })

  it('cannot be told from two others that say the same', async () => {
    const key = newKey()
    await publish(textPost('Twice'))
    await publish(textPost('Between them'))
    await publish(textPost('Twice'))
    expect((await find(textPost('Twice'), key)).kind).toBe('cannot-tell')
  })

  it('is retried, not in doubt, when a picture could not be uploaded', async () => {
    proxy.plant({ kind: 'close', path: /^POST .*\/photos/, times: 1 })
    const post = { ...textPost('With a picture'), pictures: [await picture('A door', '#c00')] }
    expect((await publish(post)).kind).toBe('retry')
  })

  it('goes to the approved page and to no other', async () => {
    const other = newConnection('Another page')
    const mixed = { ...connection, credentials: other.credentials }
    expect((await adapter.publish(mixed, textPost('Where to'), newKey(), soon())).kind).toBe('rejected')
    expect(server.published(other.remoteAccountId)).toEqual([])
  })

  it('has the counters that Facebook gives, and null for those that are gone', async () => {
    const remoteId = await idOf(textPost('Counted'))
    const read = async () => (await adapter.counters(connection, [remoteId], soon())).get(remoteId)
    expect(await read()).toEqual({ reactions: 4, replies: 2, reposts: 0, clicks: 3, impressions: 90 })
    server.gone = ['post_media_view']
    expect(await read()).toEqual({ reactions: 4, replies: 2, reposts: 0, clicks: 3, impressions: null })
  })

  it('brings comments of others, which can be answered', async () => {
    const remoteId = await idOf(textPost('Ask us'))
    const question = server.commentBy('A neighbour', remoteId, 'When?')
    const under = { kind: 'answer', root: remoteId, parent: question } as const
    expect((await publish({ ...textPost('On Monday'), under })).kind).toBe('published')
    const hidden = server.commentBy('', question, 'Thanks')
    const since = new Date(Date.now() - 60_000).toISOString()
    const replies = await adapter.replies(connection, since, [remoteId], soon())
    expect(replies.map(({ remoteId: id, about, author }) => [id, about, author.name])).toEqual([
      [question, remoteId, 'A neighbour'],
      [hidden, question, 'Somebody on Facebook'],
    ])
  })

  it('waits as long as Facebook says when it has had enough', async () => {
    const usage = JSON.stringify({ '1': [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: 42 }] })
    const headers = { 'x-business-use-case-usage': usage }
    proxy.plant({ kind: 'answer', path: /\/feed/, status: 403, headers, body: graphError(80001, 'Too many calls') })
    const outcome = await publish(textPost('Too much'))
    expect(outcome).toMatchObject({ kind: 'limited', scope: 'channel' })
    expect(Math.round((Date.parse((outcome as { until: string }).until) - Date.now()) / 60_000)).toBe(42)
  })

  it('never shows a token or secret in what it says', async () => {
    const { token = '', appSecret = '' } = connection.credentials
    const body = graphError(100, `Bad token ${token} of ${appSecret}`)
    proxy.plant({ kind: 'answer', path: /\/feed/, status: 400, body })
    const said = JSON.stringify(await publish(textPost('Leaky')))
    expect(said).toMatch(/Bad token/)
    expect(said).not.toContain(token)
    expect(said).not.toContain(appSecret)
  })
})

describe('a connection to Facebook', () => {
  let adapter: FacebookAdapter
  beforeAll(() => {
    adapter = newAdapter()
  })
  const answers = () => ({ appId: server.facebookApp.id, appSecret: ` ${server.facebookApp.secret} ` })

  async function consented() {
    const { redirect: redirectUri } = server.facebookApp
    const begun = await adapter.consent.begin(answers(), { redirectUri, state: 'a state', challenge: '' }, soon())
    if (begun.kind !== 'go') throw new Error(begun.cause)
    const page = await fetch(begun.url, { redirect: 'manual' })
    const back = new URL(page.headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe('a state')
    const code = back.searchParams.get('code') ?? ''
    return adapter.consent.finish(answers(), { code, redirectUri, verifier: '', memo: begun.memo }, soon())
  }

  it('is refused when Facebook answers what nobody understands', async () => {
    proxy.plant({ kind: 'answer', path: /\/me\/accounts/, status: 200, body: {}, times: 1 })
    expect(await consented()).toMatchObject({ kind: 'refused', cause: expect.stringContaining('Start again') })
  })

  it('is made by one consent for several pages, to choose from', async () => {
    const pages = ['First page', 'Second page'].map((name) => ({ id: server.addPage(name), name }))
    server.pages.splice(0, server.pages.length, ...pages, { id: '9', name: 'Only looked at', tasks: ['ANALYZE'] })
    const outcome = await consented()
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    expect(outcome.accounts.map(({ remoteAccountId, handle }) => ({ id: remoteAccountId, name: handle }))).toEqual(
      pages,
    )
    const days = (Date.parse(outcome.accounts[0]?.consentUntil ?? '') - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)
    const connection = testConnection(outcome.accounts[1]!)
    expect((await adapter.publish(connection, textPost('Second'), newKey(), soon())).kind).toBe('published')
    expect(server.published(pages[1]!.id)).toHaveLength(1)
    expect((await adapter.examine(connection, soon())).map(({ about, state }) => [about, state])).toEqual([
      ['credentials', 'good'],
      ['account', 'good'],
    ])
    server.scopes = server.scopes.filter((scope) => scope !== 'pages_manage_posts')
    expect(await adapter.examine(connection, soon())).toMatchObject([
      { about: 'scopes', state: 'bad', said: 'The consent misses pages_manage_posts.' },
    ])
    server.revoke(connection.credentials.token ?? '')
    expect(await adapter.examine(connection, soon())).toMatchObject([{ about: 'credentials', state: 'bad' }])
  })

  it('is refused when no page was allowed, or none that one may post as', async () => {
    server.pages.splice(0)
    expect(await consented()).toMatchObject({ kind: 'refused', cause: expect.stringMatching(/no page/) })
    server.pages.push({ id: '9', name: 'Only looked at', tasks: ['ANALYZE'] })
    expect(await consented()).toMatchObject({ kind: 'refused', cause: expect.stringMatching(/may not post/) })
  })

  it('is refused with the field to correct, or the words of Facebook', async () => {
    const way = { redirectUri: '', state: '', challenge: '' }
    const begin = (given: Record<string, string>) => adapter.consent.begin({ ...answers(), ...given }, way, soon())
    expect(await begin({ appId: 'my app' })).toMatchObject({ kind: 'refused', field: 'appId' })
    expect(await begin({ appSecret: '' })).toMatchObject({ kind: 'refused', field: 'appSecret' })
    const came = { code: 'x', redirectUri: '', verifier: '', memo: {} }
    expect(await adapter.consent.finish({ ...answers(), appSecret: 'wrong' }, came, soon())).toMatchObject({
      kind: 'refused',
      cause: expect.not.stringMatching(/wrong/),
    })
  })
})
