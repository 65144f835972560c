import { createHash, randomBytes, randomUUID } from 'node:crypto'

import { SystemClock } from '../../src/kernel/clock.js'
import { sha256 } from '../../src/kernel/ids.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { OutgoingPost, PublishKey } from '../../src/platforms/platform.js'
import { XAdapter } from '../../src/platforms/x/x.adapter.js'
import { describePlatformContract, newKey, picture, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { lastingKey } from './meta/lasting-key.js'
import { XFake } from './x/x-fake.js'

const soon = () => AbortSignal.timeout(30_000)

let proxy: FaultProxy
let fake: XFake
/** How long the adapter waited each time, in milliseconds. */
const waits: number[] = []

beforeAll(async () => {
  proxy = await FaultProxy.start()
  fake = await XFake.start()
  proxy.forwardTo(fake.url)
})

afterAll(async () => {
  await fake?.stop()
  await proxy?.close()
})

function newAdapter(): XAdapter {
  const hosts = { api: proxy.url, authorize: `${fake.url}/i/oauth2/authorize` }
  return new XAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), new SystemClock(), hosts, async (milliseconds) => {
    waits.push(milliseconds)
  })
}

function connectionOf(username: string, more: Record<string, string> = {}) {
  const { id } = fake.users.get(username) ?? fake.addUser(username)
  const credentials = { ...fake.app, ...fake.tokensFor(username), ...more }
  return testConnection({ remoteAccountId: id, handle: username, credentials })
}

const publicPosts = (author: string) =>
  fake.posts
    .filter((post) => post.author === author)
    .map(({ id, text, media, under }) => ({
      remoteId: id,
      text,
      alts: media.map((each) => fake.alt(each)),
      pictures: media.map((each) => fake.fileOf(each).sha256),
      ...(under ? { under } : {}),
    }))

const problem = (status: number, title: string, detail: string) => ({
  status,
  body: { title, detail, type: 'about:blank', status },
})

describePlatformContract(
  'X',
  async () => {
    const connection = connectionOf('contract')
    return {
      platform: newAdapter(),
      connection,
      published: async () => publicPosts(connection.remoteAccountId),
      stop: async () => undefined,
      wire: {
        proxy,
        publishing: /POST \/2\/tweets/,
        anything: /\/2\//,
        answers: {
          unauthorized: problem(401, 'Unauthorized', 'Unauthorized'),
          forbidden: problem(
            403,
            'Forbidden',
            'Your account is suspended and is not permitted to access this feature.',
          ),
          invalid: problem(400, 'Invalid Request', 'One or more parameters to your request was invalid.'),
          limited: problem(429, 'Too Many Requests', 'Too Many Requests'),
          broken: problem(503, 'Service Unavailable', 'Service Unavailable'),
        },
      },
    }
  },
  {
    repeated: 'refused',
    sameWords: false,
    because:
      'X refuses the same words twice, so that a repeated send is in doubt, and the same words cannot be meant twice.',
  },
)

