import { SystemClock } from '../../src/kernel/clock.js'
import { sha256 } from '../../src/kernel/ids.js'
import { BlueskyAdapter } from '../../src/platforms/bluesky/bluesky.adapter.js'
import { recordKeyOf } from '../../src/platforms/bluesky/tid.js'
import { notCounted } from '../../src/platforms/not-counted.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection, LookUpOutcome, OutgoingPost } from '../../src/platforms/platform.js'
import { describePlatformContract, newKey, picture, type PublicPost, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { callPds, createAccount, startPds, type TestAccount, type TestPds } from './pds.js'

interface Post {
  text: string
  createdAt: string
  langs: string[]
  reply?: { root: { uri: string }; parent: { uri: string } }
  facets?: { index: { byteStart: number; byteEnd: number }; features: Record<string, string>[] }[]
  embed?: {
    $type: string
    images?: { alt: string; image: { ref: { $link: string } }; aspectRatio: object }[]
    external?: object
    record?: { uri?: string; record?: { uri: string } }
    media?: { $type: string; images?: { alt: string }[] }
    alt?: string
    video?: { mimeType: string; ref: { $link: string } }
  }
}

const group = { id: 'group', slug: 'group', name: 'A group' }
const soon = () => AbortSignal.timeout(30_000)

let proxy: FaultProxy
let pds: TestPds

/** One server for the whole file; each block has an account of its own. */
beforeAll(async () => {
  proxy = await FaultProxy.start()
  pds = await startPds(proxy.port)
  proxy.forwardTo(pds.url)
}, 120_000)

afterAll(async () => {
  await pds?.stop()
  await proxy?.close()
})

function newAdapter(): BlueskyAdapter {
  return new BlueskyAdapter(new Outward({ privateHosts: ['127.0.0.1', 'localhost'] }), new SystemClock())
}

async function connect(adapter: BlueskyAdapter, account: TestAccount): Promise<Connection> {
  const outcome = await adapter.connect(group, {
    handle: account.handle,
    appPassword: account.appPassword,
    server: proxy.url,
  })
  if (outcome.kind !== 'connected') throw new Error(outcome.cause)
  const { remoteAccountId, handle, credentials } = outcome
  return testConnection({ groupId: group.id, channelId: account.did, remoteAccountId, handle, credentials })
}

async function recordsOf(did: string): Promise<{ uri: string; value: Post }[]> {
  const asked = `com.atproto.repo.listRecords?repo=${did}&collection=app.bsky.feed.post&limit=100`
  return (await callPds<{ records: { uri: string; value: Post }[] }>(pds.url, asked, null)).records
}

async function publicPosts(did: string): Promise<PublicPost[]> {
  return Promise.all(
    (await recordsOf(did)).map(async ({ uri, value }) => {
      const images = value.embed?.images ?? []
      const pictures = images.map(async ({ image }) => {
        const blob = await fetch(`${pds.url}/xrpc/com.atproto.sync.getBlob?did=${did}&cid=${image.ref.$link}`)
        return sha256(new Uint8Array(await blob.arrayBuffer()))
      })
      return {
        remoteId: uri,
        under: value.reply?.parent.uri,
        text: value.text,
        alts: images.map((image) => image.alt),
        pictures: await Promise.all(pictures),
      }
    }),
  )
}

describePlatformContract(
  'Bluesky',
  async () => {
    const account = await createAccount(pds.url, 'group-contract')
    const platform = newAdapter()
    return {
      platform,
      connection: await connect(platform, account),
      published: () => publicPosts(account.did),
      stop: async () => undefined,
      wire: {
        proxy,
        publishing: /repo\.putRecord/,
        anything: /\/xrpc\//,
        answers: {
          unauthorized: {
            status: 401,
            body: { error: 'AuthenticationRequired', message: 'Invalid identifier or password' },
          },
          forbidden: { status: 403, body: { error: 'Forbidden', message: 'Account may not post' } },
          invalid: { status: 400, body: { error: 'InvalidRequest', message: 'Invalid app.bsky.feed.post record' } },
          limited: { status: 429, body: { error: 'RateLimitExceeded', message: 'Rate Limit Exceeded' } },
          broken: { status: 500, body: { error: 'InternalServerError', message: 'Internal Server Error' } },
        },
      },
    }
  },
  {
    counts: false,
    because: 'The server of the tests is a real one, alone: counting is done by the network around it.',
  },
)

describe('a post on Bluesky', () => {
  let adapter: BlueskyAdapter
  let account: TestAccount
  let connection: Connection

  beforeAll(async () => {
    adapter = newAdapter()
    account = await createAccount(pds.url, 'group-posts')
    connection = await connect(adapter, account)
  })
  afterEach(() => proxy.heal())

  const publish = (post: Parameters<BlueskyAdapter['publish']>[1], key = newKey()) =>
    adapter.publish(connection, post, key, soon())
  const written = async (text: string) => {
    const found = (await recordsOf(account.did)).find(({ value }) => value.text === text)
    if (!found) throw new Error(`no post says ${text}`)
    return found.value
  }
  /** What each facet covers, cut out of the text by bytes as readers do it. */
  const marked = (post: Post) =>
    (post.facets ?? []).map(({ index, features }) => [
      Buffer.from(post.text).subarray(index.byteStart, index.byteEnd).toString(),
      features[0]?.uri ?? features[0]?.tag ?? features[0]?.did,
    ])

  it('has links, hashtags and mentions that can be pressed, also behind emoji and accents', async () => {
    const mentioned = await createAccount(pds.url, 'group-neighbours')
    const text = '🌍 Café with @group-neighbours.test: https://example.org/a?b=1, see #Klima!'
    expect((await publish(textPost(text))).kind).toBe('published')
    expect(Object.fromEntries(marked(await written(text)))).toEqual({
      '#Klima': 'Klima',
      '@group-neighbours.test': mentioned.did,
      'https://example.org/a?b=1': 'https://example.org/a?b=1',
    })
  })

  it('keeps a handle that nobody has as plain text', async () => {
    const text = 'Thanks to @nobody-has-this.test'
    expect((await publish(textPost(text))).kind).toBe('published')
    expect(marked(await written(text))).toEqual([])
  })

  it('shows a link as a card with the host as its title, and fetches nothing', async () => {
    const text = 'Read this'
    expect((await publish({ ...textPost(text), link: 'https://example.org/report' })).kind).toBe('published')
    expect((await written(text)).embed).toEqual({
      $type: 'app.bsky.embed.external',
      external: { uri: 'https://example.org/report', title: 'example.org', description: '' },
    })
  })

  it('has the language, the moment and the picture’s shape that were approved', async () => {
    const key = newKey()
    const post = { text: 'Guten Tag', link: null, pictures: [await picture('Ein Tor', '#0c0')], language: 'de' }
    expect((await publish(post, key)).kind).toBe('published')
    const record = await written('Guten Tag')
    expect(record).toMatchObject({ langs: ['de'], createdAt: key.createdAt })
    expect(record.embed?.images?.[0]?.aspectRatio).toEqual({ width: 40, height: 30 })
  })

  it('stands at the place that its key names, under the account’s permanent name', async () => {
    const key = newKey()
    expect(await publish(textPost('Where am I'), key)).toMatchObject({
      remoteId: `at://${account.did}/app.bsky.feed.post/${recordKeyOf(key)}`,
      url: `https://bsky.app/profile/${account.did}/post/${recordKeyOf(key)}`,
    })
  })

  it('counts as published when only a mention resolved differently the second time', async () => {
    const key = newKey()
    const text = 'Again with @group-posts.test'
    expect((await publish(textPost(text), key)).kind).toBe('published')
    proxy.plant({
      kind: 'answer',
      path: /resolveHandle/,
      status: 500,
      body: { error: 'InternalServerError', message: 'no' },
    })
    expect((await publish(textPost(text), key)).kind).toBe('published')
    expect((await recordsOf(account.did)).filter(({ value }) => value.text === text)).toHaveLength(1)
  })

  it('is never replaced by other words under the same key', async () => {
    const key = newKey()
    await publish(textPost('The approved words'), key)
    expect((await publish(textPost('Other words'), key)).kind).toBe('rejected')
    expect((await written('The approved words')).text).toBe('The approved words')
  })

  it('is retried, not in doubt, when the server fails before the post itself is written', async () => {
    proxy.plant({ kind: 'close', path: /uploadBlob/, times: 1 })
    expect((await publish({ ...textPost('With a picture'), pictures: [await picture('A door', '#c00')] })).kind).toBe(
      'retry',
    )
  })

  it('begins a conversation with the first part, however deep the next one hangs', async () => {
    const ids: string[] = []
    for (const text of ['Part one', 'Part two', 'Part three']) {
      const parent = ids.at(-1)
      const under = parent === undefined ? {} : { under: { kind: 'thread' as const, root: parent, parent } }
      const outcome = await publish({ ...textPost(text), ...under })
      ids.push((outcome as { remoteId: string }).remoteId)
    }
    const { reply } = await written('Part three')
    expect([reply?.root.uri, reply?.parent.uri]).toEqual(ids.slice(0, 2))
  })

  it('answers, quotes and passes on what somebody else wrote, also by the address of its page', async () => {
    const neighbour = await createAccount(pds.url, 'group-writers')
    const theirs = await connect(adapter, neighbour)
    const outcome = await adapter.publish(theirs, textPost('Come all!'), newKey(), soon())
    const { remoteId, url } = outcome as { remoteId: string; url: string }
    const byHandle = url.replace(neighbour.did, neighbour.handle)
    const under = { kind: 'answer', root: byHandle, parent: byHandle } as const
    expect((await publish({ ...textPost('We come'), under })).kind).toBe('published')
    expect((await written('We come')).reply).toMatchObject({ root: { uri: remoteId }, parent: { uri: remoteId } })

    expect((await publish({ ...textPost('Well said'), repostOf: remoteId })).kind).toBe('published')
    expect((await written('Well said')).embed).toMatchObject({
      $type: 'app.bsky.embed.record',
      record: { uri: remoteId },
    })
    const quote = { ...textPost('With a picture'), pictures: [await picture('A crowd', '#0cc')], repostOf: url }
    expect((await publish(quote)).kind).toBe('published')
    expect((await written('With a picture')).embed).toMatchObject({
      $type: 'app.bsky.embed.recordWithMedia',
      record: { record: { uri: remoteId } },
      media: { images: [{ alt: 'A crowd' }] },
    })

    const key = newKey()
    const repost = { ...textPost(''), repostOf: remoteId }
    expect(await adapter.find(connection, repost, key, soon())).toEqual({ kind: 'absent' })
    proxy.plant({ kind: 'lose-answer', path: /putRecord/, times: 1 })
    expect((await publish(repost, key)).kind).toBe('unknown')
    const found = await adapter.find(connection, repost, key, soon())
    expect(found).toMatchObject({
      kind: 'found',
      remoteId: `at://${account.did}/app.bsky.feed.repost/${recordKeyOf(key)}`,
      url,
    })
    expect(await publish(repost, key)).toMatchObject({ kind: 'published', url })
    const reposts = await callPds<{ records: { value: object }[] }>(
      pds.url,
      `com.atproto.repo.listRecords?repo=${account.did}&collection=app.bsky.feed.repost`,
      null,
    )
    expect(reposts.records).toMatchObject([{ value: { subject: { uri: remoteId } } }])
    const { remoteId: repostId } = found as { remoteId: string }
    expect(await adapter.retract(connection, repostId, soon())).toEqual({ kind: 'retracted' })
    expect((await adapter.find(connection, repost, key, soon())).kind).toBe('absent')
  })

  it('looks up what somebody wrote, by the address of its page or its own', async () => {
    const neighbour = await createAccount(pds.url, 'group-looked-at')
    const theirs = await connect(adapter, neighbour)
    const say = async (post: OutgoingPost) =>
      (await adapter.publish(theirs, post, newKey(), soon())) as { remoteId: string; url: string }
    const first = await say(textPost('Come all!'))
    const under = { kind: 'thread', root: first.remoteId, parent: first.remoteId } as const
    const second = await say({ ...textPost('Bring tea.'), under })
    const look = async (address: string) =>
      (await adapter.lookUp(connection, address, soon())) as LookUpOutcome & { kind: 'found' }
    // This server has no AppView, which would tell the names of the account.
    const byHandle = await look(second.url.replace(neighbour.did, neighbour.handle))
    expect(byHandle).toEqual({
      kind: 'found',
      post: {
        remoteId: second.remoteId,
        root: first.remoteId,
        url: second.url,
        author: { handle: neighbour.handle, name: '' },
        text: 'Bring tea.',
        version: expect.stringMatching(/^bafy/),
      },
    })
    const byDid = { ...byHandle, post: { ...byHandle.post, author: { handle: neighbour.did, name: '' } } }
    expect(await Promise.all([second.url, second.remoteId].map(look))).toEqual([byDid, byDid])
    const names = { did: neighbour.did, handle: 'new-name.test', displayName: 'The neighbours' }
    proxy.plant({ kind: 'answer', path: /getProfile/, status: 200, body: names, times: 1 })
    expect(await look(second.url)).toMatchObject({
      post: { author: { handle: 'new-name.test', name: 'The neighbours' } },
    })

    // Its author writes other words into the same place.
    const [collection, rkey] = ['app.bsky.feed.post', second.remoteId.split('/').at(-1)]
    const record = { $type: collection, text: 'Bring gin.', createdAt: new Date().toISOString() }
    await callPds(pds.url, 'com.atproto.repo.putRecord', neighbour.accessJwt, {
      repo: neighbour.did,
      collection,
      rkey,
      record,
    })
    const changed = await look(second.url)
    expect(changed).toMatchObject({ post: { text: 'Bring gin.', remoteId: second.remoteId } })
    expect(changed.post.version).not.toBe(byHandle.post.version)

    // And forbids quotes of it.
    expect(changed.post).not.toHaveProperty('whyNotQuoted')
    const gate = 'app.bsky.feed.postgate'
    const rules = { $type: gate, post: second.remoteId, createdAt: new Date().toISOString() }
    await callPds(pds.url, 'com.atproto.repo.putRecord', neighbour.accessJwt, {
      repo: neighbour.did,
      collection: gate,
      rkey,
      record: { ...rules, embeddingRules: [{ $type: `${gate}#disableRule` }] },
    })
    expect(await look(second.url)).toMatchObject({
      post: { whyNotQuoted: expect.stringContaining('lets nobody quote') },
    })
    expect((await look(first.url)).post).not.toHaveProperty('whyNotQuoted')
  })

  it('says what is wrong with an address that it finds no post at', async () => {
    const look = (address: string) => adapter.lookUp(connection, address, soon())
    for (const gone of [
      `https://bsky.app/profile/${account.did}/post/3k2akgoneaaaa`,
      'https://bsky.app/profile/nobody-has-this.test/post/3k2akgoneaaaa',
    ])
      expect(await look(gone)).toEqual({ kind: 'refused', cause: expect.stringContaining('has no such post') })
    expect(await look(`at://${account.did}/app.bsky.actor.profile/self`)).toMatchObject({ kind: 'refused' })
    for (const other of ['https://bsky.app/profile/somebody.test', 'https://example.org/ferry', 'ferry'])
      expect(await look(other)).toEqual({ kind: 'refused', cause: expect.stringContaining('no address of a Bluesky') })
    proxy.plant({ kind: 'close', path: /getRecord/ })
    expect(await look(`https://bsky.app/profile/${account.did}/post/3k2akgoneaaaa`)).toMatchObject({ kind: 'retry' })
  })

  it('is refused when what it answers or passes on is gone', async () => {
    const gone = `at://${account.did}/app.bsky.feed.post/3k2akgoneaaaa`
    for (const post of [
      { ...textPost('Yes'), under: { kind: 'answer', root: gone, parent: gone } as const },
      { ...textPost(''), repostOf: gone },
      { ...textPost(''), repostOf: 'https://example.org/no/post' },
      { ...textPost(''), repostOf: 'https://bsky.app/profile/nobody-has-this.test/post/3k2akgoneaaaa' },
    ]) {
      expect(await publish(post)).toMatchObject({ kind: 'rejected', cause: expect.stringMatching(/is not there/) })
    }
  })

  it('shows a film, byte for byte, with its description', async () => {
    const bytes = new Uint8Array(2000)
    bytes.set(Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp41', 'latin1'))
    const video = { bytes, mime: 'video/mp4', width: 64, height: 48, seconds: 5, sha256: sha256(bytes), alt: 'A march' }
    expect((await publish({ ...textPost('A film'), video })).kind).toBe('published')
    const { embed } = await written('A film')
    expect(embed).toMatchObject({
      $type: 'app.bsky.embed.video',
      alt: 'A march',
      aspectRatio: { width: 64, height: 48 },
      video: { mimeType: 'video/mp4' },
    })
    const kept = await fetch(
      `${pds.url}/xrpc/com.atproto.sync.getBlob?did=${account.did}&cid=${embed?.video?.ref.$link}`,
    )
    expect(sha256(new Uint8Array(await kept.arrayBuffer()))).toBe(video.sha256)
    const swapped = { ...video, sha256: sha256('another') }
    expect((await publish({ ...textPost('Another film'), video: swapped })).kind).toBe('rejected')
  })

  it('tells what others wrote, page by page, by the clock of the network', async () => {
    const mine = `at://${account.did}/app.bsky.feed.post/3k2a`
    const cid = 'bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454'
    const told = (rkey: string, reason: string, at: string, record: object, reasonSubject?: string) => ({
      uri: `at://did:plc:somebodyelse/app.bsky.feed.post/${rkey}`,
      cid,
      author: { did: 'did:plc:somebodyelse', handle: 'else.test', displayName: 'Some Body' },
      reason,
      ...(reasonSubject === undefined ? {} : { reasonSubject }),
      record: { $type: 'app.bsky.feed.post', createdAt: '2020-01-01T00:00:00.000Z', ...record },
      isRead: false,
      indexedAt: at,
    })
    const strong = { uri: mine, cid }
    const first = [
      told('3quote', 'quote', '2026-11-21T12:03:00.000Z', { text: 'They say' }, mine),
      told('3like', 'like', '2026-11-21T12:02:30.000Z', {}, mine),
      told('3mention', 'mention', '2026-11-21T12:02:00.000Z', { text: 'Hello @group' }),
    ]
    const second = [
      told('3reply', 'reply', '2026-11-21T12:01:00.000Z', { text: 'Yes', reply: { root: strong, parent: strong } }),
      told('3old', 'mention', '2026-11-21T11:00:00.000Z', { text: 'Too old' }),
    ]
    const body = (notifications: object[], cursor?: string) => ({ notifications, ...(cursor ? { cursor } : {}) })
    proxy.plant({ kind: 'answer', path: /listNotifications.*cursor=next/, status: 200, body: body(second, 'more') })
    proxy.plant({ kind: 'answer', path: /listNotifications/, status: 200, body: body(first, 'next') })
    proxy.seen.length = 0
    const replies = await adapter.replies(connection, '2026-11-21T12:00:00.000Z', [mine], soon())
    expect(replies.map(({ kind, about, text }) => [kind, about, text])).toEqual([
      ['reply', mine, 'Yes'],
      ['mention', null, 'Hello @group'],
      ['quote', mine, 'They say'],
    ])
    expect(replies[0]).toEqual({
      remoteId: 'at://did:plc:somebodyelse/app.bsky.feed.post/3reply',
      url: 'https://bsky.app/profile/did:plc:somebodyelse/post/3reply',
      about: mine,
      kind: 'reply',
      author: { handle: 'else.test', name: 'Some Body' },
      text: 'Yes',
      at: '2026-11-21T12:01:00.000Z',
    })
    expect(proxy.seen).toHaveLength(2)
    expect(proxy.seen[0]).toMatch(/reasons=reply&reasons=mention&reasons=quote/)
  })

  it('is not ours to delete when it belongs to another account', async () => {
    const outcome = await adapter.retract(connection, 'at://did:plc:somebodyelse/app.bsky.feed.post/3k2a', soon())
    expect(outcome.kind).toBe('by-hand')
  })

  it('has the counters that the network gives, and null for those it does not have', async () => {
    const uri = `at://${account.did}/app.bsky.feed.post/3k2a`
    const author = { did: account.did, handle: account.handle }
    const post = { uri, cid: 'bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454', author, record: {} }
    const counts = { likeCount: 5, repostCount: 2, quoteCount: 1, indexedAt: '2026-11-21T17:30:00.000Z' }
    proxy.plant({ kind: 'answer', path: /getPosts/, status: 200, body: { posts: [{ ...post, ...counts }] } })
    const readings = await adapter.counters(connection, [uri], soon())
    expect(readings.get(uri)).toEqual({ reactions: 5, replies: null, reposts: 3, clicks: null, impressions: null })
  })

  it('has none of its own where it passes somebody’s post on, and does not spoil the reading of others', async () => {
    const uri = `at://${account.did}/app.bsky.feed.post/3k2a`
    const repost = `at://${account.did}/app.bsky.feed.repost/3k2b`
    const seen = { uri, cid: 'bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454', record: {}, likeCount: 5 }
    const author = { did: account.did, handle: account.handle }
    const body = { posts: [{ ...seen, author, indexedAt: '2026-11-21T17:30:00.000Z' }] }
    proxy.plant({ kind: 'answer', path: /getPosts/, status: 200, body, times: 1 })
    const readings = await adapter.counters(connection, [repost, uri], soon())
    expect(readings.get(repost)).toEqual(notCounted)
    expect(readings.get(uri)).toMatchObject({ reactions: 5 })
    expect(proxy.seen.filter((asked) => asked.includes('getPosts') && asked.includes('repost'))).toEqual([])
    expect(await adapter.counters(connection, [repost], soon())).toEqual(new Map([[repost, notCounted]]))
  })

  it('has no counters at all, rather than zeros, where the server has no AppView', async () => {
    const readings = await adapter.counters(connection, [`at://${account.did}/app.bsky.feed.post/3k2a`], soon())
    expect(readings.size).toBe(0)
  })
})

describe('a connection to Bluesky', () => {
  const attempt = (answers: Record<string, string>) => newAdapter().connect(group, answers)
  afterEach(() => proxy.heal())

  it('is made with handle and app password, and keeps the account’s permanent name', async () => {
    const account = await createAccount(pds.url, 'group-joins')
    const answers = {
      handle: ` @${account.handle.toUpperCase()} `,
      appPassword: account.appPassword,
      server: proxy.url,
    }
    expect(await attempt(answers)).toMatchObject({
      kind: 'connected',
      remoteAccountId: account.did,
      handle: account.handle,
      url: `https://bsky.app/profile/${account.handle}`,
    })
  })

  it('is refused with the main password, which could do far more than post', async () => {
    const account = await createAccount(pds.url, 'group-main')
    const answers = { handle: account.handle, appPassword: account.mainPassword, server: proxy.url }
    expect(await attempt(answers)).toMatchObject({ kind: 'refused', field: 'appPassword' })
  })

  it('is refused with the field to correct', async () => {
    const answers = { handle: 'nobody.test', appPassword: 'aaaa-bbbb-cccc-dddd', server: proxy.url }
    expect(await attempt(answers)).toMatchObject({ kind: 'refused', field: 'appPassword' })
    expect(await attempt({ ...answers, handle: ' ' })).toMatchObject({ kind: 'refused', field: 'handle' })
    expect(await attempt({ ...answers, appPassword: '' })).toMatchObject({ kind: 'refused', field: 'appPassword' })
    expect(await attempt({ ...answers, server: 'not a server' })).toMatchObject({ kind: 'refused', field: 'server' })
    expect(await attempt({ ...answers, server: 'http://10.0.0.1' })).toMatchObject({ kind: 'refused', field: 'server' })
  })

  it('signs in once for many posts', async () => {
    const adapter = newAdapter()
    const {
      credentials,
      renew: _renew,
      ...rest
    } = await connect(adapter, await createAccount(pds.url, 'group-thrifty'))
    const { accessJwt: _a, refreshJwt: _r, ...withoutTokens } = credentials
    const connection = testConnection({ ...rest, credentials: withoutTokens })
    proxy.heal()
    await Promise.all([1, 2, 3, 4, 5].map((n) => adapter.publish(connection, textPost(`Post ${n}`), newKey(), soon())))
    expect(proxy.seen.filter((request) => request.includes('createSession'))).toHaveLength(1)
    expect(await recordsOf(connection.remoteAccountId)).toHaveLength(5)
  })

  it('renews an expired session without anybody noticing', async () => {
    const adapter = newAdapter()
    const connection = await connect(adapter, await createAccount(pds.url, 'group-expires'))
    const expired = { status: 400, body: { error: 'ExpiredToken', message: 'Token has expired' } }
    proxy.plant({ kind: 'answer', path: /putRecord/, times: 1, ...expired })
    expect((await adapter.publish(connection, textPost('Still here'), newKey(), soon())).kind).toBe('published')
    expect(proxy.seen.some((request) => request.includes('refreshSession'))).toBe(true)
  })

  it('asks in vain once only with tokens that no longer work, however many calls a post takes', async () => {
    const {
      credentials,
      renew: _renew,
      ...rest
    } = await connect(newAdapter(), await createAccount(pds.url, 'group-stale'))
    const forged = `${credentials.accessJwt?.slice(0, -4)}AAAA`
    const stale = testConnection({ ...rest, credentials: { ...credentials, accessJwt: forged } })
    const pictures = [await picture('One', '#c00'), await picture('Two', '#0c0')]
    proxy.seen.length = 0
    const post = { ...textPost('Two pictures'), pictures }
    expect(await newAdapter().publish(stale, post, newKey(), soon())).toMatchObject({ kind: 'published' })
    expect(proxy.seen.map((request) => /repo\.\w+|server\.\w+/.exec(request)?.[0])).toEqual([
      'repo.uploadBlob',
      'server.refreshSession',
      'repo.uploadBlob',
      'repo.uploadBlob',
      'repo.putRecord',
    ])
  })

  it('is renewed once for all processes, and keeps the new tokens for later', async () => {
    const connection = await connect(newAdapter(), await createAccount(pds.url, 'group-shared'))
    const expired = { status: 400, body: { error: 'ExpiredToken', message: 'Token has expired' } }
    proxy.plant({ kind: 'answer', path: /putRecord/, times: 2, ...expired })
    proxy.seen.length = 0
    const posts = [1, 2].map((n) => newAdapter().publish(connection, textPost(`Process ${n}`), newKey(), soon()))
    expect((await Promise.all(posts)).map(({ kind }) => kind)).toEqual(['published', 'published'])
    expect(proxy.seen.filter((request) => /refreshSession|createSession/.test(request))).toHaveLength(1)
    const { stored } = connection as ReturnType<typeof testConnection>
    const { credentials } = stored()
    expect(credentials.refreshJwt).not.toBe(connection.credentials.refreshJwt)
    expect(credentials.appPassword).toBe(connection.credentials.appPassword)
    // After a restart.
    const later = testConnection({ ...connection, credentials })
    proxy.seen.length = 0
    expect((await newAdapter().publish(later, textPost('Later'), newKey(), soon())).kind).toBe('published')
    expect(proxy.seen.filter((request) => /Session/.test(request))).toEqual([])
  })

  it('is retried, not in doubt, when it cannot be renewed just now', async () => {
    const connection = await connect(newAdapter(), await createAccount(pds.url, 'group-waits'))
    const expired = { status: 400, body: { error: 'ExpiredToken', message: 'Token has expired' } }
    proxy.plant({ kind: 'answer', path: /putRecord/, times: 1, ...expired })
    proxy.plant({ kind: 'close', path: /refreshSession/, times: 1 })
    const key = newKey()
    const publish = () => newAdapter().publish(connection, textPost('Waits'), key, soon())
    expect((await publish()).kind).toBe('retry')
    expect((await publish()).kind).toBe('published')
  })

  it('is examined without anything being posted', async () => {
    const account = await createAccount(pds.url, 'group-examined')
    const adapter = newAdapter()
    const connection = await connect(adapter, account)
    const findings = await adapter.examine(connection, soon())
    expect(findings.map(({ about, state }) => [about, state])).toEqual([
      ['server', 'good'],
      ['clock', 'good'],
      ['account', 'good'],
      // The server of these tests has no AppView.
      ['counters and answers', 'warning'],
    ])
    expect(await recordsOf(account.did)).toEqual([])
    const { renew: _renew, ...rest } = connection
    const wrong = { service: proxy.url, pds: proxy.url, appPassword: 'aaaa-bbbb-cccc-dddd' }
    const revoked = await adapter.examine(testConnection({ ...rest, credentials: wrong }), soon())
    expect(revoked.at(-1)).toMatchObject({ about: 'account', state: 'bad', nextStep: 'Connect the channel again.' })
  })

  it('is unauthorized once the app password is taken back', async () => {
    const account = await createAccount(pds.url, 'group-revokes')
    const adapter = newAdapter()
    const connection = await connect(adapter, account)
    await callPds(pds.url, 'com.atproto.server.revokeAppPassword', account.accessJwt, { name: 'Seconder' })
    // A server honours an access token to its end (2 hours); the planted answer is that end.
    const expired = { status: 400, body: { error: 'ExpiredToken', message: 'Token has expired' } }
    proxy.plant({ kind: 'answer', path: /putRecord/, times: 1, ...expired })
    const key = newKey()
    expect(await adapter.publish(connection, textPost('Too late'), key, soon())).toMatchObject({ kind: 'unauthorized' })
    expect(await recordsOf(account.did)).toEqual([])
    // What is public can still be looked up.
    expect(await adapter.find(connection, textPost(''), key, soon())).toEqual({ kind: 'absent' })
  })

  it('never posts to another account than the approved one', async () => {
    const adapter = newAdapter()
    const approved = await connect(adapter, await createAccount(pds.url, 'group-approved'))
    const other = await createAccount(pds.url, 'group-other')
    const credentials = { service: proxy.url, pds: proxy.url, appPassword: other.appPassword }
    const { renew: _renew, ...rest } = approved
    const connection = testConnection({ ...rest, credentials })
    const outcome = await adapter.publish(connection, textPost('Where to'), newKey(), soon())
    expect(outcome.kind).toBe('unauthorized')
    expect(await recordsOf(other.did)).toEqual([])
  })
})
