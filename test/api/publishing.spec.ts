import type { NestExpressApplication } from '@nestjs/platform-express'
import { DataSource } from 'typeorm'

import { Transaction } from '../../src/database/transaction.js'
import { HandOversStore } from '../../src/governance/hand-overs.store.js'
import type { PublishOutcome } from '../../src/platforms/platform.js'
import { AftercareService } from '../../src/scheduler/aftercare.service.js'
import { ClaimsStore } from '../../src/scheduler/claims.store.js'
import { OutcomesService } from '../../src/scheduler/outcomes.service.js'
import { PublishingService } from '../../src/scheduler/publishing.service.js'
import { SummariesStore } from '../../src/summaries/summaries.store.js'
import { ErasureStore } from '../../src/workspace/erasure.store.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import {
  fakeBluesky,
  moveLate,
  runDue,
  setClock,
  startOver,
  startQuietApp,
  TestGroup,
} from '../support/group-fixture.js'

const noAnswerYet = { kind: 'retry', cause: 'The network is being mended.', afterSeconds: null } as const
const refused = { kind: 'rejected', cause: 'The network takes no such link.', field: 'link' } as const

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

/** What reached the network of this group's account. */
function publicHere() {
  return network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)
}

function triedHere() {
  return network.tried.filter((sent) => sent.account === river.bluesky.remoteAccountId)
}

async function stateOf(post: { id: string }): Promise<string> {
  return (await river.publication(post)).state
}

/** An approved post whose slot has just come. */
async function due(wanted: Parameters<TestGroup['approved']>[0] = {}): Promise<PostDetail> {
  const post = await river.approved(wanted)
  await river.toSlot(post)
  return post
}