describe('a post on X', () => {
  let adapter: XAdapter
  let connection: ReturnType<typeof connectionOf>

  beforeAll(() => {
    adapter = newAdapter()
    connection = connectionOf('posts')
  })
  afterEach(() => {
    proxy.heal()
    fake.answersRefused = false
    fake.credits = true
    fake.processingFails = false
    fake.checkAfter = 1
    fake.lag = 1
    waits.length = 0
  })

  const publish = (post: OutgoingPost, key = newKey(), signal = soon()) =>
    adapter.publish(connection, post, key, signal)
  const written = () => fake.posts.filter((post) => post.author === connection.remoteAccountId).at(-1)!

  it('has the link below the text, unless the text has it, so that X makes its card', async () => {
    await publish({ ...textPost('Read this'), link: 'https://example.org/report' })
    expect(written().text).toBe('Read this\n\nhttps://example.org/report')
    await publish({ ...textPost('At https://example.org/b & more'), link: 'https://example.org/b' })
    expect(written().text).toBe('At https://example.org/b & more')
  })

  it('is found by its words, whatever X made of addresses, signs and pictures', async () => {
    const texts = ['Fish & chips < 5 > 3 at https://example.org/a?b=1&c=2', 'Come to example.org/hall, friends']
    for (const text of texts) {
      const key = newKey()
      const post = { ...textPost(text), pictures: [await picture('A door', '#c00')] }
      proxy.plant({ kind: 'lose-answer', path: /POST \/2\/tweets/, times: 1 })
      expect((await publish(post, key)).kind).toBe('unknown')
      expect(await adapter.find(connection, post, key, soon())).toMatchObject({ kind: 'found', remoteId: written().id })
    }
  })

  it('is looked for twice, five seconds apart, and never taken for another one of ours', async () => {
    const key = newKey()
    await publish(textPost('Every Monday'), key)
    waits.length = 0
    const look = (changes: object) => adapter.find(connection, textPost('Every Monday'), { ...key, ...changes }, soon())
    expect(await look({})).toMatchObject({ kind: 'found' })
    expect(waits).toEqual([5000])
    expect(await look({ others: () => Promise.resolve([written().id]) })).toEqual({ kind: 'absent' })
    const below = { ...textPost('Every Monday'), under: { kind: 'comment' as const, root: '5', parent: '5' } }
    expect(await adapter.find(connection, below, key, soon())).toEqual({ kind: 'absent' })
  })

  it('is never said to be absent when X tells problems in place of posts', async () => {
    const body = { errors: [{ detail: 'Sorry, you are not authorized.', type: 'x/not-authorized-for-resource' }] }
    proxy.plant({ kind: 'answer', path: /users\/\d+\/tweets/, status: 200, body })
    expect(await adapter.find(connection, textPost('Gone?'), newKey(), soon())).toMatchObject({ kind: 'cannot-tell' })
  })

  it('is never said to be absent behind more posts than are looked through', async () => {
    const body = { data: [{ id: '1', text: 'Another' }], meta: { result_count: 1, next_token: 'more' } }
    proxy.plant({ kind: 'answer', path: /users\/\d+\/tweets/, status: 200, body })
    expect(await adapter.find(connection, textPost('Far behind'), newKey(), soon())).toMatchObject({
      kind: 'cannot-tell',
    })
  })

  it('is for a person to judge when X has the same words from long ago', async () => {
    fake.write('posts', 'Happy new year', { at: new Date(Date.now() - 3_600_000) })
    const key = newKey()
    expect((await publish(textPost('Happy new year'), key)).kind).toBe('unknown')
    expect(await adapter.find(connection, textPost('Happy new year'), key, soon())).toMatchObject({
      kind: 'cannot-tell',
      cause: expect.stringContaining('older post of the same words'),
    })
  })

  it('is for a person to judge with a GIF, too, whose id is kept already', async () => {
    fake.write('posts', 'Once more', { at: new Date(Date.now() - 3_600_000) })
    const [key, gif] = [lastingKey(), { ...(await picture('A dance', '#0c0')), mime: 'image/gif' }]
    const post = { ...textPost('Once more'), pictures: [gif] }
    expect((await publish(post, key)).kind).toBe('unknown')
    expect((await adapter.find(connection, post, key, soon())).kind).toBe('cannot-tell')
    expect((await publish(post, key)).kind).toBe('unknown')
  })

  it('is in doubt when X answers with success and names no post', async () => {
    proxy.plant({ kind: 'answer', path: /POST \/2\/tweets/, status: 200, body: { errors: [{ title: 'Odd' }] } })
    expect(await publish(textPost('Nobody knows'))).toMatchObject({
      kind: 'unknown',
      detail: expect.stringMatching(/Odd/),
    })
    const body = { errors: [{ title: 'Forbidden', detail: 'At most one cashtag.', status: 403 }] }
    proxy.heal()
    proxy.plant({ kind: 'answer', path: /POST \/2\/tweets/, status: 200, body })
    expect(await publish(textPost('Known'))).toMatchObject({ kind: 'rejected', field: 'text' })
  })

  it('shows a GIF alone, sent in chunks and awaited', async () => {
    const gif = { ...(await picture('A dance', '#0c0')), mime: 'image/gif' }
    expect((await publish({ ...textPost('Dance'), pictures: [gif] })).kind).toBe('published')
    const [id = ''] = written().media
    expect(fake.fileOf(id)).toEqual({ category: 'tweet_gif', sha256: gif.sha256 })
    expect(fake.alt(id)).toBe('A dance')
    expect(waits).toEqual([1000, 1000])
    const two = await publish({ ...textPost('Two'), pictures: [gif, gif] })
    expect(two).toMatchObject({ kind: 'rejected', cause: 'X takes either one GIF or up to 4 other pictures.' })
  })

  const aFilm = (bytes: Uint8Array) => ({
    bytes,
    mime: 'video/mp4',
    width: 640,
    height: 360,
    seconds: 12,
    sha256: sha256(bytes),
    alt: 'A dance',
  })

  it('shows a film, which goes up in chunks of at most 5 MB', async () => {
    const video = aFilm(new Uint8Array(randomBytes(9_000_000)))
    expect((await publish({ ...textPost('A film'), video })).kind).toBe('published')
    expect(fake.fileOf(written().media[0] ?? '')).toEqual({ category: 'tweet_video', sha256: video.sha256 })
    expect(proxy.seen.filter((request) => request.endsWith('/append'))).toHaveLength(3)
  })

  it('does not send a film again that X had not finished at the deadline', async () => {
    const video = aFilm(new Uint8Array(randomBytes(1000)))
    const key = newKey()
    const deadline = new AbortController()
    proxy.plant({ kind: 'slow-body', path: /GET \/2\/media\/upload/, times: 1, stalled: () => deadline.abort() })
    expect((await publish({ ...textPost('A slow film'), video }, key, deadline.signal)).kind).toBe('retry')
    expect((await publish({ ...textPost('A slow film'), video }, key)).kind).toBe('published')
    expect(proxy.seen.filter((request) => request.endsWith('/initialize'))).toHaveLength(1)
  })

  it('asks for its film once a second at most, and until the deadline only, whatever X says of waiting', async () => {
    fake.checkAfter = 0
    const deadline = new AbortController()
    const patient = new XAdapter(
      new Outward({ privateHosts: ['127.0.0.1'] }),
      new SystemClock(),
      { api: proxy.url, authorize: fake.url },
      async (milliseconds) => {
        if (waits.push(milliseconds) === 2) deadline.abort()
      },
    )
    const video = aFilm(new Uint8Array(randomBytes(1000)))
    const post = { ...textPost('A film in no hurry'), video }
    fake.processingRounds = 5
    const outcome = await patient.publish(connection, post, newKey(), deadline.signal)
    fake.processingRounds = 2
    expect(outcome.kind).toBe('retry')
    expect(waits).toEqual([1000, 1000])
    expect(proxy.seen.filter((request) => /GET .*media.upload/.test(request))).toHaveLength(1)
  })

  it('is refused with X’s reason when X can make nothing of its film', async () => {
    fake.processingFails = true
    const outcome = await publish({ ...textPost('A bad film'), video: aFilm(new Uint8Array(10)) })
    expect(outcome).toEqual({
      kind: 'rejected',
      cause: 'X can make nothing of the film: Unsupported video format',
      field: 'video',
    })
  })

  it('quotes nobody, which X takes from no ordinary app', async () => {
    const theirs = fake.write('group', 'Look here')
    const before = proxy.seen.length
    expect(await publish({ ...textPost('Well said'), repostOf: theirs.id })).toMatchObject({
      kind: 'rejected',
      field: 'target',
      cause: expect.stringMatching(/^X takes no quotes from ordinary apps\. Pass it on with no words/),
    })
    expect(proxy.seen).toHaveLength(before)
  })

  it('fails with a reason that people understand when X refuses the answer', async () => {
    fake.answersRefused = true
    const { id } = fake.write('posts', 'One')
    const outcome = await publish({ ...textPost('Two'), under: { kind: 'thread', root: id, parent: id } })
    expect(outcome).toMatchObject({ kind: 'rejected', cause: expect.stringContaining('reply not summoned') })
  })

  it('waits when there is no credit', async () => {
    fake.credits = false
    const outcome = await publish({ ...textPost('Costly'), pictures: [await picture('x', '#c00')] })
    expect(outcome).toMatchObject({ kind: 'limited', scope: 'channel', cause: expect.stringContaining('no credit') })
  })

  it('may be as long as the account’s plan allows', async () => {
    const premium = connectionOf('premium', { textLimit: '4000' })
    fake.longest = 4000
    const limits = await adapter.askLimits(premium)
    expect(limits?.textLimit).toBe(4000)
    expect(await adapter.askLimits(connection)).toBeNull()
    const post = textPost(`${'word '.repeat(200)}https://example.org/end`)
    const key = newKey()
    const long = { ...premium, limits: limits! }
    expect((await adapter.publish(long, post, key, soon())).kind).toBe('published')
    expect((await adapter.find(long, post, key, soon())).kind).toBe('found')
    fake.longest = 280
  })
})

