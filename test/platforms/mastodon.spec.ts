import { createHash } from 'node:crypto'

import { SystemClock } from '../../src/kernel/clock.js'
import { sha256 } from '../../src/kernel/ids.js'
import { MastodonAdapter } from '../../src/platforms/mastodon/mastodon.adapter.js'
import { notCounted } from '../../src/platforms/not-counted.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Connection, OutgoingPost } from '../../src/platforms/platform.js'
import { describePlatformContract, newKey, picture, type PublicPost, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { compatible, FakeMastodon, type Manners, mastodon45 } from './mastodon/fake-mastodon.js'

const scopes = 'profile read:statuses read:notifications read:search write:statuses write:media'
const soon = () => AbortSignal.timeout(30_000)

function newAdapter(): MastodonAdapter {
  return new MastodonAdapter(new Outward({ privateHosts: ['127.0.0.1'] }), new SystemClock(), 5)
}

async function connect(adapter: MastodonAdapter, fake: FakeMastodon, server: string): Promise<Connection> {
  const connection = testConnection({
    remoteAccountId: `127.0.0.1/${fake.account.id}`,
    handle: 'group@group.example',
    credentials: {
      server,
      accessToken: fake.grant(scopes),
      clientId: 'client-1',
      clientSecret: 'secret-1',
      scope: scopes,
    },
  })
  return { ...connection, limits: (await adapter.askLimits(connection, soon())) ?? undefined }
}

function publicPosts(fake: FakeMastodon): PublicPost[] {
  return fake.statuses
    .filter(({ by }) => by === 'group')
    .map(({ id, text, spoiler, visibility, media, under }) => ({
      remoteId: id,
      text,
      alts: media.map(({ description }) => description),
      pictures: media.map(({ bytes }) => sha256(bytes)),
      ...(under === null ? {} : { under }),
      ...(spoiler === '' ? {} : { contentWarning: spoiler }),
      visibility: visibility === 'private' ? 'followers' : (visibility as 'public' | 'unlisted'),
    }))
}

async function subjectOn(manners: Manners) {
  const fake = new FakeMastodon(manners)
  await fake.start()
  const proxy = await FaultProxy.start()
  proxy.forwardTo(fake.url)
  const platform = newAdapter()
  return {
    platform,
    connection: await connect(platform, fake, proxy.url),
    published: () => Promise.resolve(publicPosts(fake)),
    stop: async () => {
      await proxy.close()
      await fake.stop()
    },
    wire: {
      proxy,
      publishing: /POST \/api\/v1\/statuses/,
      anything: /\/api\//,
      answers: {
        unauthorized: { status: 401, body: { error: 'The access token is invalid' } },
        forbidden: { status: 403, body: { error: 'Your login is currently disabled' } },
        invalid: { status: 422, body: { error: 'Validation failed: Text character limit of 500 exceeded' } },
        limited: { status: 429, body: { error: 'Too many requests' } },
        broken: { status: 503, body: { error: 'Remote data could not be fetched' } },
      },
    },
  }
}

const late = {
  atOnce: false,
  because: 'The key is stored only after the status was made: the protocol never sends twice at one moment.',
}
describePlatformContract('Mastodon 4.5', () => subjectOn(mastodon45), late)
describePlatformContract('A compatible server', () => subjectOn(compatible), late)

describe('a post on a Mastodon server', () => {
  let fake: FakeMastodon
  let proxy: FaultProxy
  let adapter: MastodonAdapter
  let connection: Connection

  beforeEach(async () => {
    fake = new FakeMastodon(mastodon45)
    await fake.start()
    proxy = await FaultProxy.start()
    proxy.forwardTo(fake.url)
    adapter = newAdapter()
    connection = await connect(adapter, fake, proxy.url)
    proxy.heal()
  })
  afterEach(async () => {
    await proxy.close()
    await fake.stop()
  })

  const publish = (post: OutgoingPost, key = newKey(), signal = soon()) =>
    adapter.publish(connection, post, key, signal)
  const find = (post: OutgoingPost, key = newKey()) => adapter.find(connection, post, key, soon())
  const own = () => fake.statuses.filter(({ by }) => by === 'group')

  it('is there twice when the same key is sent while the first request still runs: hence the settling time', async () => {
    const key = newKey()
    let go = () => {}
    const held = new Promise<void>((resolve) => (go = resolve))
    fake.afterMaking = () => held
    const first = publish(textPost('Once'), key)
    while (own().length === 0) await new Promise(setImmediate)
    fake.afterMaking = () => Promise.resolve()
    await publish(textPost('Once'), key)
    go()
    await first
    expect(own()).toHaveLength(2)
    expect(adapter.rules.capabilities.settlingSeconds).toBeGreaterThanOrEqual(90)
  })

  it('is found by its words when the server no longer knows the key', async () => {
    const key = newKey()
    const post = { ...textPost('With #hashtag & @a@o.example, https://www.example.org/?a=1&b=2'), contentWarning: 'x' }
    const first = await publish(post, key)
    expect(first.kind).toBe('published')
    fake.ahead = 3_700_000
    expect(await find(post, key)).toMatchObject({ kind: 'found', remoteId: (first as { remoteId: string }).remoteId })
    // What `find` is there for: without it, the same key makes a second one after an hour.
    await publish(post, key)
    expect(own()).toHaveLength(2)
  })

  it('is looked up without anything being sent', async () => {
    await find(textPost('Hello'))
    expect(proxy.seen.filter((request) => !request.startsWith('GET '))).toEqual([])
  })

  it('keeps its words as they are on a server that would make markup of them', async () => {
    fake.markdownUnlessTold = true
    const post = textPost('Come to the *big* hall #_today_')
    const { remoteId } = (await publish(post)) as { remoteId: string }
    expect(own()).toMatchObject([{ id: remoteId, text: post.text }])
  })

  it('has no address but one of the web, whatever the server names', async () => {
    const body = { id: '9', url: 'javascript:alert(1)', created_at: new Date().toISOString() }
    proxy.plant({ kind: 'answer', path: /POST \/api\/v1\/statuses/, status: 200, body, times: 1 })
    expect(await publish(textPost('Where'))).toMatchObject({ url: `${connection.credentials.server}/web/statuses/9` })
  })

  it('is not mistaken for another one of the same words', async () => {
    const post = textPost('The same words')
    const before = await publish(post)
    const { remoteId } = before as { remoteId: string }
    const key = newKey({ others: () => Promise.resolve([remoteId]) })
    expect(await find(post, key)).toEqual({ kind: 'absent' })
    fake.say('The same words', 'group', { at: new Date(Date.now() - 600_000) })
    fake.say('The same words', 'group', { media: [] as never[], spoiler: 'Hidden' })
    fake.say('The same words', 'group', { under: remoteId })
    expect(await find(post, key)).toEqual({ kind: 'absent' })
    const later = await publish(post, key)
    expect(await find(post, key)).toMatchObject({ remoteId: (later as { remoteId: string }).remoteId })
  })

  it('is found when the server’s clock is a minute behind', async () => {
    fake.ahead = -60_000
    const key = newKey()
    await publish(textPost('Late clock'), key)
    expect((await find(textPost('Late clock'), key)).kind).toBe('found')
  })

  it('is found behind many others, and in doubt behind too many', async () => {
    const key = newKey()
    await publish(textPost('Deep down'), key)
    for (let n = 0; n < 150; n += 1) fake.say(`Another ${n}`, 'group')
    expect((await find(textPost('Deep down'), key)).kind).toBe('found')
    for (let n = 0; n < 100; n += 1) fake.say(`And another ${n}`, 'group')
    expect((await find(textPost('Deep down'), key)).kind).toBe('cannot-tell')
  })

  it('waits for a picture on which the server is still at work', async () => {
    fake.looksUntilReady = 3
    const pictures = [await picture('A door', '#c00')]
    expect((await publish({ ...textPost('Worked on'), pictures })).kind).toBe('published')
    expect(proxy.seen.filter((request) => request.startsWith('GET /api/v1/media/'))).toHaveLength(3)
  })

  it('is retried with the film that was uploaded before, when the server takes longer than the attempt', async () => {
    fake.looksUntilReady = 1_000_000
    const key = newKey()
    const bytes = new Uint8Array([0, 0, 0, 24, 102, 116, 121, 112])
    const video = { bytes, mime: 'video/mp4', width: 64, height: 64, seconds: 5, sha256: sha256(bytes), alt: 'A march' }
    const post = { ...textPost('A film'), video }
    const deadline = new AbortController()
    proxy.plant({ kind: 'slow-body', path: /GET \/api\/v1\/media/, times: 1, stalled: () => deadline.abort() })
    expect(await publish(post, key, deadline.signal)).toMatchObject({
      kind: 'retry',
      cause: expect.stringMatching(/still at work/),
    })
    expect(key.memo).toMatch(/^\d+$/)
    for (const item of fake.media.values()) item.looks = 0
    expect((await publish(post, key)).kind).toBe('published')
    expect(fake.media.size).toBe(1)
    expect(own()[0]?.media[0]).toMatchObject({ description: 'A march', type: 'video/mp4', bytes })
  })

  it('is retried, not in doubt, when the server fails before the post itself is sent', async () => {
    proxy.plant({ kind: 'close', path: /POST \/api\/v2\/media/, times: 1 })
    expect((await publish({ ...textPost('x'), pictures: [await picture('A door', '#c00')] })).kind).toBe('retry')
  })

  it('has the language that was approved, and no time of its own', async () => {
    await publish({ ...textPost('Guten Tag'), language: 'de-AT' })
    await publish({ ...textPost('你好'), language: 'zh-TW' })
    expect(own().map(({ language }) => language)).toEqual(['de', 'zh-TW'])
  })

  it('passes somebody’s post on once, however often it is sent, and finds it', async () => {
    const theirs = fake.say('Come all!')
    const post = { ...textPost(''), repostOf: theirs.id }
    const key = newKey()
    expect(await find(post, key)).toEqual({ kind: 'absent' })
    proxy.plant({ kind: 'lose-answer', path: /reblog/, times: 1 })
    expect((await publish(post, key)).kind).toBe('unknown')
    const found = await find(post, key)
    expect(found.kind).toBe('found')
    expect(await publish(post, key)).toMatchObject({ remoteId: (found as { remoteId: string }).remoteId })
    expect(own()).toMatchObject([{ reblogOf: theirs.id }])
    const { remoteId, url } = found as { remoteId: string; url: string }
    // Its own address is for programs; people see it where it was written.
    expect(url).toBe(fake.show(theirs).url)
    expect(remoteId).not.toBe(theirs.id)
    expect([...(await adapter.counters(connection, [remoteId], soon())).values()]).toEqual([notCounted])
    const again = newKey({ others: () => Promise.resolve([remoteId]) })
    expect(await find(post, again)).toEqual({ kind: 'absent' })
    expect(await publish(post, again)).toMatchObject({ kind: 'rejected', field: 'target' })
    expect(own()).toHaveLength(1)
    expect(await adapter.retract(connection, remoteId, soon())).toEqual({ kind: 'retracted' })
    expect(own()).toEqual([])
  })

  it('does not say that it passed on now what the account passed on long before anything of it was tried', async () => {
    const theirs = fake.say('Come all!')
    // Longer ago than the publications that are asked about.
    const before = fake.say('', 'group', { reblogOf: theirs.id, at: new Date(Date.now() - 9 * 24 * 3_600_000) })
    const post = { ...textPost(''), repostOf: theirs.id }
    expect(await find(post, newKey())).toEqual({ kind: 'absent' })
    expect(await publish(post, newKey())).toMatchObject({ kind: 'rejected', field: 'target' })
    expect(own()).toEqual([before])
  })

  it('quotes and answers what is named by its address', async () => {
    const theirs = fake.say('Come all!')
    const { url } = fake.show(theirs)
    expect((await publish({ ...textPost('Well said'), repostOf: url })).kind).toBe('published')
    const under = { kind: 'answer', root: url, parent: url } as const
    expect((await publish({ ...textPost('@stranger Yes'), under })).kind).toBe('published')
    expect(own()).toMatchObject([{ quoted: theirs.id }, { under: theirs.id }])
    const nowhere = `${fake.url}/@stranger/7`
    expect(await publish({ ...textPost('Well said'), repostOf: nowhere })).toMatchObject({ kind: 'rejected' })
  })

  it('looks up what somebody wrote, by its address on any server', async () => {
    const theirs = fake.say('Come all & bring tea!\n\nAt ten.', 'stranger', { spoiler: 'Food' })
    const { url } = fake.show(theirs)
    const found = await adapter.lookUp(connection, url, soon())
    expect(found).toEqual({
      kind: 'found',
      post: {
        passedOn: false,
        remoteId: theirs.id,
        root: theirs.id,
        url,
        author: { handle: 'stranger', name: 'The stranger' },
        text: 'Food\n\nCome all & bring tea!\n\nAt ten.',
        version: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
    expect(await adapter.lookUp(connection, url, soon())).toEqual(found)
    // Somebody passed it on: it is answered where it was written.
    const passed = fake.say('', 'neighbour', { reblogOf: theirs.id })
    expect(await adapter.lookUp(connection, fake.show(passed).url, soon())).toEqual(found)

    Object.assign(theirs, { quotable: 'denied' })
    expect(await adapter.lookUp(connection, url, soon())).toMatchObject({
      post: { whyNotQuoted: expect.stringContaining('does not let this account quote it') },
    })
    expect(await publish({ ...textPost('Well said'), repostOf: theirs.id })).toMatchObject({ kind: 'rejected' })
    Object.assign(theirs, { quotable: 'manual' })
    fake.say('', 'group', { reblogOf: theirs.id })
    expect(await adapter.lookUp(connection, url, soon())).toMatchObject({ post: { passedOn: true } })

    Object.assign(theirs, { text: 'Come all & bring gin!' })
    const changed = await adapter.lookUp(connection, url, soon())
    expect(changed).toMatchObject({ post: { remoteId: theirs.id, text: 'Food\n\nCome all & bring gin!' } })
    expect(changed).not.toMatchObject({ post: { version: (found as { post: { version: string } }).post.version } })
  })

  it('answers by address only what is public, and says why not', async () => {
    for (const visibility of ['private', 'direct']) {
      const { url } = fake.show(fake.say('@group psst', 'stranger', { visibility }))
      const refused = await adapter.lookUp(connection, url, soon())
      expect(refused).toEqual({ kind: 'refused', cause: expect.stringContaining('not public') })
      expect(JSON.stringify(refused)).not.toContain('psst')
    }
    const nowhere = await adapter.lookUp(connection, `${fake.url}/@stranger/7000`, soon())
    expect(nowhere).toEqual({ kind: 'refused', cause: expect.stringContaining('finds no such post') })
    expect(await adapter.lookUp(connection, 'at://did:plc:x/app.bsky.feed.post/1', soon())).toMatchObject({
      kind: 'refused',
    })
    const credentials = { ...connection.credentials, accessToken: fake.grant('read:statuses') }
    expect(await adapter.lookUp({ ...connection, credentials }, `${fake.url}/@stranger/7`, soon())).toEqual({
      kind: 'refused',
      cause: expect.stringContaining('Connect the channel again'),
    })
    proxy.plant({ kind: 'answer', path: /search/, status: 401, body: { error: 'The access token was revoked' } })
    expect((await adapter.lookUp(connection, `${fake.url}/@stranger/7`, soon())).kind).toBe('unauthorized')
    proxy.heal()
    proxy.plant({ kind: 'answer', path: /search/, status: 503, body: { error: 'Busy' } })
    expect(await adapter.lookUp(connection, `${fake.url}/@stranger/7`, soon())).toEqual({
      kind: 'retry',
      cause: 'The server could not be asked for it: The server answered 503 (“Busy”).',
    })
  })

  it('says so when what it answers is gone', async () => {
    const under = { kind: 'answer', root: '7', parent: '7' } as const
    expect(await publish({ ...textPost('Yes'), under })).toMatchObject({
      kind: 'rejected',
      cause: expect.stringMatching(/may be gone/),
    })
  })

  it('has the counters that the server tells', async () => {
    const { remoteId } = (await publish(textPost('Counted'))) as { remoteId: string }
    fake.say('Yes', 'stranger', { under: remoteId })
    fake.say('', 'stranger', { reblogOf: remoteId })
    fake.say('Look', 'stranger', { quoted: remoteId })
    const readings = await adapter.counters(connection, ['4711', remoteId], soon())
    expect([...readings]).toEqual([
      [remoteId, { reactions: 0, replies: 1, reposts: 2, clicks: null, impressions: null }],
    ])
  })

  it('is unauthorized once Seconder is taken off the list at the server', async () => {
    fake.revokeAll()
    expect((await publish(textPost('Too late'))).kind).toBe('unauthorized')
  })

  it('is unauthorized when a right is missing, and blocked when the account is closed', async () => {
    const credentials = { ...connection.credentials, accessToken: fake.grant('read:statuses') }
    expect((await adapter.publish({ ...connection, credentials }, textPost('x'), newKey(), soon())).kind).toBe(
      'unauthorized',
    )
    fake.account.suspended = true
    expect((await publish(textPost('x'))).kind).toBe('blocked')
  })

  it('tells what others wrote, in their words, and leaves private letters alone', async () => {
    const { remoteId } = (await publish(textPost('What do you think?'))) as { remoteId: string }
    const since = new Date(Date.now() - 60_000).toISOString()
    fake.say('@group long ago', 'stranger', { at: new Date(Date.now() - 600_000) })
    const [first, second] = [-30_000, -20_000].map((moved) => new Date(Date.now() + moved))
    const answer = fake.say('@group Good & right!\n\nhttps://example.org', 'stranger', { under: remoteId, at: first })
    const silent = fake.say('No name in here', 'passer-by', { under: answer.id, at: second })
    fake.say('Hello @group', 'neighbour', { at: new Date(Date.now() - 10_000) })
    fake.say('They say', 'neighbour', { quoted: remoteId })
    fake.say('@group psst', 'stranger', { visibility: 'direct' })
    await publish({ ...textPost('@stranger Thanks'), under: { kind: 'answer', root: remoteId, parent: answer.id } })
    const replies = await adapter.replies(connection, since, [remoteId, '4711'], soon())
    expect(replies.map(({ kind, about, text, author }) => [kind, about, text, author.handle])).toEqual([
      ['reply', remoteId, '@group Good & right!\n\nhttps://example.org', 'stranger'],
      ['reply', answer.id, 'No name in here', 'passer-by'],
      ['mention', null, 'Hello @group', 'neighbour'],
      ['quote', remoteId, 'They say', 'neighbour'],
    ])
    expect(replies[1]).toMatchObject({ remoteId: silent.id, url: `${fake.url}/@passer-by/${silent.id}` })
    expect(replies[0]?.author.name).toBe('The stranger')
  })

  it('is examined without anything being posted', async () => {
    const findings = await adapter.examine(connection, soon())
    expect(findings.map(({ about, state }) => [about, state])).toEqual([
      ['server', 'good'],
      ['limits', 'good'],
      ['account', 'good'],
      ['quota', 'good'],
      ['clock', 'good'],
      ['scopes', 'good'],
    ])
    expect(proxy.seen.filter((request) => !request.startsWith('GET '))).toEqual([])
    fake.revokeAll()
    const revoked = await adapter.examine(connection, soon())
    expect(revoked.find(({ about }) => about === 'account')).toMatchObject({
      state: 'bad',
      nextStep: 'Connect the channel again.',
    })
    await proxy.close()
    expect(await adapter.examine(connection, soon())).toMatchObject([{ about: 'server', state: 'bad' }])
    await proxy.open()
  })
})

describe('a server that knows less than Mastodon does', () => {
  let fake: FakeMastodon
  let connection: Connection
  const adapter = newAdapter()

  beforeEach(async () => {
    fake = new FakeMastodon(compatible)
    await fake.start()
    connection = await connect(adapter, fake, fake.url)
  })
  afterEach(() => fake.stop())

  it('tells its limits by the older question, and they hold', async () => {
    expect(connection.limits).toMatchObject({ textLimit: 10_000, pictures: 8, charactersPerLink: 256, altText: 1500 })
    const long = textPost('x'.repeat(10_001))
    expect((await adapter.publish(connection, long, newKey(), soon())).kind).toBe('rejected')
    expect(fake.statuses).toEqual([])
  })

  it('is as Mastodon has it when it tells nothing, and as before when it cannot be asked', async () => {
    const proxy = await FaultProxy.start()
    const asked = { ...connection, credentials: { ...connection.credentials, server: proxy.url } }
    proxy.plant({ kind: 'answer', path: /instance/, status: 404, body: {}, times: 2 })
    expect(await adapter.askLimits(asked, soon())).toBeNull()
    proxy.plant({ kind: 'answer', path: /instance/, status: 502, body: {} })
    await expect(adapter.askLimits(asked, soon())).rejects.toThrow('The server answered 502')
    await proxy.close()
  })

  it('is not sent a quote, which it would take for a post about nothing', async () => {
    const theirs = fake.say('Come all!')
    const post = { ...textPost('Well said'), repostOf: theirs.id }
    expect(await adapter.publish(connection, post, newKey(), soon())).toMatchObject({
      kind: 'rejected',
      cause: expect.stringMatching(/has no quotes/),
    })
    expect(await adapter.lookUp(connection, fake.show(theirs).url, soon())).toMatchObject({
      post: { whyNotQuoted: expect.stringMatching(/has no quotes/) },
    })
  })

  it('is asked for the words themselves, when it makes more of them', async () => {
    fake.markdown = true
    const key = newKey()
    const post = textPost('The *whole* street, and all_of_it')
    const sent = await adapter.publish(connection, post, key, soon())
    const { remoteId } = sent as { remoteId: string }
    expect(await adapter.find(connection, post, key, soon())).toMatchObject({ kind: 'found', remoteId })
    expect(await adapter.find(connection, textPost('The whole road'), key, soon())).toEqual({ kind: 'absent' })
  })

  it('is examined as far as it tells', async () => {
    const findings = await adapter.examine(connection, soon())
    expect(findings.map(({ about }) => about)).toEqual(['server', 'limits', 'account', 'clock'])
  })
})

describe('the consent of a Mastodon server', () => {
  const verifier = 'a-verifier-of-at-least-forty-three-characters-0123'
  const way = {
    redirectUri: 'https://queue.example.org/back',
    state: 'state of this browser',
    challenge: createHash('sha256').update(verifier).digest('base64url'),
  }
  const { consent } = newAdapter()
  let fake: FakeMastodon
  const startedWith = async (manners: Manners) => {
    fake = new FakeMastodon(manners)
    await fake.start()
    const begun = await consent.begin({ server: fake.url }, way, soon())
    if (begun.kind !== 'go') throw new Error(begun.cause)
    return begun
  }
  const finish = (code: string, memo: Readonly<Record<string, string>>, proof = verifier) =>
    consent.finish({}, { code, redirectUri: way.redirectUri, verifier: proof, memo }, soon())
  afterEach(() => fake.stop())

  it.each([
    ['Mastodon 4.5', mastodon45, 'profile', 'S256'],
    ['a compatible server', compatible, 'read:accounts', null],
  ])('gives the account on %s, with the least rights', async (_name, manners, who, method) => {
    const { url, memo } = await startedWith(manners)
    expect(new URL(url).searchParams.get('code_challenge_method')).toBe(method)
    const { code, state } = fake.allow(url)
    expect(state).toBe(way.state)
    const outcome = await finish(code, memo)
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    const [account] = outcome.accounts
    expect(account).toMatchObject({
      remoteAccountId: `${new URL(fake.url).host}/109`,
      handle: 'group@group.example',
      credentials: { server: fake.url },
    })
    expect(fake.scopes.split(' ')).toEqual([who, ...scopes.split(' ').slice(1)])
    const connection = testConnection(account!)
    const adapter = newAdapter()
    expect((await adapter.publish(connection, textPost('Connected'), newKey(), soon())).kind).toBe('published')
    const findings = await adapter.examine(connection, soon())
    expect(findings.filter(({ state: found }) => found !== 'good')).toEqual([])
  })

  it('takes no code twice, and none with another browser’s proof', async () => {
    const { url, memo } = await startedWith(mastodon45)
    expect(await finish(fake.allow(url).code, memo, `${verifier}-other`)).toMatchObject({
      kind: 'refused',
      cause: expect.stringMatching(/connect again/),
    })
    const { code } = fake.allow(url)
    expect((await finish(code, memo)).kind).toBe('accounts')
    expect((await finish(code, memo)).kind).toBe('refused')
  })

  it('is not asked of what is no such server', async () => {
    await startedWith(mastodon45)
    const begin = (server: string) => consent.begin({ server }, way, soon())
    expect(await begin('not a server')).toMatchObject({ kind: 'refused', field: 'server' })
    expect(await begin('')).toMatchObject({ kind: 'refused', field: 'server' })
    expect(await begin('http://10.0.0.1')).toMatchObject({ kind: 'refused', field: 'server' })
    expect(await begin('https://user:password@example.org')).toMatchObject({ kind: 'refused', field: 'server' })
    const proxy = await FaultProxy.start()
    proxy.plant({ kind: 'answer', path: /./, status: 404, body: {} })
    expect(await begin(proxy.url)).toMatchObject({ cause: expect.stringMatching(/does not speak/) })
    await proxy.close()
  })
})