describe('an approved post', () => {
  it('goes out once, at its slot and not before, exactly as it was approved', async () => {
    const picture = await river.upload()
    const post = await river.approved({
      text: 'The ferry is back.',
      pictures: [{ mediaId: picture.id, alt: 'A ferry.' }],
    })
    await river.toSlot(post, { seconds: -30 })
    expect(await runDue(app)).toBe(0)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
    expect(await runDue(app)).toBe(0)
    const [media] = await app.query<{ sha256: string }>('select sha256 from media where id = $1', [picture.id])
    expect(publicHere()).toEqual([
      expect.objectContaining({ text: 'The ferry is back.', pictures: [{ sha256: media?.sha256, alt: 'A ferry.' }] }),
    ])

    const seen = await river.see(post)
    expect(seen.state).toBe('done')
    expect(seen.publications[0]).toMatchObject({
      state: 'published',
      url: expect.stringContaining('https://bsky.test/'),
    })
    expect(seen.attempts).toHaveLength(1)
    expect(seen.history.map((event) => event.text)).toContain(`It went out on ${river.bluesky.name}.`)
    expect(await river.audit('attempt-ended')).toEqual([
      expect.objectContaining({ outcome: 'published', remote: expect.stringContaining('at://') }),
    ])
    expect((await river.queue('Ana')).wentOut.map((card) => card.id)).toEqual([post.id])
  })

  it('waits for the group’s ten minutes after a late approval, so that it can still be stopped', async () => {
    const post = await river.sent({ wish: { kind: 'exact', at: '2026-11-23T11:00' } })
    await setClock(app, '2026-11-23T10:58:00Z')
    const [card] = (await river.queue('Ben')).waitingForYou
    const page = await river.page(await river.as('Ben'), card!.reviewUrl!)
    expect((await river.press(page, 'approve')).status).toBe(303)
    await setClock(app, '2026-11-23T11:00:05Z')
    expect(await runDue(app)).toBe(0)
    expect((await river.publication(post)).slot).toBe('2026-11-23T11:09:00.000Z')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('does not go out when it is put on hold just before its slot, and does once somebody approves it afresh', async () => {
    const post = await river.approved()
    await river.toSlot(post, { seconds: -30 })
    expect((await river.command(post, 'hold', 'Dee')).status).toBe(200)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect(publicHere()).toEqual([])

    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect((await river.press(page, 'approve')).status).toBe(303)
    await river.toSlot(post, { minutes: 10, seconds: 10 })
    expect(await runDue(app)).toBe(1)
    expect(publicHere()).toHaveLength(1)
  })

  it('does not go out when its reviewer was suspended in the meantime; it waits for review again and keeps nobody else', async () => {
    const post = await river.approved({ text: 'First.', wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    const other = await river.sent({
      text: 'Second.',
      wish: { kind: 'exact', at: '2026-11-23T12:02' },
      channels: [river.board.id],
    })
    await river.decide(other, 'Cleo', 'approve')
    // By hand, so that nobody is told before the gate sees it.
    await app.query(`update members set status = 'suspended' where id = $1`, [river.memberId('Ben')])
    await setClock(app, '2026-11-23T12:02:30Z')
    expect(await runDue(app)).toBe(1)
    expect(await stateOf(other)).toBe('published')
    expect(publicHere()).toEqual([])
    const seen = await river.see(post)
    expect(seen).toMatchObject({ state: 'in_review', stateText: 'Waiting for Cleo' })
    expect(seen.history.map((event) => event.text)).toContain(
      'An approval no longer counts, so it waits for review again.',
    )
    expect(await river.audit('gate-refused')).toHaveLength(1)
  })

  it('that the gate refuses for another reason keeps nobody else either, and is told', async () => {
    const post = await river.approved({ text: 'First.', wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    const other = await river.approved({
      text: 'Second.',
      wish: { kind: 'exact', at: '2026-11-23T12:02' },
      channels: [river.board.id],
    })
    await app.query(`update channels set remote_account_id = 'did:plc:somebody-else' where id = $1`, [river.bluesky.id])
    await setClock(app, '2026-11-23T12:02:30Z')
    expect(await runDue(app)).toBe(1)
    expect(await stateOf(other)).toBe('published')
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('no longer the one that was approved'),
    })
    expect((await river.see(post)).stateText).toBe('Could not go out')
    expect(await river.mails('Ana', 'publication-failed', post)).toHaveLength(1)
    expect(network.publicTexts('First.').filter((sent) => sent.account.includes('somebody-else'))).toEqual([])
    expect(await river.audit('gate-refused')).toHaveLength(1)
  })

  it('to which somebody is adding something is left to them, so that neither waits for the other', async () => {
    const post = await due()
    const writer = app.app.get(DataSource).createQueryRunner()
    await writer.startTransaction()
    try {
      // As every row does that refers to the post.
      await writer.query('select 1 from posts where id = $1 for key share', [post.id])
      const claimed = await app.app.get(Transaction).run(async (manager) => {
        await manager.query(`set local lock_timeout = '2s'`)
        return app.app.get(ClaimsStore).claimDue(manager, 'a worker', 50, 10, [])
      })
      expect(claimed).toEqual([])
      // Nobody waits half a minute for what is free again in a moment.
      expect(await app.app.get(PublishingService).next()).toMatchObject({ isLeft: true })
      await writer.query('select 1 from posts where id = $1 for update', [post.id])
    } finally {
      await writer.rollbackTransaction()
      await writer.release()
    }
    expect(await runDue(app)).toBe(1)
    expect(await app.app.get(PublishingService).next()).toMatchObject({ isLeft: false })
  })

  it('waits on a channel that is paused', async () => {
    const post = await river.approved()
    await (await river.as('Dee')).patch(river.path(`channels/${river.bluesky.id}`), { paused: true })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect(await app.app.get(PublishingService).next()).toMatchObject({ isLeft: false })
    await (await river.as('Dee')).patch(river.path(`channels/${river.bluesky.id}`), { paused: false })
    expect(await runDue(app)).toBe(1)
  })
})

describe('a network that', () => {
  it('asks to come back gets the same send again, after a pause', async () => {
    const post = await due()
    network.next(noAnswerYet)
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({
      state: 'planned',
      cause: noAnswerYet.cause,
      nextStep: 'It is tried again by itself.',
    })
    expect(await runDue(app)).toBe(0)
    await app.letPass({ seconds: 80 })
    expect(await runDue(app)).toBe(1)
    expect(publicHere()).toHaveLength(1)
    const [first, second] = triedHere()
    expect(second).toEqual(first)
    expect((await river.see(post)).attempts.map((attempt) => attempt.outcome)).toEqual([
      'Went out',
      'Did not go out; it will be tried again',
    ])
  })

  it('never comes back is given up while the post is still fresh, and its people are told', async () => {
    const post = await due({ wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    for (let minute = 0; minute < 60; minute += 1) {
      network.next(noAnswerYet)
      await runDue(app)
      network.calm()
      await app.letPass({ minutes: 1, seconds: 15 })
      if ((await stateOf(post)) === 'failed') break
    }
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      nextStep: expect.stringContaining('Copy the post'),
    })
    expect(triedHere()).toHaveLength(4)
    expect(await river.mails('Ana', 'publication-failed', post)).toHaveLength(1)
  })

  it('refuses the post for good makes it failed, with cause and way out, and the author and the admins are told', async () => {
    const post = await due()
    network.next(refused)
    await runDue(app)
    await app.letPass({ minutes: 30 })
    expect(await runDue(app)).toBe(0)
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      cause: refused.cause,
      nextStep: expect.stringContaining('Copy the post'),
    })
    for (const name of ['Ana', 'Dee', 'Eli']) {
      const [mail, more] = await river.mails(name, 'publication-failed', post)
      expect(mail?.text).toContain(refused.cause)
      expect(more).toBeUndefined()
    }
    expect((await river.queue('Ana')).needsAttention.map((card) => card.id)).toEqual([post.id])
    expect((await river.command(post, 'copy')).body).toMatchObject({ state: 'draft', publications: [] })
  })

  it('refuses the post for good asks people until one of them leaves it at that', async () => {
    const post = await river.approved({
      channels: [river.bluesky.id, river.board.id],
      wish: { kind: 'exact', at: '2026-11-23T12:01' },
    })
    await river.toSlot(post)
    network.next(refused)
    await runDue(app)
    const [publication, other] = (await river.see(post)).publications.toSorted((one) =>
      one.state === 'failed' ? -1 : 1,
    )
    expect([publication!.state, other!.state]).toEqual(['failed', 'published'])
    expect(publication).toMatchObject({ mayAcceptFailure: true, failureAccepted: null })
    const attention = async () => (await river.queue('Ana')).needsAttention.map((card) => card.id)
    expect(await attention()).toEqual([post.id])
    const { manager } = app.app.get(DataSource)
    const told = async () => (await app.app.get(SummariesStore).needs(manager, river.id)).troubled
    const inHand = async () =>
      (await app.app.get(HandOversStore).inHand(manager, river.id, river.memberId('Ana'))).posts
    expect(await told()).toHaveLength(1)
    expect(await inHand()).toHaveLength(1)

    const accept = async (name: string, id = publication!.id) =>
      (await river.as(name)).post<PostDetail>(river.path(`publications/${id}/accept-failure`))
    expect((await accept('Ben')).status).toBe(403)
    expect((await accept('Ana', other!.id)).body).toMatchObject({ status: 409, code: 'nothing-failed' })
    const { status, body } = await accept('Eli')
    expect(status).toBe(200)
    expect(body.publications.find((each) => each.id === publication!.id)).toMatchObject({
      state: 'failed',
      cause: refused.cause,
      nextStep: null,
      mayAcceptFailure: false,
      failureAccepted: 'Eli left it at that on 23 November 2026.',
    })
    expect(body).toMatchObject({ state: 'done', stateText: 'Went out in part' })
    expect(body.history[0]!.text).toBe(`Eli left it at that: it did not go out on ${publication!.channelName}.`)
    expect(await river.audit('failure-accepted')).toMatchObject([{ post: post.id, publication: publication!.id }])
    expect((await accept('Ana')).body).toMatchObject({ status: 409, code: 'left-already' })
    expect(await attention()).toEqual([])
    expect((await river.queue('Ana')).wentOut.map((card) => card.id)).toEqual([post.id])
    expect(await told()).toEqual([])
    expect(await inHand()).toEqual([])
    expect((await river.command(post, 'copy')).body).toMatchObject({ state: 'draft' })
  })

  it('refuses again what somebody had left at that, so it needs attention anew', async () => {
    const post = await due()
    network.next(refused, refused)
    await runDue(app)
    const path = river.path(`publications/${(await river.publication(post)).id}/accept-failure`)
    const ana = await river.as('Ana')
    const attention = async () => (await river.queue('Ana')).needsAttention.map((card) => card.id)
    expect((await ana.post(path)).status).toBe(200)
    const { more, ...sections } = await river.queue('Ana')
    expect([more, Object.values(sections).flat()]).toEqual([null, []])
    expect((await river.see(post)).may).toMatchObject({ edit: null, cancel: null, copy: null })

    // Whoever begins to change it wants it to go out after all.
    const changed = await river.save(await river.see(post), { text: 'In other words.' })
    expect(changed.body.publications).toMatchObject([{ state: 'failed', failureAccepted: null }])
    expect(await attention()).toEqual([post.id])
    expect((await ana.post(path)).body).toMatchObject({ status: 409, code: 'being-changed' })
    expect((await river.command(post, 'discard-edit')).status).toBe(200)
    expect((await ana.post(path)).status).toBe(200)
    // The words are another version's, the channel's publication is the same one.
    await app.query(`update publications set state = 'planned', next_try_at = clock() where post_id = $1`, [post.id])
    expect(await river.publication(post)).toMatchObject({ state: 'planned', failureAccepted: null })
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'failed', failureAccepted: null })
    expect(await attention()).toEqual([post.id])

    expect((await ana.post(path)).status).toBe(200)
    expect((await river.command(post, 'cancel')).body).toMatchObject({ state: 'cancelled', publications: [] })
  })

  it('has what missed its time on it alone, and that can be left at that as well', async () => {
    const wish = { kind: 'exact', at: '2026-11-23T12:01' }
    const post = await river.approved({ channels: [river.bluesky.id, river.board.id], wish })
    await river.toSlot(post)
    network.next({ kind: 'limited', cause: 'Too many posts.', until: '2026-11-24T12:20:00Z', scope: 'channel' })
    await runDue(app)
    await setClock(app, '2026-11-23T13:00:00Z')
    await moveLate(app)
    const missed = (await river.see(post)).publications.find((each) => each.state === 'missed')!
    expect((await river.queue('Ana')).needsAttention.map((card) => card.id)).toEqual([post.id])
    expect((await river.see(post)).may.edit).toContain('has gone out')
    const open = () =>
      app.app.get(ErasureStore).openPosts(app.app.get(DataSource).manager, [river.members['Ana']!.personId])
    // Ana has posts in other groups.
    const before = (await open()).length
    const { body } = await (await river.as('Ana')).post(river.path(`publications/${missed.id}/accept-failure`))
    expect(body).toMatchObject({ state: 'done', stateText: 'Went out in part' })
    const queue = await river.queue('Ana')
    expect([queue.needsAttention, queue.planned]).toEqual([[], []])
    expect((await open()).length).toBe(before - 1)
    expect(queue.wentOut.map((card) => card.id)).toEqual([post.id])
  })

  it('asks for a pause is left alone until then, with all posts of the channel', async () => {
    const first = await river.approved({ text: 'First.', wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    const second = await river.approved({
      text: 'Second.',
      wish: { kind: 'exact', at: '2026-11-23T12:03', reason: 'Both matter today.' },
    })
    await river.toSlot(first)
    network.next({ kind: 'limited', cause: 'Too many posts.', until: '2026-11-23T12:20:00Z', scope: 'channel' })
    await runDue(app)
    await river.toSlot(second)
    expect(await runDue(app)).toBe(0)
    expect(triedHere()).toHaveLength(1)
    await setClock(app, '2026-11-23T12:20:05Z')
    expect(await runDue(app)).toBe(2)
    expect(publicHere().map((sent) => sent.text)).toEqual(['First.', 'Second.'])
  })

  it('takes the password no more makes its channel wait; admins are told once, and afterwards nothing comes in a burst', async () => {
    const posts = []
    for (const at of ['2026-11-23T12:01', '2026-11-23T12:03', '2026-11-23T12:05']) {
      posts.push(await river.approved({ text: at, wish: { kind: 'exact', at, reason: 'All matter today.' } }))
    }
    const queued = await river.approved({ text: 'In a window.' })
    await setClock(app, '2026-11-23T12:05:30Z')
    network.next({ kind: 'unauthorized', cause: 'The app password was withdrawn.' })
    await runDue(app)
    await runDue(app)
    expect(triedHere()).toHaveLength(1)
    for (const post of posts) expect(await stateOf(post)).toBe('planned')
    const attention = (await river.queue('Ana')).needsAttention.map((card) => card.id)
    expect(attention).toContain(posts[0]!.id)
    expect(attention).not.toContain(queued.id)
    for (const name of ['Dee', 'Eli']) expect(await river.mails(name, 'publication-to-reconnect')).toHaveLength(1)
    expect(await river.mails('Ana', 'publication-to-reconnect')).toEqual([])

    await setClock(app, '2026-11-24T15:00:00Z')
    expect(await moveLate(app)).toBe(0)
    const again = await (
      await river.as('Dee')
    ).post(river.path(`channels/${river.bluesky.id}/reconnect`), { answers: { handle: `${river.group.slug}.test` } })
    expect(again.status).toBe(200)
    expect(await runDue(app)).toBe(0)
    await moveLate(app)
    for (const post of posts)
      expect(await river.publication(post)).toMatchObject({
        state: 'missed',
        nextStep: expect.stringContaining('Choose a new time'),
      })
    const moved = await river.publication(queued)
    expect(moved.state).toBe('planned')
    expect(moved.slot > '2026-11-24T15:00').toBe(true)
    await river.toSlot(queued)
    expect(await runDue(app)).toBe(1)
  })
})

describe('a send without an answer', () => {
  it('is looked up once the network has settled, found, and never sent twice', async () => {
    const post = await due()
    network.next('answer lost')
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({
      state: 'in_doubt',
      nextStep: 'We are looking whether it is there.',
    })
    expect(network.lookedUp).not.toContain((await river.publication(post)).id)
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect(await stateOf(post)).toBe('published')
    expect(publicHere()).toHaveLength(1)
    expect(triedHere()).toHaveLength(1)
  })

  it('is sent again with the same key and the same time once the network says that it is not there', async () => {
    const post = await due()
    network.next('request lost')
    await runDue(app)
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect(await stateOf(post)).toBe('published')
    expect(publicHere()).toHaveLength(1)
    const [first, second] = triedHere()
    expect(second).toEqual(first)
  })

  it('that nobody can look up waits for a person, who is told at once; it is not sent again, edited or cancelled', async () => {
    const post = await due()
    network.next('request lost')
    network.findSays = { kind: 'cannot-tell', cause: 'The network’s search is down.' }
    await runDue(app)
    for (let look = 0; look < 3; look += 1) {
      await app.letPass({ minutes: 5 })
      await runDue(app)
    }
    const unconfirmed = await river.see(post)
    expect(unconfirmed.publications[0]).toMatchObject({
      state: 'unconfirmed',
      mayAnswer: true,
      cause: 'The network’s search is down.',
    })
    expect(unconfirmed.may).toMatchObject({
      edit: expect.any(String),
      cancel: expect.any(String),
      sendForReview: expect.any(String),
    })
    expect((await river.save(unconfirmed, { text: 'Other words.' })).status).toBe(409)
    expect((await river.command(post, 'cancel')).status).toBe(409)
    expect(await stateOf(post)).toBe('unconfirmed')
    expect(triedHere()).toHaveLength(1)
    expect(await river.mails('Ana', 'publication-unconfirmed', post)).toHaveLength(1)

    const path = river.path(`publications/${unconfirmed.publications[0]!.id}/answer`)
    const answered = await (
      await river.as('Cleo')
    ).post<PostDetail>(path, { there: true, url: 'https://bsky.test/seen' })
    expect(answered.body.publications[0]).toMatchObject({ state: 'published', url: 'https://bsky.test/seen' })
    expect((await (await river.as('Cleo')).post(path, { there: false })).status).toBe(409)
    expect(triedHere()).toHaveLength(1)
  })

  it('that a person did not find there has failed, and only a copy is sent again', async () => {
    const post = await due()
    network.next('request lost')
    network.findSays = { kind: 'cannot-tell', cause: 'The network’s search is down.' }
    await runDue(app)
    await app.letPass({ minutes: 5 })
    await runDue(app)
    const { id } = await river.publication(post)
    await (await river.as('Ana')).post(river.path(`publications/${id}/answer`), { there: false })
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      nextStep: 'Copy the post to send it again.',
    })
    await app.letPass({ minutes: 5 })
    await moveLate(app)
    expect(await runDue(app)).toBe(0)
    expect(triedHere()).toHaveLength(1)
  })

  it('asks a person when a later try is refused: the first may have become public', async () => {
    const post = await due()
    network.next('request lost', refused)
    await runDue(app)
    expect(await stateOf(post)).toBe('in_doubt')
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect(await stateOf(post)).toBe('unconfirmed')
    expect((await river.command(post, 'cancel')).status).toBe(409)
    expect(await river.mails('Ana', 'publication-failed', post)).toEqual([])
    expect(await river.mails('Ana', 'publication-unconfirmed', post)).toHaveLength(1)
    await app.letPass({ hours: 3 })
    await moveLate(app)
    expect(await runDue(app)).toBe(0)
    expect(publicHere()).toEqual([])
  })

  it('stays in doubt while the network gives no answer, and is sent no more once it would be late', async () => {
    const post = await due()
    network.next('request lost', noAnswerYet)
    await runDue(app)
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect(await stateOf(post)).toBe('in_doubt')
    await app.letPass({ hours: 3 })
    await moveLate(app)
    expect(await stateOf(post)).toBe('in_doubt')
    // Nobody sends it three hours late by themselves: a person looks.
    await runDue(app)
    expect(await stateOf(post)).toBe('unconfirmed')
    expect(publicHere()).toEqual([])
  })

  it('is what a break in our own adapter counts as', async () => {
    const post = await due()
    network.next('breaks')
    await runDue(app)
    expect(await stateOf(post)).toBe('in_doubt')
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect(publicHere()).toHaveLength(1)
  })
})

