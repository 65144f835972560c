import { randomBytes } from 'node:crypto'

import { SystemClock } from '../../src/kernel/clock.js'
import { sha256 } from '../../src/kernel/ids.js'
import { LinkedInAdapter } from '../../src/platforms/linkedin/linkedin.adapter.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { OutgoingPost } from '../../src/platforms/platform.js'
import { describePlatformContract, newKey, picture, type PublicPost, testConnection, textPost } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { LinkedInFake } from './linkedin/linkedin-fake.js'

const soon = () => AbortSignal.timeout(30_000)
const sharing = 'openid profile w_member_social'
const community =
  'r_basicprofile w_member_social w_member_social_feed r_organization_social r_organization_social_feed w_organization_social w_organization_social_feed rw_organization_admin'
const page = 'urn:li:organization:5001'

let proxy: FaultProxy
let fake: LinkedInFake
const waits: number[] = []

beforeAll(async () => {
  proxy = await FaultProxy.start()
  fake = await LinkedInFake.start()
  fake.front = proxy.url
  proxy.forwardTo(fake.url)
})

afterAll(async () => {
  await fake?.stop()
  await proxy?.close()
})

function newAdapter(version = '202607'): LinkedInAdapter {
  const hosts = { api: proxy.url, site: proxy.url, version }
  const outward = new Outward({ privateHosts: ['127.0.0.1'] })
  return new LinkedInAdapter(outward, new SystemClock(), hosts, async (milliseconds) => {
    waits.push(milliseconds)
  })
}

function connectionOf(urn: string, more: Record<string, string> = {}, scope = community) {
  const credentials = { ...fake.app, accessToken: fake.tokenFor(scope), scope, ...more }
  return testConnection({ remoteAccountId: urn, handle: 'River Group', credentials })
}

function publicPosts(author: string): PublicPost[] {
  return fake.posts
    .filter((post) => post.author === author && !post.deleted)
    .map(({ urn, text, content, under }) => {
      const { media, multiImage } = (content ?? {}) as {
        media?: { id: string; altText?: string }
        multiImage?: { images: { id: string; altText?: string }[] }
      }
      const images = multiImage?.images ?? (media ? [media] : [])
      return {
        remoteId: urn,
        text,
        alts: images.map(({ altText = '' }) => altText),
        pictures: images.map(({ id }) => fake.pictureOf(id) ?? ''),
        ...(under ? { under } : {}),
      }
    })
}

const answers = {
  unauthorized: {
    status: 401,
    body: { status: 401, serviceErrorCode: 65600, code: 'INVALID_ACCESS_TOKEN', message: 'Invalid access token' },
  },
  forbidden: {
    status: 403,
    body: { status: 403, serviceErrorCode: 100, code: 'ACCESS_DENIED', message: 'Not enough permissions' },
  },
  invalid: { status: 400, body: { status: 400, code: 'ILLEGAL_ARGUMENT', message: 'Invalid param' } },
  limited: { status: 429, body: { status: 429, serviceErrorCode: 101, message: 'Resource level throttle' } },
  broken: { status: 500, body: { status: 500, message: 'Internal Server Error' } },
}

