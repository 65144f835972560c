import type { ChannelView } from '../../src/channels/channels.dto.js'
import type { CameView, ConsentView } from '../../src/channels/consents.dto.js'
import { startApp, type TestApp } from '../support/app.js'
import { fakeBluesky, mondayMorning, runDue, setClock, TestGroup } from '../support/group-fixture.js'
import { FaultProxy } from './fault-proxy.js'
import { FakeMastodon, mastodon45 } from './mastodon/fake-mastodon.js'

let app: TestApp
let fake: FakeMastodon
let proxy: FaultProxy
let river: TestGroup
let mastodon: ChannelView

/** The whole product before a stand-in for a server, connected as an admin does it in the browser. */
beforeAll(async () => {
  fake = new FakeMastodon(mastodon45)
  await fake.start()
  proxy = await FaultProxy.start()
  proxy.forwardTo(fake.url)
  app = await startApp({ ticking: false, settings: { PRIVATE_HOSTS: '127.0.0.1' } })
  app.app.useLogger(false)
  fakeBluesky(app)
  await setClock(app, mondayMorning)
  river = await TestGroup.make(app, 'River')
  const dee = await river.as('Dee')
  const answers = { server: proxy.url }
  const begun = await dee.post<ConsentView>(river.path('channels/consent'), { network: 'mastodon', answers })
  const came = await dee.post<CameView>(river.path('channels/consent/back'), fake.allow(begun.body.url))
  if (!came.body.channel) throw new Error(`not connected: ${JSON.stringify(came.body)}`)
  mastodon = came.body.channel
}, 120_000)
afterEach(() => proxy.heal())
afterAll(async () => {
  await app?.close()
  await proxy?.close()
  await fake?.stop()
})

const own = (text: string) => fake.statuses.filter((status) => status.by === 'group' && status.text.startsWith(text))
const creations = () => proxy.seen.filter((request) => request === 'POST /api/v1/statuses')

/** Approved, and the clocks of both put to its slot. */
async function due(text: string, extras: object = {}) {
  const post = await river.approved({ text, channels: [mastodon.id], extras })
  await river.toSlot(post)
  fake.ahead = app.clock.now().toMillis() - Date.now()
  return post
}

async function later(seconds: number): Promise<void> {
  await app.letPass({ seconds })
  fake.ahead = app.clock.now().toMillis() - Date.now()
  await runDue(app)
}

describe('a group’s Mastodon account', () => {
  it('is connected by its members’ consent on its own server, with the server’s own limits', async () => {
    expect(mastodon).toMatchObject({ handle: 'group@group.example', state: 'connected' })
    const [row] = await app.query<{ limits: object }>('select limits from channels where id = $1', [mastodon.id])
    expect(row?.limits).toMatchObject({ textLimit: 500, charactersPerLink: 23, altText: 1500 })
  })

  it('gets a thread with its warning part by part, and nothing twice', async () => {
    const thread = [{ text: 'Thread: two', link: null, pictures: [] }]
    const post = await due('Thread: one', { thread, contentWarning: 'Long', visibility: 'unlisted' })
    await runDue(app)
    await runDue(app)
    const [one, two, ...more] = own('Thread')
    expect(more).toEqual([])
    expect(one).toMatchObject({ text: 'Thread: one', under: null, spoiler: 'Long', visibility: 'unlisted' })
    expect(two).toMatchObject({ text: 'Thread: two', under: one?.id, spoiler: 'Long', visibility: 'unlisted' })
    expect(await river.publication(post)).toMatchObject({ state: 'published', url: `${fake.url}/@group/${one?.id}` })
  })

  it('has one post when the answer was lost: left alone for 90 seconds, then found, and not sent again', async () => {
    const post = await due('The towpath is dry.')
    proxy.plant({ kind: 'lose-answer', path: /POST \/api\/v1\/statuses/, times: 1 })
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'in_doubt' })
    proxy.seen.length = 0
    await later(60)
    expect(proxy.seen).toEqual([])
    await later(40)
    expect(await river.publication(post)).toMatchObject({ state: 'published' })
    expect(creations()).toEqual([])
    expect(own('The towpath')).toHaveLength(1)
  })

  it('is sent the post again when it never arrived', async () => {
    const post = await due('The lock is open.')
    proxy.plant({ kind: 'close', path: /POST \/api\/v1\/statuses/, times: 1 })
    await runDue(app)
    expect(own('The lock')).toEqual([])
    await later(100)
    expect(await river.publication(post)).toMatchObject({ state: 'published' })
    expect(own('The lock')).toHaveLength(1)
  })
})