describe('a repost on X', () => {
  let adapter: XAdapter
  let connection: ReturnType<typeof connectionOf>
  let theirs: ReturnType<XFake['write']>

  beforeAll(() => {
    adapter = newAdapter()
    connection = connectionOf('passing')
    fake.addUser('neighbour')
  })
  beforeEach(() => {
    theirs = fake.write('neighbour', `The ferry sails, ${randomUUID()}`, { at: new Date(Date.now() - 3_600_000) })
  })
  afterEach(() => {
    proxy.heal()
    fake.credits = true
    fake.lag = 1
  })

  const passing = (source = theirs): OutgoingPost => ({ ...textPost(''), repostOf: source.id })
  const publish = (key = newKey(), post = passing()) => adapter.publish(connection, post, key, soon())
  const find = (key: PublishKey) => adapter.find(connection, passing(), key, soon())
  const reposts = () =>
    fake.posts.filter((post) => post.author === connection.remoteAccountId && post.retweets === theirs.id)
  const REPOSTING = /POST \/2\/users\/\d+\/retweets$/

  it('passes somebody’s post on without words, and is found, uncounted, undone, and undone again', async () => {
    const key = newKey()
    const outcome = await publish(key)
    const remoteId = `retweets/${theirs.id}`
    const url = `https://x.com/i/web/status/${theirs.id}`
    expect(outcome).toMatchObject({ kind: 'published', remoteId, url })
    expect(reposts()).toHaveLength(1)
    expect(await find(key)).toMatchObject({ kind: 'found', remoteId, url })
    expect(Object.fromEntries(await adapter.counters(connection, [remoteId], soon()))).toEqual({
      [remoteId]: { reactions: null, replies: null, reposts: null, clicks: null, impressions: null },
    })
    expect(await adapter.retract(connection, remoteId, soon())).toEqual({ kind: 'retracted' })
    expect(reposts()).toEqual([])
    expect(fake.posts).toContain(theirs)
    expect(await adapter.retract(connection, remoteId, soon())).toEqual({ kind: 'retracted' })
    expect(await find(key)).toEqual({ kind: 'absent' })
  })

  it('is in doubt when the answer was lost, then found, and there once', async () => {
    const key = newKey()
    proxy.plant({ kind: 'lose-answer', path: REPOSTING, times: 1 })
    expect((await publish(key)).kind).toBe('unknown')
    expect((await find(key)).kind).toBe('found')
    expect((await publish(key)).kind).toBe('unknown')
    expect((await find(key)).kind).toBe('found')
    expect(reposts()).toHaveLength(1)
    const other = { ...key, others: () => Promise.resolve([`retweets/${theirs.id}`]) }
    expect(await find(other)).toMatchObject({ kind: 'cannot-tell', cause: expect.stringContaining('another') })
  })

  it('is in doubt when nothing arrived, found absent, and sent again', async () => {
    const key = newKey()
    proxy.plant({ kind: 'close', path: REPOSTING, times: 1 })
    expect((await publish(key)).kind).toBe('unknown')
    expect(await find(key)).toEqual({ kind: 'absent' })
    expect((await publish(key)).kind).toBe('published')
    expect(reposts()).toHaveLength(1)
  })

  it('is for a person to judge when the account passed it on before, and never taken for the older one', async () => {
    fake.passOn('passing', theirs.id, new Date(Date.now() - 1_800_000))
    const key = newKey()
    expect(await publish(key)).toMatchObject({ kind: 'unknown', cause: expect.stringContaining('passed this post on') })
    expect(await find(key)).toMatchObject({
      kind: 'cannot-tell',
      cause: expect.stringContaining('Somebody may have done so before'),
    })
    expect(reposts()).toHaveLength(1)
  })

  it('is none where another publication of ours has passed it on, with which it would be undone', async () => {
    const there = fake.passOn('passing', theirs.id, new Date(Date.now() - 600_000))
    const key = () => newKey({ others: () => Promise.resolve([`retweets/${theirs.id}`]) })
    expect(await publish(key())).toMatchObject({
      kind: 'rejected',
      cause: expect.stringContaining('another publication from here'),
      field: 'target',
    })
    const answer = (data: object) => {
      proxy.heal()
      proxy.plant({ kind: 'answer', path: REPOSTING, status: 200, body: { data: { retweeted: true, ...data } } })
    }
    // Somebody may have undone it by hand since: only an id of now shows that this is another one.
    answer({})
    const unclear = key()
    expect(await publish(unclear)).toMatchObject({ kind: 'unknown', cause: expect.stringContaining('look which one') })
    // Sending it again, which is paid for, would tell no more.
    expect((await find(unclear)).kind).toBe('cannot-tell')
    answer({ rest_id: there.id })
    expect((await publish(key())).kind).toBe('rejected')
    answer({ rest_id: fake.passOn('passing', theirs.id).id })
    expect((await publish(key())).kind).toBe('published')
  })

  it('is what cannot be undone, when it cannot: nobody is told to delete a post', async () => {
    proxy.plant({ kind: 'answer', path: /DELETE/, ...problem(403, 'Forbidden', 'Not for you.') })
    expect(await adapter.retract(connection, `retweets/${theirs.id}`, soon())).toEqual({
      kind: 'by-hand',
      cause: 'X does not undo the repost: Not for you. Undo it at X itself.',
    })
  })

  it('fails when X answers with the repost of an earlier day, and is not misled by an id that cannot be one', async () => {
    const earlier = fake.passOn('passing', theirs.id, new Date(Date.now() - 1_800_000))
    const says = (data: object) => proxy.plant({ kind: 'answer', path: REPOSTING, status: 200, body: { data } })
    says({ rest_id: earlier.id, retweeted: true })
    expect(await publish()).toMatchObject({ kind: 'rejected', field: 'target' })
    for (const id of [theirs.id, connection.remoteAccountId]) {
      proxy.heal()
      says({ id, retweeted: true })
      expect((await publish()).kind).toBe('published')
    }
    proxy.heal()
    says({ retweeted: false })
    expect(await publish()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('false') })
  })

  it('says why it did not go out, or until when it waits', async () => {
    const answer = (status: number, detail: string) =>
      proxy.plant({ kind: 'answer', path: REPOSTING, ...problem(status, 'Forbidden', detail) })
    answer(403, 'Retweet is not permissible for this status.')
    expect(await publish()).toMatchObject({ kind: 'rejected', field: 'target' })
    proxy.heal()
    answer(503, 'Service Unavailable')
    expect((await publish()).kind).toBe('unknown')
    proxy.heal()
    const gone = { ...theirs, id: '1234' }
    expect(await publish(newKey(), passing(gone))).toMatchObject({ cause: expect.stringContaining('no longer has') })
    fake.credits = false
    expect((await publish()).kind).toBe('limited')
    fake.credits = true
    proxy.plant({ kind: 'lose-answer', path: /DELETE/, times: 1 })
    await publish()
    expect((await adapter.retract(connection, `retweets/${theirs.id}`, soon())).kind).toBe('retry')
  })
})