const subject = (urn: string) => async () => ({
  platform: newAdapter(),
  connection: connectionOf(urn),
  published: async () => publicPosts(urn),
  stop: async () => undefined,
  wire: { proxy, publishing: /POST \/rest\/posts/, anything: /\/(rest|v2|oauth)\//, answers },
})

const words =
  'LinkedIn refuses the same words and names the post that has them: a repeated send finds it, and cannot make another.'
describePlatformContract('LinkedIn, for a page,', subject(page), { sameWords: false, because: words })
describePlatformContract('LinkedIn, for a member,', subject('urn:li:person:AbC123'), {
  sameWords: false,
  finds: false,
  counts: false,
  because: `${words} What a member posts cannot be read by an app, nor counted.`,
})

describe('a post on LinkedIn', () => {
  let adapter: LinkedInAdapter
  let connection: ReturnType<typeof connectionOf>

  beforeAll(() => {
    adapter = newAdapter()
    connection = connectionOf(page)
  })
  afterEach(() => {
    proxy.heal()
    fake.filmFails = false
    fake.uploadHost = null
    waits.length = 0
  })

  const publish = (post: OutgoingPost, key = newKey(), by = connection, signal = soon()) =>
    adapter.publish(by, post, key, signal)
  const written = () => fake.posts.at(-1)!

  it('is there to its last word, whatever stands in it', async () => {
    const text =
      'All (really: all) of [us] {and} <you> *meet* ~7 | at #Rathaus_1, says @ana_b \\o/ https://a.org/b_c?d=(e)#f'
    expect((await publish(textPost(text))).kind).toBe('published')
    expect(written().text).toBe(text)
    expect(written().commentary).toContain('{hashtag|\\#|Rathaus\\_1}')
  })

  it('shows a link as a card with the host as its title, and fetches nothing', async () => {
    await publish({ ...textPost('Read this report'), link: 'https://example.org/report' })
    expect(written().content).toEqual({ article: { source: 'https://example.org/report', title: 'example.org' } })
    await publish({ ...textPost('At https://example.org/b'), link: 'https://example.org/b' })
    expect(written().content).toBeNull()
  })

  it('shows one picture, or several', async () => {
    const one = await picture('A door', '#c00')
    await publish({ ...textPost('One picture'), pictures: [one] })
    expect(written().content).toEqual({ media: { id: expect.stringContaining('urn:li:image:'), altText: 'A door' } })
    const nineteen = Array.from({ length: 19 }, () => ({ ...one, alt: '' }))
    await publish({ ...textPost('Twenty pictures'), pictures: [one, ...nineteen] })
    const { images } = (written().content as { multiImage: { images: object[] } }).multiImage
    expect(images).toHaveLength(20)
    expect(images[1]).not.toHaveProperty('altText')
  })

  const aFilm = (bytes: Uint8Array) => ({
    bytes,
    mime: 'video/mp4',
    width: 640,
    height: 360,
    seconds: 12,
    sha256: sha256(bytes),
    alt: '',
  })

  it('shows a film, sent in the parts that LinkedIn names, once it is ready', async () => {
    const video = aFilm(new Uint8Array(randomBytes(9_000_000)))
    expect((await publish({ ...textPost('A film'), video })).kind).toBe('published')
    const { media } = written().content as { media: { id: string } }
    expect(fake.filmOf(media.id)).toBe(video.sha256)
    expect(waits).toEqual([3000])
    expect(proxy.seen.filter((request) => request.startsWith('PUT'))).toHaveLength(3)
  })

  it('does not send a film again that LinkedIn had not finished at the deadline', async () => {
    const video = aFilm(new Uint8Array(randomBytes(1000)))
    const key = newKey()
    const deadline = new AbortController()
    proxy.plant({ kind: 'slow-body', path: /GET \/rest\/videos/, times: 1, stalled: () => deadline.abort() })
    const first = await publish({ ...textPost('Slow film'), video }, key, connection, deadline.signal)
    expect(first.kind).toBe('retry')
    expect((await publish({ ...textPost('Slow film'), video }, key)).kind).toBe('published')
    expect(proxy.seen.filter((request) => request.startsWith('PUT'))).toHaveLength(1)
    fake.filmFails = true
    expect(await publish({ ...textPost('Bad film'), video })).toMatchObject({ kind: 'rejected', field: 'video' })
  })

  it('carries its token to LinkedIn’s own hosts only', async () => {
    fake.uploadHost = 'http://elsewhere.example'
    const outcome = await publish({ ...textPost('Where to'), pictures: [await picture('x', '#c00')] })
    expect(outcome).toMatchObject({ kind: 'retry', cause: expect.stringContaining('not its own') })
    expect(proxy.seen.filter((request) => request.startsWith('PUT'))).toEqual([])
  })

  const lost = async (post: OutgoingPost, by = connection) => {
    const key = newKey()
    proxy.plant({ kind: 'lose-answer', path: /POST \/rest\/posts/, times: 1 })
    expect((await publish(post, key, by)).kind).toBe('unknown')
    return { key, urn: written().urn }
  }

  it('without words is known by what it shows', async () => {
    const wordless = async (colour: string) => ({ ...textPost(''), pictures: [await picture(colour, colour)] })
    const red = await lost(await wordless('#c00'))
    const two = { ...textPost(''), pictures: [await picture('A', '#0c0'), await picture('B', '#00c')] }
    const several = await lost(two)
    const link = { ...textPost(''), link: 'https://example.org/only' }
    const card = await lost(link)
    const theirs = fake.write('urn:li:organization:7', 'Look at this')
    const passedOn = await lost({ ...textPost(''), repostOf: theirs.urn })
    const blue = await lost(await wordless('#00c'))
    const find = (post: OutgoingPost, key = newKey()) => adapter.find(connection, post, key, soon())
    expect(await find(await wordless('#c00'), red.key)).toMatchObject({ kind: 'found', remoteId: red.urn })
    expect(await find(two, several.key)).toMatchObject({ kind: 'found', remoteId: several.urn })
    expect(await find(link, card.key)).toMatchObject({ kind: 'found', remoteId: card.urn })
    expect(await find({ ...textPost(''), repostOf: theirs.urn }, passedOn.key)).toMatchObject({
      kind: 'found',
      remoteId: passedOn.urn,
    })
    expect(await find(await wordless('#00c'), blue.key)).toMatchObject({ kind: 'found', remoteId: blue.urn })
    expect(await find(await wordless('#c00'))).toEqual({ kind: 'absent' })
  })

  it('is found behind many others, and not called absent behind more than are looked through', async () => {
    const busy = 'urn:li:organization:5002'
    const there = connectionOf(busy)
    const post = textPost('Where the mill is')
    fake.pages.push({ id: '5002', localizedName: 'Busy Group', vanityName: 'busy-group' })
    const { key, urn } = await lost(post, there)
    fake.pages.pop()
    const find = () => adapter.find(there, post, key, soon())
    for (let n = 0; n < 120; n += 1) fake.write(busy, `Between ${n}`)
    expect(await find()).toMatchObject({ kind: 'found', remoteId: urn })
    fake.posts.find((each) => each.urn === urn)!.deleted = true
    expect(await find()).toEqual({ kind: 'absent' })
    for (let n = 0; n < 400; n += 1) fake.write(busy, `Beyond ${n}`)
    expect((await find()).kind).toBe('cannot-tell')
  })

  it('passes another one on', async () => {
    const theirs = fake.write('urn:li:organization:7', 'Look here')
    expect((await publish({ ...textPost('Worth reading'), repostOf: theirs.urn })).kind).toBe('published')
    expect(written().reshares).toBe(theirs.urn)
  })

  it('has a first comment in plain words, which can be deleted again', async () => {
    const first = (await publish(textPost('With a comment'))) as { remoteId: string }
    const under = { kind: 'comment' as const, root: first.remoteId, parent: first.remoteId }
    const outcome = await publish({ ...textPost('More (all of it) #here'), under })
    expect(written()).toMatchObject({ text: 'More (all of it) #here', under: first.remoteId })
    const { remoteId, url } = outcome as { remoteId: string; url: string }
    expect(url).toBe(
      `https://www.linkedin.com/feed/update/${first.remoteId}/?commentUrn=${encodeURIComponent(remoteId)}`,
    )
    expect(await adapter.retract(connection, remoteId, soon())).toEqual({ kind: 'retracted' })
    expect(written().deleted).toBe(true)
    // Somebody else may say the same.
    fake.write(fake.memberUrn, 'Well said', new Date(), first.remoteId)
    expect(await adapter.find(connection, { ...textPost('Well said'), under }, newKey(), soon())).toEqual({
      kind: 'absent',
    })
  })

  it('has no comment where the app may only share, and says what to do', async () => {
    const member = connectionOf('urn:li:person:AbC123', {}, sharing)
    const first = (await publish(textPost('Shared'), newKey(), member)) as { remoteId: string }
    const under = { kind: 'comment' as const, root: first.remoteId, parent: first.remoteId }
    expect(await publish({ ...textPost('More'), under }, newKey(), member)).toMatchObject({
      kind: 'rejected',
      cause: expect.stringContaining('Community Management API'),
    })
    expect(written().text).toBe('Shared')
  })

  const older = { kind: 'rejected', field: 'text', cause: expect.stringContaining('has these words already') }

  it('is not taken for an older one of the same words, nor for another one of ours', async () => {
    const long = new Date(Date.now() - 3_600_000)
    const there = fake.write(page, 'Happy new year', long)
    expect(await publish(textPost('Happy new year'))).toMatchObject({
      ...older,
      cause: expect.stringContaining(there.urn),
    })
    const member = connectionOf('urn:li:person:AbC123')
    fake.write('urn:li:person:AbC123', 'Happy old year', long)
    expect(await publish(textPost('Happy old year'), newKey(), member)).toMatchObject(older)
    const first = (await publish(textPost('Twice'))) as { remoteId: string }
    const next = newKey({ others: () => Promise.resolve([first.remoteId]) })
    expect(await publish(textPost('Twice'), next)).toMatchObject(older)
    const second = (await publish(textPost('Twice'), newKey(), member)) as { remoteId: string }
    const third = newKey({ others: () => Promise.resolve([second.remoteId]) })
    expect(await publish(textPost('Twice'), third, member)).toMatchObject(older)
    expect(await adapter.find(connection, textPost('Twice'), next, soon())).toEqual({ kind: 'absent' })
  })

  it('is refused with the reason while LinkedIn remembers a deleted one', async () => {
    const first = (await publish(textPost('Gone soon'))) as { remoteId: string }
    await adapter.retract(connection, first.remoteId, soon())
    expect(await publish(textPost('Gone soon'))).toMatchObject({
      kind: 'rejected',
      cause: expect.stringContaining('was deleted'),
    })
  })

  it('is in doubt when LinkedIn names no id', async () => {
    proxy.plant({ kind: 'answer', path: /POST \/rest\/posts/, status: 201 })
    expect((await publish(textPost('Which one'))).kind).toBe('unknown')
  })

  it('waits, with every channel, when the version of the API is retired', async () => {
    const outcome = await newAdapter('202401').publish(connection, textPost('Old words'), newKey(), soon())
    expect(outcome).toMatchObject({ kind: 'limited', scope: 'app', cause: expect.stringContaining('LINKEDIN_VERSION') })
  })

  it('has counters for a page, and none at all for a member', async () => {
    const post = (await publish(textPost('Counted'))) as { remoteId: string }
    const under = { kind: 'comment' as const, root: post.remoteId, parent: post.remoteId }
    await publish({ ...textPost('First!'), under })
    const ids = [post.remoteId, 'urn:li:share:1', 'x']
    expect(Object.fromEntries(await adapter.counters(connection, ids, soon()))).toEqual({
      [post.remoteId]: { reactions: 7, replies: 1, reposts: 1, clicks: 5, impressions: 120 },
    })
    expect((await adapter.counters(connectionOf('urn:li:person:AbC123'), ids, soon())).size).toBe(0)
  })
})

describe('a connection to LinkedIn', () => {
  afterEach(() => {
    proxy.heal()
    fake.partner = false
    fake.product = 'sharing'
    fake.withheld = []
  })

  const way = { redirectUri: 'https://queue.example.org/connected', state: 'a state', challenge: 'unused' }
  async function connect(adapter: LinkedInAdapter, answers_: Record<string, string>) {
    const begun = await adapter.consent.begin(answers_, way, soon())
    if (begun.kind !== 'go') return begun
    const back = new URL((await fetch(begun.url, { redirect: 'manual' })).headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe(way.state)
    const came = { code: back.searchParams.get('code') ?? '', redirectUri: way.redirectUri, verifier: '', memo: {} }
    return adapter.consent.finish(answers_, came, soon())
  }

  it('is made by consent, for the member and the pages, and says when a person has to consent again', async () => {
    const adapter = newAdapter()
    const alone = await connect(adapter, fake.app)
    expect(alone).toMatchObject({
      kind: 'accounts',
      accounts: [{ remoteAccountId: 'urn:li:person:AbC123', handle: 'Ana Example', consentUntil: expect.any(String) }],
    })
    if (alone.kind !== 'accounts') throw new Error('not connected')
    const [member] = alone.accounts
    expect(member?.renewAt).toBeUndefined()
    const days = (Date.parse(member?.consentUntil ?? '') - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(60)
    fake.product = 'community'
    expect(await connect(adapter, { ...fake.app, pages: 'Yes' })).toMatchObject({
      accounts: [
        { remoteAccountId: 'urn:li:person:AbC123', handle: 'Ana Example' },
        { remoteAccountId: page, handle: 'River Group', url: 'https://www.linkedin.com/company/river-group/' },
      ],
    })
  })

  it('is renewed in time where LinkedIn gives a refresh token, and ends with that', async () => {
    fake.partner = true
    const outcome = await connect(newAdapter(), fake.app)
    if (outcome.kind !== 'accounts') throw new Error(outcome.cause)
    const { renewAt, consentUntil } = outcome.accounts[0]!
    const days = (iso = '') => Math.round((Date.parse(iso) - Date.now()) / 86_400_000)
    expect([days(renewAt), days(consentUntil)]).toEqual([50, 365])
  })

  it('is refused with what to do', async () => {
    const adapter = newAdapter()
    expect(await connect(adapter, {})).toMatchObject({ kind: 'refused', field: 'clientId' })
    expect(await connect(adapter, { clientId: 'a' })).toMatchObject({ kind: 'refused', field: 'clientSecret' })
    expect(await connect(adapter, { ...fake.app, clientSecret: 'no' })).toMatchObject({ field: 'clientSecret' })
    fake.withheld = ['w_member_social']
    expect(await connect(adapter, fake.app)).toMatchObject({ cause: expect.stringContaining('w_member_social') })
  })

  it('trades its refresh token once for many posts at one moment', async () => {
    const connection = connectionOf(page, { refreshToken: fake.refreshTokenFor(community) })
    fake.expire()
    const adapter = newAdapter()
    const sends = [1, 2, 3].map((n) => adapter.publish(connection, textPost(`Renewed ${n}`), newKey(), soon()))
    expect((await Promise.all(sends)).map(({ kind }) => kind)).toEqual(['published', 'published', 'published'])
    expect(proxy.seen.filter((request) => request.includes('accessToken'))).toHaveLength(1)
    expect(connection.stored().credentials.clientSecret).toBe(fake.app.clientSecret)
  })

  it('is kept alive, examined, and to be made again once it is taken back', async () => {
    const adapter = newAdapter()
    const connection = connectionOf(page, { refreshToken: fake.refreshTokenFor(community) })
    expect(await adapter.keepAlive(connection, soon())).toEqual({ kind: 'renewed' })
    const again = { ...connection, credentials: connection.stored().credentials }
    expect(await adapter.examine(again, soon())).toMatchObject([{ state: 'good' }, { about: 'page', state: 'good' }])
    expect(await newAdapter('202401').examine(again, soon())).toMatchObject([
      { state: 'good' },
      { state: 'bad', said: expect.stringContaining('LINKEDIN_VERSION') },
    ])
    fake.revoke()
    expect(await adapter.examine(again, soon())).toMatchObject([
      { state: 'bad', nextStep: 'Connect the channel again.' },
    ])
    expect(await adapter.keepAlive(again, soon())).toMatchObject({ kind: 'unauthorized' })
    const member = connectionOf('urn:li:person:AbC123')
    expect(await adapter.keepAlive(member, soon())).toMatchObject({ kind: 'retry' })
    fake.revoke()
    const outcome = await adapter.publish(member, textPost('Too late'), newKey(), soon())
    expect(outcome).toMatchObject({ kind: 'unauthorized', cause: expect.stringContaining('taken back') })
    expect(await adapter.retract(member, 'urn:li:share:1', soon())).toMatchObject({ kind: 'unauthorized' })
  })
})