describe('a worker that is gone', () => {
  const take = async () => {
    const [claim] = await app.app
      .get(Transaction)
      .run((manager) => app.app.get(ClaimsStore).claimDue(manager, 'worker-gone', 60, 1, []))
    return claim
  }

  it('leaves its post in doubt: it is looked up after the lease, and what it sent is found', async () => {
    const post = await due()
    const claim = await take()
    expect(claim?.publication.postId).toBe(post.id)
    network.public.push({
      account: river.bluesky.remoteAccountId,
      text: 'sent by the one who is gone',
      key: claim!.publication.publishKey!,
      createdAt: '2026-11-23T12:00:00.000Z',
      pictures: [],
    })
    await app.letPass({ seconds: 50 })
    await runDue(app)
    expect(await stateOf(post)).toBe('publishing')
    await app.letPass({ seconds: 15 })
    await runDue(app)
    expect(await stateOf(post)).toBe('published')
    expect(triedHere()).toEqual([])
    expect((await river.see(post)).attempts[0]).toMatchObject({
      outcome: 'No clear answer came',
      cause: expect.stringContaining('stopped before it knew'),
    })
  })

  it('leaves its post in doubt until its network has settled since the last moment at which it can have been sent', async () => {
    const post = await due()
    await take()
    await app.letPass({ seconds: 65 })
    await app.app
      .get(Transaction)
      .run((manager) => app.app.get(ClaimsStore).doubtAbandoned(manager, { bluesky: 30 }, 10))
    const [row] = await app.query<{ after: number }>(
      `select extract(epoch from p.lease_until - a.lease_until)::integer as after from publications p
       join attempts a on a.publication_id = p.id where p.post_id = $1`,
      [post.id],
    )
    expect(row?.after).toBe(20)
    await runDue(app)
    expect(await stateOf(post)).toBe('in_doubt')
    await app.letPass({ seconds: 20 })
    await runDue(app)
    expect(await stateOf(post)).toBe('published')
  })

  it('may come back late: what it then says changes nothing any more', async () => {
    const post = await due()
    const claim = await take()
    await app.letPass({ seconds: 65 })
    await runDue(app)
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect(publicHere()).toHaveLength(1)
    expect(publicHere()[0]!.key).toBe(claim!.publication.publishKey)
    const before = await app.everything()
    const late: PublishOutcome = {
      kind: 'published',
      remoteId: 'a late yes',
      url: 'https://bsky.test/late',
      at: '2026-11-23T12:00:00.000Z',
    }
    const outcomes = app.app.get(OutcomesService)
    await outcomes.settleAll([{ claim: claim!, outcome: { kind: 'rejected', cause: 'A late no.', field: null } }])
    await outcomes.settleAll([{ claim: claim!, outcome: late }])
    await outcomes.settleAll([
      { claim: claim!, outcome: late },
      { claim: claim!, outcome: late },
    ])
    expect(await app.everything()).toEqual(before)
    expect(await stateOf(post)).toBe('published')
  })
})

