import type { ChannelView } from '../../src/channels/channels.dto.js'
import type { Media, PostDetail, PublicationView } from '../../src/workspace/post-views.dto.js'
import { emailOf, startApp, type TestApp } from '../support/app.js'
import { allTicks, mondayMorning, runDue, setClock } from '../support/group-fixture.js'
import type { Visitor } from '../support/visitor.js'
import { picture } from './contract.js'
import { FaultProxy } from './fault-proxy.js'
import { callPds, createAccount, startPds, type TestAccount, type TestPds } from './pds.js'

interface BlueskyRecord {
  readonly uri: string
  readonly value: {
    readonly text: string
    readonly createdAt: string
    readonly langs: readonly string[]
    readonly facets?: readonly {
      readonly index: { readonly byteStart: number; readonly byteEnd: number }
      readonly features: readonly Record<string, string>[]
    }[]
    readonly reply?: { readonly root: { readonly uri: string }; readonly parent: { readonly uri: string } }
    readonly embed?: {
      readonly images?: readonly { readonly alt: string; readonly image: { ref: { $link: string } } }[]
    }
  }
}

const people = [
  { name: 'Ana', roles: ['editor'] },
  { name: 'Ben', roles: ['reviewer'] },
  { name: 'Dee', roles: ['admin'] },
] as const

let proxy: FaultProxy
let pds: TestPds
let app: TestApp
let account: TestAccount
let neighbours: TestAccount
let groupId: string
let bluesky: ChannelView
let board: ChannelView
const browsers: Record<string, Visitor> = {}

/** The whole product with a clockwork that the tests turn, before a real personal data server with a proxy in between. */
beforeAll(async () => {
  proxy = await FaultProxy.start()
  pds = await startPds(proxy.port)
  proxy.forwardTo(pds.url)
  account = await createAccount(pds.url, 'river-group')
  neighbours = await createAccount(pds.url, 'river-neighbours')
  app = await startApp({ ticking: false, settings: { PRIVATE_HOSTS: 'localhost,127.0.0.1' } })
  await setClock(app, mondayMorning)
  groupId = (await app.makeGroup({ name: 'River' }, people)).group.id
  for (const { name } of people) browsers[name] = await app.signedIn(emailOf(name))
  const answers = { handle: account.handle, appPassword: account.appPassword, server: proxy.url }
  bluesky = await made<ChannelView>('Dee', 'channels', { network: 'bluesky', answers })
  const channels = await as('Dee').get<ChannelView[]>(path('channels'))
  board = channels.body.find((channel) => channel.network === 'noticeboard')!
}, 120_000)

afterEach(() => proxy.heal())

afterAll(async () => {
  await app?.close()
  await pds?.stop()
  await proxy?.close()
})

function as(name: (typeof people)[number]['name']): Visitor {
  return browsers[name]!
}

function path(rest: string): string {
  return `/api/groups/${groupId}/${rest}`
}