describe('a look for a post on X', () => {
  let adapter: XAdapter
  let connection: ReturnType<typeof connectionOf>

  beforeAll(() => {
    adapter = newAdapter()
    connection = connectionOf('looking')
    fake.addUser('author')
  })
  afterEach(() => {
    proxy.heal()
    fake.credits = true
    fake.users.get('author')!.protected = false
  })

  const look = (address: string) => adapter.lookUp(connection, address, soon())
  const looks = () => proxy.seen.filter((request) => /GET \/2\/tweets\/\d/.test(request)).length

  it('finds it by the addresses that people see, with one call each', async () => {
    const theirs = fake.write('author', 'Fish & chips at https://example.org/a?b=1&c=2')
    const post = {
      remoteId: theirs.id,
      root: theirs.id,
      url: `https://x.com/author/status/${theirs.id}`,
      author: { handle: 'author', name: 'The author' },
      text: 'Fish & chips at https://example.org/a?b=1&c=2',
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
    }
    const before = looks()
    const addresses = [
      `https://x.com/author/status/${theirs.id}`,
      `https://x.com/author/status/${theirs.id}?s=20&t=abc`,
      `https://twitter.com/Author/status/${theirs.id}/photo/1`,
      `https://mobile.twitter.com/author/status/${theirs.id}#m`,
      `https://www.x.com/i/web/status/${theirs.id}`,
      `http://m.twitter.com/author/statuses/${theirs.id}`,
    ]
    for (const address of addresses) expect(await look(address)).toEqual({ kind: 'found', post })
    expect(looks() - before).toBe(addresses.length)
  })

  it('tells a post that says something else, and takes people from an old version to the newest', async () => {
    const version = async (address: string) => {
      const found = await look(address)
      if (found.kind !== 'found') throw new Error(found.cause)
      return found.post
    }
    const first = fake.write('author', 'At ten')
    const address = `https://x.com/author/status/${first.id}`
    const sealed = await version(address)
    expect(await version(address)).toEqual(sealed)
    const second = fake.edit(first, 'At eleven')
    const now = await version(address)
    expect([now.remoteId, now.text]).toEqual([second.id, 'At eleven'])
    expect(now.version).not.toBe(sealed.version)
    const third = fake.edit(second, 'At ten')
    expect(await version(address)).toMatchObject({ remoteId: third.id, text: 'At ten' })
    expect((await version(address)).version).not.toBe(sealed.version)
    const passed = fake.passOn('group', third.id)
    expect(await version(`https://x.com/group/status/${passed.id}`)).toEqual(await version(address))
  })

  it('refuses what is not public, not there, or no address of a post', async () => {
    const theirs = fake.write('author', 'For friends')
    const address = `https://x.com/author/status/${theirs.id}`
    fake.users.get('author')!.protected = true
    expect(await look(address)).toMatchObject({ kind: 'refused', cause: expect.stringContaining('no such post') })
    fake.followed.add(`${connection.remoteAccountId} ${theirs.author}`)
    expect(await look(address)).toMatchObject({ kind: 'refused', cause: expect.stringContaining('for followers only') })
    expect((await look('https://x.com/author/status/99')).kind).toBe('refused')
    const before = looks()
    for (const strange of [
      'https://x.com/author',
      'https://x.com.example.org/author/status/12',
      'https://x.com/author/status/12abc',
      'at://did:plc:x/app.bsky.feed.post/1',
    ])
      expect(await look(strange)).toMatchObject({ kind: 'refused', cause: expect.stringContaining('no address') })
    expect(looks()).toBe(before)
  })

  it('may be tried again while X cannot be asked, and not when the permission is gone', async () => {
    const address = `https://x.com/author/status/${fake.write('author', 'Hello').id}`
    fake.credits = false
    expect(await look(address)).toMatchObject({
      kind: 'limited',
      cause: expect.stringContaining('no credit'),
      until: expect.any(String),
    })
    fake.credits = true
    proxy.plant({ kind: 'answer', path: /GET \/2\/tweets/, status: 503 })
    expect((await look(address)).kind).toBe('retry')
    proxy.heal()
    await proxy.close()
    expect((await look(address)).kind).toBe('retry')
    await proxy.open()
    const revoked = connectionOf('revoked')
    fake.revoke()
    expect(await adapter.lookUp(revoked, address, soon())).toMatchObject({
      kind: 'unauthorized',
      cause: expect.stringContaining('Connect it again'),
    })
    Object.assign(connection, connectionOf('looking'))
  })
})