describe('two processes on one database', () => {
  let second: NestExpressApplication
  beforeAll(async () => {
    const { createApp } = await import('../../src/start.js')
    second = await createApp(app.config, app.database, { quiet: true, ticking: false })
    await second.init()
    fakeBluesky({ app: second }, network)
  })
  afterAll(() => second?.close())

  it('publish thirty posts between them, exactly once each', async () => {
    const dee = await river.as('Dee')
    const channels = [river.bluesky.id]
    for (const handle of ['east.test', 'west.test']) {
      const { body } = await dee.post<{ id: string }>(river.path('channels'), {
        network: 'bluesky',
        answers: { handle },
      })
      channels.push(body.id)
    }
    for (const channel of channels) await dee.patch(river.path(`channels/${channel}`), { gapMinutes: 0, dailyCap: 50 })
    const texts = Array.from({ length: 10 }, (_, index) => `Post ${index}.`)
    for (const [index, text] of texts.entries()) {
      await river.approved({ text, channels, wish: { kind: 'exact', at: `2026-11-23T12:1${index}` } })
    }
    const { ClockShift } = await import('../../src/groups/clock-shift.service.js')
    network.duringSend = () => new Promise((done) => setImmediate(done))
    // So few are due at once that whoever asks first may have them all: each has a turn of its own before both ask.
    for (const [at, asking] of [
      ['2026-11-23T12:11:30Z', [app]],
      ['2026-11-23T12:13:30Z', [{ app: second }]],
      ['2026-11-23T12:20:00Z', [app, { app: second }]],
    ] as const) {
      await setClock(app, at)
      await second.get(ClockShift).refresh()
      while ((await Promise.all([...asking, ...asking].map(runDue))).some((sent) => sent > 0));
    }
    const sent = network.public
      .filter((each) => texts.includes(each.text))
      .map((each) => `${each.account} ${each.text}`)
    expect(sent).toHaveLength(30)
    expect(new Set(sent).size).toBe(30)
    const workers = await app.query<{ worker: string; n: number }>(
      'select worker, count(*)::int as n from attempts where group_id = $1 group by 1',
      [river.id],
    )
    expect(workers).toHaveLength(2)
    expect(workers.reduce((sum, each) => sum + each.n, 0)).toBe(30)
  })
})