async function made<Body>(name: 'Ana' | 'Ben' | 'Dee', rest: string, body: unknown): Promise<Body> {
  const answer = await as(name).ask<Body>('POST', path(rest), body)
  if (answer.status >= 300) throw new Error(`${rest} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

async function see(post: PostDetail): Promise<PostDetail> {
  return (await as('Ana').get<PostDetail>(path(`posts/${post.id}`))).body
}

async function on(network: 'bluesky' | 'noticeboard', post: PostDetail): Promise<PublicationView> {
  return (await see(post)).publications.find((publication) => publication.network === network)!
}

/** Written by Ana for one wall time and sent for review. */
async function sent(
  text: string,
  at: string,
  given: { board?: string; alt?: string; target?: string; targetUse?: 'repost' } = {},
): Promise<PostDetail> {
  const channels = [{ channelId: bluesky.id, text: null as string | null }]
  if (given.board !== undefined) channels.push({ channelId: board.id, text: given.board })
  const pictures = given.alt === undefined ? [] : [{ mediaId: (await upload()).id, alt: given.alt }]
  const post = await made<PostDetail>('Ana', 'posts', {
    content: {
      text,
      link: null,
      language: 'en-GB',
      channels,
      pictures,
      ...(given.target === undefined ? {} : { target: given.target }),
      ...(given.targetUse === undefined ? {} : { targetUse: given.targetUse }),
    },
    wish: { kind: 'exact', at },
    usefulUntil: null,
    labels: [],
    notes: '',
  })
  return made<PostDetail>('Ana', `posts/${post.id}/send-for-review`, { version: post.version })
}

async function upload(): Promise<Media> {
  const { bytes } = await picture('not used', '#2a6')
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'weir.jpg')
  return made<Media>('Ana', 'media', form)
}

/** Ben's approval from a phone that nobody is signed in on: the mailed link, then the mailed code. */
async function approveByMail(post: PostDetail): Promise<void> {
  const phone = app.visitor()
  const asking = (await app.mailsTo(emailOf('Ben'))).filter((mail) => mail.kind === 'review-request').at(-1)
  const link = /https?:\/\/\S+\/r\/[\w-]{43}/.exec(asking?.text ?? '')?.[0] ?? ''
  const again = (await phone.get(new URL(link).pathname)).headers.get('location') ?? ''
  const page = (await phone.get(again)).headers.get('location') ?? ''
  const { body: html } = await phone.get<string>(page)
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const form = new URLSearchParams({ decision: 'approve', note: '', csrf: hidden('csrf'), hash: hidden('hash') })
  for (const tick of allTicks) form.append('tick', tick)
  const sameOrigin = { Origin: app.origin }
  const asked = await phone.send<string>('POST', page, form, sameOrigin)
  expect(asked.status).toBe(200)
  const code = /\b\d{6}\b/.exec((await app.mailsTo(emailOf('Ben'))).findLast((m) => m.kind === 'review-code')!.text)
  form.set('code', code?.[0] ?? '')
  expect((await phone.send<string>('POST', `${page}/code`, form, sameOrigin)).status).toBe(303)
  expect((await see(post)).state).toBe('approved')
}

async function records(): Promise<BlueskyRecord[]> {
  const asked = `com.atproto.repo.listRecords?repo=${account.did}&collection=app.bsky.feed.post&limit=100`
  return (await callPds<{ records: BlueskyRecord[] }>(pds.url, asked, null)).records
}

async function reposts(): Promise<{ uri: string; value: { subject: { uri: string; cid: string } } }[]> {
  const asked = `com.atproto.repo.listRecords?repo=${account.did}&collection=app.bsky.feed.repost&limit=100`
  return (await callPds<{ records: Awaited<ReturnType<typeof reposts>> }>(pds.url, asked, null)).records
}

/** The neighbours write, or write again, in their own app. */
async function neighboursSay(text: string, rkey?: string): Promise<{ uri: string; url: string; rkey: string }> {
  const record = { $type: 'app.bsky.feed.post', text, createdAt: '2026-11-24T09:00:00.000Z' }
  const place = { repo: neighbours.did, collection: 'app.bsky.feed.post' }
  const { uri } = await callPds<{ uri: string }>(
    pds.url,
    `com.atproto.repo.${rkey === undefined ? 'createRecord' : 'putRecord'}`,
    neighbours.accessJwt,
    { ...place, ...(rkey === undefined ? {} : { rkey }), record },
  )
  const key = uri.split('/').at(-1)!
  return { uri, url: `https://bsky.app/profile/${neighbours.handle}/post/${key}`, rkey: key }
}

async function recordsSaying(text: string): Promise<BlueskyRecord[]> {
  return (await records()).filter((record) => record.value.text === text)
}

describe('a post on a group’s Bluesky account', () => {
  const text = 'The weir 🌊 is open: https://example.org/weir, thanks to @river-neighbours.test #River'
  const alt = 'A green square, in the place of the weir.'
  const forked = 'The weir is open. Come and see it on Saturday, with tea.'
  let post: PostDetail

  it('goes out once, word for word as a second person approved it from the mailed link', async () => {
    post = await sent(text, '2026-11-23T12:10', { board: forked, alt })
    await setClock(app, '2026-11-23T12:15:00Z')
    expect(await runDue(app)).toBe(0)
    expect(await records()).toEqual([])

    await setClock(app, mondayMorning)
    await approveByMail(post)
    await setClock(app, '2026-11-23T12:10:05Z')
    expect(await runDue(app)).toBe(2)
    expect(await runDue(app)).toBe(0)

    const [record, ...more] = await records()
    expect(more).toEqual([])
    expect(record?.value).toMatchObject({ text, langs: ['en-GB'] })
    expect(await on('bluesky', post)).toMatchObject({ state: 'published', url: expect.stringContaining(account.did) })
    expect(record?.uri.split('/').at(-1)).toBe((await on('bluesky', post)).url?.split('/').at(-1))
    expect(record?.value.createdAt).toMatch(/^2026-11-23T12:10:0/)
    expect(await app.query('select count(*)::int as n from attempts where group_id = $1', [groupId])).toEqual([
      { n: 2 },
    ])
  })

  it('has a link, a mention and a hashtag that can be pressed', async () => {
    const { facets = [] } = (await recordsSaying(text))[0]!.value
    const pressed = facets.map(({ index, features }) => [
      Buffer.from(text).subarray(index.byteStart, index.byteEnd).toString(),
      features[0]?.uri ?? features[0]?.did ?? features[0]?.tag,
    ])
    expect(Object.fromEntries(pressed)).toEqual({
      'https://example.org/weir': 'https://example.org/weir',
      '@river-neighbours.test': neighbours.did,
      '#River': 'River',
    })
  })

  it('has the approved picture with its description', async () => {
    const { embed } = (await recordsSaying(text))[0]!.value
    expect(embed?.images?.map((image) => image.alt)).toEqual([alt])
    const cid = embed?.images?.[0]?.image.ref.$link
    const blob = await fetch(`${pds.url}/xrpc/com.atproto.sync.getBlob?did=${account.did}&cid=${cid}`)
    const [kept] = await app.query<{ bytes: Buffer }>('select bytes from media where group_id = $1', [groupId])
    expect(Buffer.from(await blob.arrayBuffer()).equals(kept!.bytes)).toBe(true)
  })

  it('leaves the noticeboard its own words', async () => {
    const { url, state } = await on('noticeboard', post)
    expect(state).toBe('published')
    const { body } = await app.visitor().get<string>(new URL(url!).pathname)
    expect(body).toContain(forked)
    expect(body).not.toContain('@river-neighbours.test')
  })

  it('is taken down by one person with a reason, and acknowledged by another', async () => {
    const { id } = await on('bluesky', post)
    await made('Ana', `publications/${id}/retract`, { reason: 'The weir is closed again.' })
    expect(await recordsSaying(text)).toEqual([])
    expect(await on('bluesky', post)).toMatchObject({ state: 'retracted' })
    expect((await on('noticeboard', post)).state).toBe('published')

    expect((await as('Ana').post(path(`publications/${id}/acknowledge`))).status).toBe(403)
    await made('Ben', `publications/${id}/acknowledge`, {})
    expect((await as('Dee').post(path(`publications/${id}/acknowledge`))).status).toBe(409)
    expect((await see(post)).history.map((event) => event.text)).toContain('Ben acknowledged that it was taken down.')
  })
})

describe('an answer of Bluesky that is lost on its way', () => {
  it('is looked up, and leaves one post', async () => {
    const text = 'The towpath is dry.'
    await setClock(app, '2026-11-23T15:00:00Z')
    const post = await sent(text, '2026-11-23T17:30')
    await approveByMail(post)
    await setClock(app, '2026-11-23T17:30:05Z')
    proxy.plant({ kind: 'lose-answer', path: /putRecord/, times: 1 })
    expect(await runDue(app)).toBe(1)
    expect(await on('bluesky', post)).toMatchObject({ state: 'in_doubt' })
    expect(await recordsSaying(text)).toHaveLength(1)

    await app.letPass({ seconds: 10 })
    await runDue(app)
    expect(await on('bluesky', post)).toMatchObject({ state: 'published', cause: null })
    expect(await recordsSaying(text)).toHaveLength(1)
    expect(proxy.seen.filter((request) => request.includes('putRecord'))).toHaveLength(1)
  })

  it('is sent again under the same key when it never arrived', async () => {
    const text = 'The lock is open.'
    await setClock(app, '2026-11-24T09:00:00Z')
    const post = await sent(text, '2026-11-24T12:30')
    await approveByMail(post)
    await setClock(app, '2026-11-24T12:30:05Z')
    proxy.plant({ kind: 'close', path: /putRecord/, times: 1 })
    await runDue(app)
    expect(await on('bluesky', post)).toMatchObject({ state: 'in_doubt' })
    await app.letPass({ seconds: 10 })
    await runDue(app)
    expect(await on('bluesky', post)).toMatchObject({ state: 'published' })
    const [record, ...more] = await recordsSaying(text)
    expect(more).toEqual([])
    // The moment of the first attempt, not of the second: otherwise it would be another post.
    expect(record?.value.createdAt).toMatch(/^2026-11-24T12:30:0/)
  })
})

describe('an answer to what somebody wrote on Bluesky', () => {
  it('is approved with their words in sight, and hangs below them', async () => {
    const question = await neighboursSay('Is the <lock> open on Sunday?')
    await setClock(app, '2026-11-25T09:00:00Z')
    const post = await sent('It is, from ten to four.', '2026-11-25T12:30', { target: question.url })
    const asking = (await app.mailsTo(emailOf('Ben'))).filter((mail) => mail.kind === 'review-request').at(-1)
    for (const words of [`@${neighbours.handle}`, 'Is the <lock> open on Sunday?', question.rkey])
      expect(asking?.text).toContain(words)
    await approveByMail(post)
    await setClock(app, '2026-11-25T12:30:05Z')
    expect(await runDue(app)).toBe(1)
    const [record] = await recordsSaying('It is, from ten to four.')
    expect(record?.value.reply).toMatchObject({ root: { uri: question.uri }, parent: { uri: question.uri } })
    expect(await on('bluesky', post)).toMatchObject({ state: 'published' })
  })

  it('stays here when their words were exchanged after the approval', async () => {
    const question = await neighboursSay('Is the café open on Sunday?')
    await setClock(app, '2026-11-26T09:00:00Z')
    const post = await sent('Yes, and we love it.', '2026-11-26T12:30', { target: question.url })
    await approveByMail(post)
    await neighboursSay('Is the factory to be built?', question.rkey)
    await setClock(app, '2026-11-26T12:30:05Z')
    await runDue(app)
    expect(await recordsSaying('Yes, and we love it.')).toEqual([])
    expect(await on('bluesky', post)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('something else'),
    })
  })
})

