import type { ChannelView } from '../../src/channels/channels.dto.js'
import type { CameView, ConsentView } from '../../src/channels/consents.dto.js'
import type { PostDetail, PublicationView } from '../../src/workspace/post-views.dto.js'
import { startApp, type TestApp } from '../support/app.js'
import { fakeBluesky, mondayMorning, runDue, setClock, TestGroup, type Wanted } from '../support/group-fixture.js'
import { FacebookServer } from './facebook/facebook-server.js'
import { FaultProxy } from './fault-proxy.js'
import { ThreadsServer } from './threads/threads-server.js'

// What was kept before a post went out, and what Meta knows, decide together what happens to a post in doubt: in the
// whole product, with its database, before stand-ins of two of Meta's networks.

const publicOrigin = 'https://queue.example.org'

let app: TestApp
let river: TestGroup
let wire: FaultProxy
let facebookWire: FaultProxy
const threads = new ThreadsServer()
const facebook = new FacebookServer()

beforeAll(async () => {
  ;[wire, facebookWire] = await Promise.all([FaultProxy.start(), FaultProxy.start()])
  await Promise.all([threads.start(), facebook.start()])
  wire.forwardTo(threads.url)
  facebookWire.forwardTo(facebook.url)
  app = await startApp({
    ticking: false,
    settings: {
      PRIVATE_HOSTS: '127.0.0.1',
      THREADS_API_URL: wire.url,
      THREADS_SITE_URL: wire.url,
      FACEBOOK_API_URL: facebookWire.url,
      FACEBOOK_SITE_URL: facebookWire.url,
    },
  })
  app.config.publicOrigin = publicOrigin
  threads.outside = { named: publicOrigin, at: app.origin }
  await clockTo(mondayMorning)
  fakeBluesky(app)
  river = await TestGroup.make(app, 'River')
}, 120_000)

afterEach(() => {
  wire.heal()
  facebookWire.heal()
})

afterAll(async () => {
  await app?.close()
  await Promise.all([wire, facebookWire].map((proxy) => proxy?.close()))
  await Promise.all([threads.stop(), facebook.stop()])
})

async function clockTo(at: string): Promise<void> {
  await setClock(app, at)
  for (const server of [threads, facebook]) server.offsetMs = Date.parse(at) - Date.now()
}

/** Dee's way to the network and back. */
async function connected(network: string, answers: Record<string, string>): Promise<ChannelView> {
  const dee = await river.as('Dee')
  const begun = await dee.post<ConsentView>(river.path('channels/consent'), { network, answers })
  const page = await fetch(begun.body.url, { redirect: 'manual' })
  const { state, code } = Object.fromEntries(new URL(page.headers.get('location') ?? '').searchParams)
  const answer = await dee.post<CameView>(river.path('channels/consent/back'), { state, code })
  if (!answer.body.channel) throw new Error(JSON.stringify(answer.body))
  return answer.body.channel
}

/** Approved by Ben for a wall time of that Monday, and sent then. */
async function sent(wanted: Wanted, at: string): Promise<PostDetail> {
  await clockTo(mondayMorning)
  const post = await river.approved({ ...wanted, wish: { kind: 'exact', at: `2026-11-23T${at}` } })
  await due(`2026-11-23T${at}:05Z`)
  return post
}

async function due(at: string): Promise<void> {
  await clockTo(at)
  await runDue(app)
}

const on = (post: PostDetail): Promise<PublicationView> => river.publication(post)