describe('what X tells about posts', () => {
  it('has clicks for thirty days, and null, not zero, afterwards', async () => {
    const adapter = newAdapter()
    const connection = connectionOf('counted')
    const [old, young] = [
      fake.write('counted', 'Old', { at: new Date(Date.now() - 31 * 24 * 3600_000) }),
      fake.write('counted', 'Young'),
    ]
    fake.write('group', 'I agree', { quotes: young.id })
    fake.clicks = 7
    const readings = await adapter.counters(connection, [old.id, young.id, '12345', 'at://odd'], soon())
    fake.clicks = 0
    expect(Object.fromEntries(readings)).toEqual({
      [old.id]: { reactions: 3, replies: 0, reposts: 0, clicks: null, impressions: 40 },
      [young.id]: { reactions: 3, replies: 0, reposts: 1, clicks: 7, impressions: 40 },
    })
  })

  it('names what others wrote to the account, oldest first, with its words as typed', async () => {
    const adapter = newAdapter()
    const connection = connectionOf('mentioned')
    const ours = fake.write('mentioned', 'When do we meet?')
    const earlier = new Date(Date.now() - 60_000)
    const answer = fake.write('group', '@mentioned at 7 & 8, https://example.org/when', { under: ours.id })
    const mention = fake.write('group', 'Go, @mentioned', { at: earlier })
    fake.write('mentioned', 'Thanks, says @mentioned')
    const since = new Date(Date.now() - 3_600_000).toISOString()
    const replies = await adapter.replies(connection, since, [ours.id], soon())
    expect(replies.map(({ remoteId, kind, about, text }) => [remoteId, kind, about, text])).toEqual([
      [mention.id, 'mention', null, 'Go, @mentioned'],
      [answer.id, 'reply', ours.id, '@mentioned at 7 & 8, https://example.org/when'],
    ])
    expect(replies[0]?.author).toEqual({ handle: 'group', name: 'The group' })
  })
})