describe('a post that passes on what the neighbours wrote on Bluesky', () => {
  it('is approved with their words in sight, is one repost though the answer was lost, and is taken back', async () => {
    const theirs = await neighboursSay('The lock gates are to be mended: come and help.')
    await setClock(app, '2026-11-27T09:00:00Z')
    const post = await sent('', '2026-11-27T12:30', { target: theirs.url, targetUse: 'repost' })
    const asking = (await app.mailsTo(emailOf('Ben'))).filter((mail) => mail.kind === 'review-request').at(-1)
    expect(asking?.text).toContain('You would pass on, without words of our own')
    for (const words of [`@${neighbours.handle}`, 'The lock gates are to be mended', theirs.rkey])
      expect(asking?.text).toContain(words)
    await approveByMail(post)
    const before = await records()
    await setClock(app, '2026-11-27T12:30:05Z')
    proxy.plant({ kind: 'lose-answer', path: /putRecord/, times: 1 })
    expect(await runDue(app)).toBe(1)
    expect(await on('bluesky', post)).toMatchObject({ state: 'in_doubt' })
    await app.letPass({ seconds: 10 })
    await runDue(app)

    // People see it where it was written: a repost has no page.
    const page = `https://bsky.app/profile/${neighbours.did}/post/${theirs.rkey}`
    const publication = await on('bluesky', post)
    expect(publication).toMatchObject({ state: 'published', url: page })
    const [repost, ...more] = await reposts()
    expect(more).toEqual([])
    expect(repost?.value.subject.uri).toBe(theirs.uri)
    expect(await records()).toEqual(before)

    await made('Ana', `publications/${publication.id}/retract`, { reason: 'It is tomorrow, not today.' })
    expect(await on('bluesky', post)).toMatchObject({ state: 'retracted' })
    expect(await reposts()).toEqual([])
  })

  it('is a quote with words of ours, and stays here when theirs were exchanged', async () => {
    const theirs = await neighboursSay('We dredge on Saturday.')
    await setClock(app, '2026-11-30T09:00:00Z')
    const quote = await sent('So do we. Bring a spade!', '2026-11-30T12:30', {
      target: theirs.url,
      targetUse: 'repost',
    })
    await approveByMail(quote)
    await setClock(app, '2026-11-30T12:30:05Z')
    expect(await runDue(app)).toBe(1)
    const [record, ...more] = await recordsSaying('So do we. Bring a spade!')
    expect(more).toEqual([])
    expect(record?.value.embed).toMatchObject({ $type: 'app.bsky.embed.record', record: { uri: theirs.uri } })
    expect(record?.value.reply).toBeUndefined()

    const plain = await sent('', '2026-11-30T15:30', { target: theirs.url, targetUse: 'repost' })
    await approveByMail(plain)
    await neighboursSay('We build a factory on Saturday.', theirs.rkey)
    await setClock(app, '2026-11-30T15:30:05Z')
    await runDue(app)
    expect(await on('bluesky', plain)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('What it passes on says something else'),
    })
    expect(await reposts()).toEqual([])
  })
})

