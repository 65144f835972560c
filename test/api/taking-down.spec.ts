import { AftercareService } from '../../src/scheduler/aftercare.service.js'
import type { PostDetail, PublicationView } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { runDue, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

// "Taken down" is said only of what is known to be gone.

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  network.retracted.length = 0
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

const thread = ['Two.', 'Three.'].map((text) => ({ text, link: null, pictures: [] }))

async function published(wanted: Parameters<TestGroup['approved']>[0] = {}): Promise<PostDetail> {
  const post = await river.approved(wanted)
  await river.toSlot(post)
  await runDue(app)
  return post
}

async function takenDown(post: PostDetail, group = river): Promise<PublicationView> {
  const { id } = await group.publication(post)
  const path = group.path(`publications/${id}/retract`)
  const { status, body } = await (await group.as('Ana')).post<PostDetail>(path, { reason: 'The date was wrong.' })
  expect(status).toBe(200)
  return body.publications[0]!
}

/** Sent without an answer, on a network that does not tell; somebody says what is to be seen there. */
async function answered(there: boolean, wanted: Parameters<TestGroup['approved']>[0] = {}): Promise<PostDetail> {
  network.findSays = { kind: 'cannot-tell', cause: 'The network does not tell.' }
  const post = await published(wanted)
  await app.letPass({ seconds: 6 })
  await runDue(app)
  const { id, state } = await river.publication(post)
  expect(state).toBe('unconfirmed')
  const answer = await (await river.as('Cleo')).post(river.path(`publications/${id}/answer`), { there })
  expect(answer.status).toBe(200)
  return post
}

const byHand = expect.stringContaining('take it down at the network yourself')

describe('what somebody saw with their own eyes', () => {
  it('is taken down by hand, since the network was never asked for its number', async () => {
    network.next('answer lost')
    const post = await answered(true)
    expect(await takenDown(post)).toMatchObject({
      state: 'published',
      cause: expect.stringContaining('Somebody saw it there'),
      nextStep: byHand,
    })
    expect(network.retracted).toEqual([])
  })

  it.each([true, false])('of a thread leaves to a person what was never known of it (all there: %s)', async (there) => {
    network.next('works', 'answer lost')
    const post = await answered(there, { text: 'One.', extras: { thread } })
    expect(await takenDown(post)).toMatchObject({
      state: there ? 'published' : 'failed',
      cause: expect.stringContaining('more of it'),
      nextStep: byHand,
    })
    expect(network.retracted).toEqual([expect.stringContaining(river.bluesky.remoteAccountId)])
  })
})

describe('what went out on an account that the channel no longer leads to', () => {
  it('is taken down by hand: the account of today never had it', async () => {
    const post = await published()
    const answers = { handle: 'other.test' }
    const path = river.path(`channels/${river.bluesky.id}/reconnect`)
    expect((await (await river.as('Dee')).post(path, { answers, otherAccount: true })).status).toBe(200)
    expect(await takenDown(post)).toMatchObject({
      state: 'published',
      cause: expect.stringContaining('another account'),
      nextStep: byHand,
    })
    expect(network.retracted).toEqual([])
  })

  it('nor is it taken down on a channel that was removed', async () => {
    const post = await published()
    const path = river.path(`channels/${river.bluesky.id}`)
    expect((await (await river.as('Dee')).delete(path)).status).toBe(204)
    expect(await takenDown(post)).toMatchObject({
      state: 'published',
      cause: expect.stringContaining('no longer connected'),
      nextStep: byHand,
    })
    expect(network.retracted).toEqual([])
  })
})

describe('a channel whose credentials cannot be opened', () => {
  it('keeps nobody else’s posts from being taken down', async () => {
    const post = await published()
    const lake = await TestGroup.make(app, 'Lake')
    const other = await lake.approved()
    await lake.toSlot(other)
    await runDue(app)
    network.retractSays = { kind: 'retry', cause: 'The network is being mended.', afterSeconds: null }
    for (const [group, each] of [
      [river, post],
      [lake, other],
    ] as const)
      expect((await takenDown(each, group)).state).toBe('retracting')
    network.calm()
    await app.query(`update channels set sealed_credentials = 'sealed with a lost secret' where id = $1`, [
      river.bluesky.id,
    ])
    await app.letPass({ minutes: 6 })
    await app.app.get(AftercareService).carryOutDue()
    expect((await lake.publication(other)).state).toBe('retracted')
    expect(await river.publication(post)).toMatchObject({
      state: 'retracting',
      cause: expect.stringContaining('could not be opened'),
    })
  })
})