describe('a connection to X', () => {
  afterEach(() => proxy.heal())

  const verifier = 'v'.repeat(64)
  const way = {
    redirectUri: 'https://queue.example.org/connected',
    state: 'a state',
    challenge: createHash('sha256').update(verifier).digest('base64url'),
  }
  /** A person who presses “Authorize app”, and comes back with a code. */
  async function codeFor(adapter: XAdapter, answers: Record<string, string>): Promise<string> {
    const begun = await adapter.consent.begin(answers, way, soon())
    if (begun.kind !== 'go') throw new Error(begun.cause)
    const back = new URL((await fetch(begun.url, { redirect: 'manual' })).headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe(way.state)
    return back.searchParams.get('code') ?? ''
  }
  const finish = (adapter: XAdapter, answers: Record<string, string>, code: string, with_ = verifier) =>
    adapter.consent.finish(answers, { code, redirectUri: way.redirectUri, verifier: with_, memo: {} }, soon())

  it('is made by consent, and says when it is to be renewed', async () => {
    const adapter = newAdapter()
    const outcome = await finish(adapter, fake.app, await codeFor(adapter, fake.app))
    expect(outcome).toMatchObject({
      kind: 'accounts',
      accounts: [{ remoteAccountId: '1000', handle: 'group', url: 'https://x.com/group', renewAt: expect.any(String) }],
    })
  })

  it('is refused with what to do', async () => {
    const adapter = newAdapter()
    expect(await adapter.consent.begin({ clientId: ' ' }, way, soon())).toMatchObject({ field: 'clientId' })
    const long = { ...fake.app, textLimit: '100' }
    expect(await adapter.consent.begin(long, way, soon())).toMatchObject({ field: 'textLimit' })
    const wrong = { ...fake.app, clientSecret: 'no' }
    const code = await codeFor(adapter, fake.app)
    expect(await finish(adapter, wrong, code)).toMatchObject({ kind: 'refused', field: 'clientSecret' })
    expect(await finish(adapter, fake.app, code, 'another verifier')).toMatchObject({ kind: 'refused' })
    fake.withheld = ['media.write']
    const poor = await finish(adapter, fake.app, await codeFor(adapter, fake.app))
    fake.withheld = []
    expect(poor).toMatchObject({ kind: 'refused', cause: expect.stringContaining('media.write') })
  })

  it('trades its token once for many posts at one moment, and keeps the new one', async () => {
    const adapter = newAdapter()
    const connection = connectionOf('busy')
    fake.expire()
    const before = fake.given.length
    const sends = [1, 2, 3].map((n) => adapter.publish(connection, textPost(`Post ${n}`), newKey(), soon()))
    expect((await Promise.all(sends)).map(({ kind }) => kind)).toEqual(['published', 'published', 'published'])
    expect(fake.given).toHaveLength(before + 1)
    expect(connection.stored().credentials.refreshToken).toBe(fake.given.at(-1)?.refresh)
    expect(connection.stored().credentials.clientSecret).toBe(fake.app.clientSecret)
  })

  it('renews a token that has run out before it is tried', async () => {
    const connection = connectionOf('early', { expiresAt: new Date(Date.now() + 10_000).toISOString() })
    await newAdapter().publish(connection, textPost('Early'), newKey(), soon())
    expect(proxy.seen.filter((request) => request.includes('/2/tweets'))).toHaveLength(1)
    expect(proxy.seen[0]).toContain('/2/oauth2/token')
  })

  it('is kept alive, or to be made again once the permission is taken back', async () => {
    const adapter = newAdapter()
    const connection = connectionOf('resting')
    expect(await adapter.keepAlive(connection, soon())).toEqual({ kind: 'renewed' })
    proxy.plant({ kind: 'answer', path: /token/, times: 1, status: 503 })
    const again = { ...connection, credentials: connection.stored().credentials }
    expect(await adapter.keepAlive(again, soon())).toMatchObject({ kind: 'retry' })
    expect(await adapter.examine(again, soon())).toMatchObject([{ state: 'good', nextStep: null }])
    fake.revoke()
    expect(await adapter.keepAlive(again, soon())).toMatchObject({ kind: 'unauthorized' })
    expect(await adapter.examine(again, soon())).toMatchObject([
      { state: 'bad', nextStep: 'Connect the channel again.' },
    ])
    expect(await adapter.publish(again, textPost('Too late'), newKey(), soon())).toMatchObject({ kind: 'unauthorized' })
    expect(await adapter.retract(again, '123', soon())).toMatchObject({ kind: 'unauthorized' })
  })
})