describe('the credentials of a Bluesky account', () => {
  it('are nowhere in the database in the clear, and in no answer of the API', async () => {
    const tables = await app.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )
    expect(tables.length).toBeGreaterThan(20)
    const [sealed] = await app.query<{ sealed: string }>(
      'select sealed_credentials as sealed from channels where id = $1',
      [bluesky.id],
    )
    // The search below finds what is there.
    expect(await tablesWith(tables, sealed!.sealed)).toEqual(['public.channels'])
    // A token of the account’s sessions begins like this (JSON web token, "alg" or "typ" first).
    for (const secret of [account.appPassword, 'eyJ0eXAi', 'eyJhbGci']) {
      expect(await tablesWith(tables, secret)).toEqual([])
    }
    const answers = [path('channels'), path('posts'), '/api/session', path('queue')].map((each) => as('Dee').get(each))
    for (const { body } of await Promise.all(answers)) expect(JSON.stringify(body)).not.toContain(account.appPassword)
  })

  async function tablesWith(tables: readonly { name: string }[], needle: string): Promise<string[]> {
    const found: string[] = []
    for (const { name } of tables) {
      const rows = await app.query(`select 1 from ${name} r where position($1 in r::text) > 0 limit 1`, [needle])
      if (rows.length > 0) found.push(name)
    }
    return found
  }
})