describe('a post in doubt', () => {
  let account: string
  let channel: ChannelView

  it('on Threads is looked up when the answer was lost', async () => {
    account = threads.addUser('river')
    channel = await connected('threads', { appId: threads.app.id, appSecret: threads.app.secret })
    const { id: mediaId } = await river.upload()
    const pictures = [{ mediaId, alt: 'The towpath.' }]
    wire.plant({ kind: 'lose-answer', path: /threads_publish/, times: 1 })
    const post = await sent({ text: 'The towpath is dry.', channels: [channel.id], pictures }, '12:10')
    expect(await on(post)).toMatchObject({ state: 'in_doubt' })
    await due('2026-11-23T12:12:00Z')
    const there = await on(post)
    expect(there).toMatchObject({ state: 'published', cause: null })
    expect(threads.published(account)).toMatchObject([{ text: 'The towpath is dry.', alts: ['The towpath.'] }])
    expect(there.url).toContain(threads.published(account)[0]?.remoteId)
  })

  it('on Threads goes out with the very container that was made for it', async () => {
    const made = () => wire.seen.filter((request) => /^POST .*\/threads$/.test(request))
    wire.plant({ kind: 'close', path: /threads_publish/, times: 1 })
    const post = await sent({ text: 'The lock is open.', channels: [channel.id] }, '15:30')
    expect(await on(post)).toMatchObject({ state: 'in_doubt' })
    expect(made()).toHaveLength(1)
    await due('2026-11-23T15:32:00Z')
    expect(await on(post)).toMatchObject({ state: 'published' })
    expect(threads.published(account).filter(({ text }) => text === 'The lock is open.')).toHaveLength(1)
    expect(made()).toHaveLength(1)
  })

  it('on Threads is a person’s to answer when it was published and cannot be seen', async () => {
    wire.plant({ kind: 'lose-answer', path: /threads_publish/, times: 1 })
    const post = await sent({ text: 'The weir is closed.', channels: [channel.id] }, '17:30')
    const [there] = threads.published(account)
    const token = threads.tokenFor(account)
    await fetch(`${threads.url}/v1.0/${there?.remoteId}?access_token=${token}`, { method: 'DELETE' })
    wire.plant({ kind: 'answer', path: /\/threads\?/, status: 500 })
    await due('2026-11-23T17:32:00Z')
    expect(await on(post)).toMatchObject({ state: 'unconfirmed' })
    expect(wire.seen.filter((request) => request.includes('threads_publish'))).toHaveLength(1)
  })

  it('on Facebook is known by its pictures, and taken down from here', async () => {
    const page = facebook.addPage('River')
    facebook.pages.push({ id: page, name: 'River' })
    const { id, secret } = facebook.facebookApp
    const atFacebook = await connected('facebook', { appId: id, appSecret: secret })
    const { id: mediaId } = await river.upload()
    const pictures = [{ mediaId, alt: 'The weir.' }]
    facebookWire.plant({ kind: 'lose-answer', path: /POST .*\/feed/, times: 1 })
    const post = await sent({ text: 'Come to the weir.', channels: [atFacebook.id], pictures }, '13:10')
    expect(await on(post)).toMatchObject({ state: 'in_doubt' })
    await due('2026-11-23T13:12:00Z')
    const publication = await on(post)
    expect(publication).toMatchObject({ state: 'published', url: expect.stringMatching(/facebook\.com/) })
    expect(facebook.published(page)).toMatchObject([{ text: 'Come to the weir.', alts: ['The weir.'] }])
    const ana = await river.as('Ana')
    await ana.post(river.path(`publications/${publication.id}/retract`), { reason: 'The weir is closed.' })
    expect(facebook.published(page)).toEqual([])
    expect(await on(post)).toMatchObject({ state: 'retracted' })
  })

  it('on Facebook is not taken for what an earlier channel of the page has said', async () => {
    const page = facebook.addPage('Lock')
    facebook.pages.splice(0, facebook.pages.length, { id: page, name: 'Lock' })
    const app = { appId: facebook.facebookApp.id, appSecret: facebook.facebookApp.secret }
    const before = await connected('facebook', app)
    expect(await on(await sent({ text: 'Open today.', channels: [before.id] }, '14:10'))).toMatchObject({
      state: 'published',
    })
    await clockTo(mondayMorning)
    await (await river.as('Dee')).delete(river.path(`channels/${before.id}`))
    const again = await connected('facebook', app)
    const post = await sent({ text: 'Open today.', channels: [again.id] }, '14:12')
    expect(await on(post)).toMatchObject({ state: 'failed', cause: expect.stringContaining('says the same') })
    expect(facebook.published(page)).toHaveLength(1)
  })
})