describe('what is public', () => {
  async function published(): Promise<{ post: PostDetail; path: string }> {
    const post = await due()
    await runDue(app)
    return { post, path: river.path(`publications/${(await river.publication(post)).id}`) }
  }

  it('is taken down by one person with a reason, and acknowledged by a second', async () => {
    const { post, path } = await published()
    const ana = await river.as('Ana')
    expect((await ana.post(`${path}/retract`, { reason: ' ' })).status).toBe(422)
    const down = await ana.post<PostDetail>(`${path}/retract`, { reason: 'The date was wrong.' })
    expect(down.body.publications[0]).toMatchObject({ state: 'retracted', url: null, mayAcknowledge: false })
    expect(network.retracted.filter((id) => id.includes(`${river.bluesky.remoteAccountId}/`))).toHaveLength(1)
    expect((await ana.post(`${path}/acknowledge`)).body).toMatchObject({ status: 403, code: 'own-retraction' })
    expect((await river.queue('Ben')).needsAttention.map((card) => card.id)).toEqual([post.id])
    expect((await (await river.as('Ben')).post(`${path}/acknowledge`)).status).toBe(200)
    expect((await (await river.as('Cleo')).post(`${path}/acknowledge`)).status).toBe(409)
    expect((await river.queue('Ben')).needsAttention).toEqual([])
    expect(
      (await river.audit('retract-asked')).length +
        (await river.audit('retracted')).length +
        (await river.audit('retract-acknowledged')).length,
    ).toBe(3)
    expect((await ana.post(`${path}/retract`, { reason: 'Once more.' })).status).toBe(409)
  })

  it('is asked for again by itself when the network does not take it down at once', async () => {
    const { post, path } = await published()
    network.retractSays = { kind: 'retry', cause: 'The network is being mended.', afterSeconds: null }
    const asked = await (await river.as('Ana')).post<PostDetail>(`${path}/retract`, { reason: 'The date was wrong.' })
    expect(asked.body.publications[0]).toMatchObject({ state: 'retracting', cause: 'The network is being mended.' })
    network.calm()
    await app.letPass({ minutes: 6 })
    await app.app.get(AftercareService).carryOutDue()
    expect(await stateOf(post)).toBe('retracted')
    expect(await app.app.get(AftercareService).carryOutDue()).toBe(0)
  })

  it('stays marked as public, with what to do, when the network does not let us take it down', async () => {
    const { path } = await published()
    network.retractSays = { kind: 'by-hand', cause: 'The network does not let us delete.' }
    const asked = await (await river.as('Ben')).post<PostDetail>(`${path}/retract`, { reason: 'The date was wrong.' })
    expect(asked.body.publications[0]).toMatchObject({
      state: 'published',
      cause: 'The network does not let us delete.',
      nextStep: expect.stringContaining('take it down at the network yourself'),
    })
    // Whoever wanted it down, its author, and the admins.
    for (const name of ['Ben', 'Ana', 'Dee', 'Eli']) {
      const [mail] = await river.mails(name, 'publication-still-public')
      expect(mail?.text).toContain('It was to be taken down, and could not be. The network does not let us delete.')
    }
    expect(await river.mails('Cleo', 'publication-still-public')).toEqual([])
  })

  it('is not edited, cancelled or sent again', async () => {
    const { post } = await published()
    const seen = await river.see(post)
    expect((await river.save(seen, { text: 'Other words.' })).status).toBe(409)
    expect((await river.command(post, 'cancel')).status).toBe(409)
    expect((await river.trySend(seen)).status).toBe(409)
    expect((await river.command(post, 'hold')).status).toBe(409)
  })
})
