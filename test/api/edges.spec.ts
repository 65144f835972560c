import { Transaction } from '../../src/database/transaction.js'
import { SamePersonService } from '../../src/groups/same-person.service.js'
import { ExpiryService } from '../../src/reviewers/expiry.service.js'
import { LostApprovalsService } from '../../src/reviewers/lost-approvals.service.js'
import { AftercareService } from '../../src/scheduler/aftercare.service.js'
import { SummariesStore } from '../../src/summaries/summaries.store.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { moveLate, runDue, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  river = await TestGroup.make(app, 'River', [{ name: 'Fay', roles: ['editor', 'reviewer'] }])
})
afterAll(() => app?.close())

/** What an admin changes about a member. */
async function change(name: string, body: object): Promise<void> {
  const answer = await (await river.as('Dee')).patch(river.path(`members/${river.memberId(name)}`), body)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

const told = (post: PostDetail) => post.history.map((event) => event.text)

async function place(name: string, post: { id: string }): Promise<string[]> {
  const queue = await river.queue(name)
  return Object.entries(queue).flatMap(([section, cards]) =>
    ((cards ?? []) as PostDetail[]).some((card) => card.id === post.id) ? [section] : [],
  )
}

describe('a change of an approved post', () => {
  it('keeps it back; discarded after its slot has passed it goes on with its approval, at the next slot', async () => {
    const post = await river.approved()
    const slot = (await river.publication(post)).slot
    await river.save(await river.see(post), { text: 'Other words.' })
    await river.toSlot(post, { hours: 5 })
    expect(await runDue(app)).toBe(0)
    expect(await moveLate(app)).toBe(0)
    expect((await river.command(post, 'discard-edit')).status).toBe(200)
    expect(await runDue(app)).toBe(0)
    expect(await moveLate(app)).toBe(1)
    const seen = await river.see(post)
    expect(seen).toMatchObject({ state: 'approved', editing: false })
    expect(seen.publications[0]!.slot > slot).toBe(true)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
    expect(network.publicTexts('The river walk starts at ten.').length).toBeGreaterThan(0)
  })
})

describe('an answer that is taken back', () => {
  it('counts no more: the post waits again, its people are told, and the same reviewer can answer afresh', async () => {
    const post = await river.approved()
    const ben = await river.as('Ben')
    expect((await river.see(post, 'Ben')).may.withdraw).toBeNull()
    const after = await ben.post<PostDetail>(river.path(`posts/${post.id}/withdraw`))
    expect(after).toMatchObject({ status: 200, body: { state: 'in_review', mayReview: true } })
    expect(told(after.body)[0]).toBe('Ben took back their approval of version 1.')
    expect(after.body.needs).toBe('Needs one approval, from anyone but Ana.')
    expect(await river.mails('Ana', 'post-standing', post)).toHaveLength(1)
    expect(await river.mails('Cleo', 'post-standing', post)).toHaveLength(1)
    expect(await river.mails('Ben', 'post-standing', post)).toHaveLength(0)
    expect(await river.audit('verdict-withdrawn')).toHaveLength(1)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)

    await moveLate(app)
    const [card] = (await river.queue('Ben')).waitingForYou
    const page = await river.page(ben, card!.reviewUrl!)
    expect((await river.press(page, 'approve')).status).toBe(303)
    expect((await river.see(post)).state).toBe('approved')
  })

  it('while the author changes the post counts no more once the change is discarded', async () => {
    const post = await river.approved()
    await river.save(await river.see(post), { text: 'Other words.' })
    expect((await river.command(post, 'withdraw', 'Ben')).status).toBe(200)
    await river.command(post, 'discard-edit')
    expect(await river.see(post)).toMatchObject({ state: 'in_review', editing: false })
  })

  it('and was a wish for changes leaves the other answers standing', async () => {
    const post = await river.approved()
    await river.decide(post, 'Cleo', 'changes', 'Please say where.')
    expect((await river.see(post)).state).toBe('changes_requested')
    expect((await river.command(post, 'withdraw', 'Cleo')).body.state).toBe('approved')
  })

  it('is one’s own, was given, is no stop, and is not yet out', async () => {
    const post = await river.approved()
    for (const name of ['Ana', 'Cleo', 'Dee']) {
      const { body } = await river.command<{ code: string }>(post, 'withdraw', name)
      expect(body.code).toBe('nothing-to-withdraw')
    }
    await river.decide(post, 'Cleo', 'stop')
    expect((await river.command<{ code: string }>(post, 'withdraw', 'Cleo')).body.code).toBe('stop-stands')
    expect((await river.see(post, 'Cleo')).may.withdraw).toContain('approve it')
    const other = await river.approved({ text: 'Second.' })
    await river.toSlot(other)
    await runDue(app)
    const { status, body } = await river.command<{ detail: string }>(other, 'withdraw', 'Ben')
    expect({ status, detail: body.detail }).toEqual({
      status: 409,
      detail: expect.stringMatching(/Take the post down instead\. The post is approved\. You can: copy it\./),
    })
  })
})

describe('a reviewer who', () => {
  it.each([
    ['is suspended', { status: 'suspended' }],
    ['has left', { status: 'left' }],
    ['is a reviewer no more', { roles: ['editor'] }],
  ])('%s loses the approval at once: the post says what it needs, and the others are told', async (_, body) => {
    const post = await river.approved()
    await change('Ben', body)
    const seen = await river.see(post)
    expect(seen).toMatchObject({ state: 'in_review', needs: 'Needs one approval, from anyone but Ana.' })
    expect(told(seen)).toContain('Its approvals are no longer enough, so it waits for review again.')
    expect((await river.mails('Ana', 'post-standing', post))[0]!.text).toContain('Needs one approval')
    expect(await river.mails('Cleo', 'post-standing', post)).toHaveLength(1)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
  })

  it('is back takes the approval along, and the post goes out; one who wanted changes lets nothing go on by leaving', async () => {
    const post = await river.approved()
    await change('Ben', { status: 'suspended' })
    expect((await river.see(post)).state).toBe('in_review')
    await change('Ben', { status: 'active' })
    const seen = await river.see(post)
    expect(seen.state).toBe('approved')
    expect(told(seen)[0]).toBe('An approval counts again, so it is approved.')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)

    const other = await river.approved({ text: 'Second.' })
    await river.decide(other, 'Cleo', 'changes', 'Please say where.')
    await change('Cleo', { status: 'suspended' })
    expect((await river.see(other)).state).toBe('changes_requested')
  })

  it('was asked and is suspended cannot answer any more, and somebody else is asked instead', async () => {
    river = await TestGroup.make(app, 'Lake', [
      { name: 'Gus', roles: ['reviewer'] },
      { name: 'Hal', roles: ['reviewer'] },
    ])
    const post = await river.sent()
    expect((await river.see(post)).asked.map((each) => each.name)).toEqual(['Ben', 'Cleo', 'Gus'])
    await change('Ben', { status: 'suspended' })
    expect(
      told(await river.see(post))
        .slice(0, 2)
        .sort(),
    ).toEqual(['Asked instead: Hal.', 'Ben can no longer review it.'])
    expect(await river.mails('Hal', 'review-request', post)).toHaveLength(1)
    await change('Ben', { status: 'active' })
    const page = await river.open(post, 'Ben').catch((error: unknown) => String(error))
    expect(page).toMatchObject({ status: 410 })
    // Back again, he is not asked by the old link; of his own accord he may look.
    const { body } = await river.command<{ url: string }>(post, 'review', 'Ben')
    expect((await river.press(await river.page(await river.as('Ben'), body.url), 'approve')).status).toBe(303)
    expect((await river.see(post)).state).toBe('approved')
  })

  it('was the last leaves a post for which the author and the admins are told that nobody is left', async () => {
    const post = await river.sent()
    for (const name of ['Ben', 'Cleo', 'Fay']) await change(name, { roles: ['editor'] })
    expect(told(await river.see(post))).toContain('Nobody is left who may approve it.')
    for (const name of ['Ana', 'Dee', 'Eli']) {
      expect((await river.mails(name, 'post-standing', post)).at(-1)!.text).toContain(
        'Ask an admin to make one more person',
      )
    }
  })
})

describe('the post of somebody who left', () => {
  it('needs attention until another editor takes it over, and goes on with them as its author', async () => {
    const post = await river.sent()
    expect((await river.command<{ code: string }>(post, 'adopt', 'Fay')).body.code).toBe('cannot-adopt')
    await change('Ana', { status: 'left' })
    expect(await place('Eli', post)).toEqual(['needsAttention'])
    expect((await river.command(post, 'adopt', 'Ben')).status).toBe(403)
    const taken = await river.command(post, 'adopt', 'Fay')
    expect(taken).toMatchObject({ status: 200, body: { author: { name: 'Fay', left: false } } })
    expect(told(taken.body)).toContain('Fay took it over from Ana.')
    expect(await place('Eli', post)).toEqual(['waitingForOthers'])
    // Who takes it over works on it from then on, and does not approve it.
    expect(taken.body.needs).toBe('Needs one approval, from anyone but Ana and Fay.')
    expect((await river.see(post, 'Fay')).mayReview).toBe(false)
    expect(await river.audit('post-adopted')).toHaveLength(1)
  })

  it('loses the approval of whoever takes it over', async () => {
    const post = await river.sent()
    await river.decide(post, 'Fay', 'approve')
    expect((await river.see(post, 'Eli')).state).toBe('approved')
    await change('Ana', { status: 'suspended' })
    expect((await river.command(post, 'adopt', 'Fay')).body.state).toBe('in_review')
    await river.decide(post, 'Ben', 'approve')
    await setClock(app, (await river.publication(post, 'Eli')).slot)
    await app.letPass({ seconds: 5 })
    expect(await runDue(app)).toBe(1)
  })
})

describe('two members who are one human being', () => {
  const merge = async (name: string, other: string, by = 'Dee') =>
    (await river.as(by)).post<{ code: string; detail: string }>(
      river.path(`members/${river.memberId(name)}/same-person`),
      { sameAs: river.memberId(other) },
    )

  it('count as one at once: the author’s own other sign-in has approved nothing, and is asked nothing', async () => {
    river = await TestGroup.make(app, 'Brook', [
      { name: 'Abe Home', roles: ['editor'] },
      { name: 'Abe Work', roles: ['reviewer'] },
    ])
    const post = await river.send(await river.write({}, 'Abe Home'), 'Abe Home')
    const { body: asked } = await river.command<{ url: string }>(post, 'review', 'Abe Work')
    expect((await river.press(await river.page(await river.as('Abe Work'), asked.url), 'approve')).status).toBe(303)
    const open = await river.send(await river.write({ text: 'Second.' }, 'Abe Home'), 'Abe Home')
    expect((await river.see(post)).state).toBe('approved')
    expect((await merge('Abe Work', 'Abe Home', 'Ana')).status).toBe(403)
    expect((await merge('Abe Work', 'Abe Home')).status).toBe(200)
    const seen = await river.see(post)
    expect(seen).toMatchObject({ state: 'in_review', needs: 'Needs one approval, from anyone but Abe Home.' })
    expect(told(seen)).toContain('Its approvals are no longer enough, so it waits for review again.')
    expect((await river.see(open)).asked.map((each) => each.name)).not.toContain('Abe Work')
    expect(told(await river.see(open))).toContain('Abe Work can no longer review it.')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect((await merge('Abe Home', 'Abe Work')).body.code).toBe('one-already')
    for (const name of ['Abe Home', 'Abe Work']) expect(await river.mails(name, 'people-merged')).toHaveLength(1)
    expect(await river.audit('people-merged')).toHaveLength(2)
    // Each sign-in still acts as its own member.
    for (const name of ['Abe Home', 'Abe Work']) {
      const list = (await (await river.as(name)).get<{ name: string; you: boolean }[]>(river.path('members'))).body
      expect(list.filter((each) => each.you).map((each) => each.name)).toEqual([name])
    }
  })

  it('are not found to be one by an admin of one group when another group knows them', async () => {
    await TestGroup.make(app, 'Other')
    const { body } = await merge('Ben', 'Cleo')
    expect(body.code).toBe('known-elsewhere')
    expect(body.detail).toContain('person:merge')
  })

  it('are named by the operator by address; two admins are not made one', async () => {
    river = await TestGroup.make(app, 'Burn', [
      { name: 'Jan One', roles: ['reviewer'] },
      { name: 'Jan Two', roles: ['reviewer'] },
    ])
    const operator = app.app.get(SamePersonService)
    await operator.mergeByEmail('jan.one@example.org', 'jan.two@example.org')
    expect(await river.audit('people-merged')).toEqual([
      expect.objectContaining({ by: null }),
      expect.objectContaining({ by: null }),
    ])
    await expect(operator.mergeByEmail('nobody@example.org', 'jan.two@example.org')).rejects.toThrow('Nobody here has')
    await expect(operator.mergeByEmail('dee@example.org', 'eli@example.org')).rejects.toThrow('only two admins')
  })

  it('do not acknowledge each other’s taking down', async () => {
    river = await TestGroup.make(app, 'Beck', [
      { name: 'Kim One', roles: ['editor'] },
      { name: 'Kim Two', roles: ['reviewer'] },
    ])
    const post = await river.approved()
    await river.toSlot(post)
    await runDue(app)
    const path = river.path(`publications/${(await river.publication(post)).id}`)
    await (await river.as('Kim One')).post(`${path}/retract`, { reason: 'Wrong.' })
    expect((await river.publication(post, 'Kim Two')).mayAcknowledge).toBe(true)
    await merge('Kim Two', 'Kim One')
    expect((await river.publication(post, 'Kim Two')).mayAcknowledge).toBe(false)
    expect((await (await river.as('Kim Two')).post(`${path}/acknowledge`)).body).toMatchObject({
      code: 'own-retraction',
    })
  })
})

describe('a channel that leads to another account', () => {
  const reconnect = async (more: object) =>
    (await river.as('Dee')).post<{ code: string }>(river.path(`channels/${river.bluesky.id}/reconnect`), {
      answers: { handle: 'somebody-else.test' },
      ...more,
    })

  it('is connected to it expressly only; then what was approved has to be sent and approved anew', async () => {
    const post = await river.approved()
    expect((await reconnect({})).body.code).toBe('other-account')
    expect((await river.see(post)).state).toBe('approved')
    expect((await reconnect({ otherAccount: true })).status).toBe(200)
    const seen = await river.see(post)
    expect(seen).toMatchObject({ editing: true, stateText: 'Being changed' })
    expect(told(seen)[0]).toContain('leads to another account than the one that was agreed to')
    expect(await river.mails('Ana', 'post-standing', post)).toHaveLength(1)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    // Discarding nothing does not bring the approval back.
    await river.command(post, 'discard-edit')
    expect(await runDue(app)).toBe(0)
    expect((await river.see(post)).editing).toBe(true)
    await app.app.get(LostApprovalsService).lookSoon()
    const again = await river.send(await river.see(post))
    await river.decide(again, 'Ben', 'approve')
    await river.toSlot(again, { minutes: 11 })
    expect(await runDue(app)).toBe(1)
    expect(network.public.at(-1)!.account).not.toBe(river.bluesky.remoteAccountId)
  })

  it('keeps nothing from the other channels of a post of which somebody left a failure on it at that', async () => {
    const post = await river.approved({
      channels: [river.bluesky.id, river.board.id],
      wish: { kind: 'exact', at: '2026-11-23T12:01' },
      usefulUntil: '2026-11-23T14:00',
    })
    const stop = await (await river.as('Dee')).patch(river.path(`channels/${river.board.id}`), { paused: true })
    expect(stop.status).toBe(200)
    await river.toSlot(post)
    network.next({ kind: 'rejected', cause: 'No.', field: 'text' })
    await runDue(app)
    const failed = (await river.see(post)).publications.find((each) => each.state === 'failed')!
    await (await river.as('Ana')).post(river.path(`publications/${failed.id}/accept-failure`))
    expect((await reconnect({ otherAccount: true })).status).toBe(200)
    expect((await river.see(post)).editing).toBe(false)
    const go = await (await river.as('Dee')).patch(river.path(`channels/${river.board.id}`), { paused: false })
    expect(go.status).toBe(200)
    expect(await runDue(app)).toBe(1)
    expect(await river.see(post)).toMatchObject({ state: 'done', stateText: 'Went out in part' })
    // Nor is there anything left to end.
    await setClock(app, '2026-11-23T14:00:05Z')
    expect(await app.app.get(ExpiryService).endUseless()).toBe(0)
  })

  it('is not changed while something on it may be public or not', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    network.next('answer lost')
    network.findSays = { kind: 'cannot-tell', cause: 'No.' }
    await runDue(app)
    expect((await river.publication(post)).state).toBe('in_doubt')
    expect((await reconnect({ otherAccount: true })).body.code).toBe('on-its-way')
    const { status, body } = await river.command<{ detail: string }>(post, 'cancel')
    expect(status).toBe(409)
    expect(body.detail).toContain('just going out, or we do not know yet whether it did')
    expect(body.detail).toContain('You can: put it on hold, copy it.')
  })
})

describe('a post whose time is over', () => {
  const end = () => app.app.get(ExpiryService).endUseless()

  it.each(['waiting', 'approved', 'held', 'changed', 'without a slot'])(
    'ends, %s as it is, with a mail and a place in the queue',
    async (how) => {
      const wish = how === 'without a slot' ? { kind: 'as_soon_as_approved' } : { kind: 'queue' }
      const wanted = { usefulUntil: '2026-11-23T14:00', wish }
      const post = how === 'approved' ? await river.approved(wanted) : await river.sent(wanted)
      if (how === 'held') await river.command(post, 'hold')
      if (how === 'changed') await river.save(await river.see(post), { ...wanted, text: 'Other words.' })
      await setClock(app, '2026-11-23T13:59:00Z')
      await end()
      expect((await river.see(post)).state).not.toBe('expired')
      await setClock(app, '2026-11-23T14:00:05Z')
      await end()
      expect(await end()).toBe(0)
      const seen = await river.see(post)
      expect(seen).toMatchObject({ state: 'expired', stateText: 'Its time is over', publications: [], needs: '' })
      expect(await place('Ana', post)).toEqual(['ended'])
      expect(await river.mails('Ana', 'post-expired', post)).toHaveLength(1)
      expect(await river.mails('Ben', 'post-expired', post)).toHaveLength(how === 'approved' ? 0 : 1)
      expect(await river.audit('post-expired')).toHaveLength(1)
      const { body } = await river.command<{ detail: string }>(post, 'cancel')
      expect(body.detail).toContain('You can: copy it.')
      expect((await river.open(post, 'Cleo')).html).toContain('The time of this post is over')
    },
  )

  it('on one channel while it is out on another keeps what is out', async () => {
    const post = await river.approved({ channels: [river.bluesky.id, river.board.id], usefulUntil: '2026-11-23T22:00' })
    const paused = await (await river.as('Dee')).patch(river.path(`channels/${river.bluesky.id}`), { paused: true })
    expect(paused.status).toBe(200)
    await river.toSlot(post, { minutes: 2 })
    await runDue(app)
    await setClock(app, '2026-11-23T22:00:05Z')
    await end()
    expect(await end()).toBe(0)
    expect(await river.see(post)).toMatchObject({ state: 'done', publications: [{ state: 'published' }] })
  })
})

describe('a post that was taken down', () => {
  it('is looked at by a second person within a day: asked at once, reminded before it is over, and once', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    await runDue(app)
    const path = river.path(`publications/${(await river.publication(post)).id}`)
    await (await river.as('Fay')).post(`${path}/retract`, { reason: 'The date was wrong.' })
    for (const name of ['Ana', 'Dee', 'Eli']) {
      const [mail] = await river.mails(name, 'takedown', post)
      expect(mail!.text).toContain('The date was wrong.')
    }
    expect((await river.publication(post)).nextStep).toContain('Somebody else says by Tuesday 24 November, 1')
    const remind = () => app.app.get(AftercareService).remindDue()
    await app.letPass({ hours: 19, minutes: 50 })
    await remind()
    expect(await river.mails('Ben', 'takedown-reminder', post)).toHaveLength(0)
    await app.letPass({ minutes: 11 })
    await remind()
    await remind()
    for (const name of ['Ana', 'Ben', 'Cleo', 'Dee'])
      expect(await river.mails(name, 'takedown-reminder', post)).toHaveLength(1)
    expect(await river.mails('Fay', 'takedown-reminder', post)).toHaveLength(0)
    expect((await (await river.as('Ben')).post(`${path}/acknowledge`)).status).toBe(200)
  })

  it('that somebody acknowledged in time reminds nobody', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    await runDue(app)
    const path = river.path(`publications/${(await river.publication(post)).id}`)
    await (await river.as('Fay')).post(`${path}/retract`, { reason: 'The date was wrong.' })
    await (await river.as('Ben')).post(`${path}/acknowledge`)
    await app.letPass({ hours: 23 })
    await app.app.get(AftercareService).remindDue()
    expect(await river.mails('Ana', 'takedown-reminder', post)).toHaveLength(0)
  })
})

describe('a copy', () => {
  it('carries nothing over: whoever sends it answers for the words, and the first author may approve them', async () => {
    const first = await river.approved()
    const copy = await river.command(first, 'copy', 'Fay')
    const sent = await river.send(copy.body, 'Fay')
    expect(sent).toMatchObject({ state: 'in_review', verdicts: [], author: { name: 'Fay' } })
    const { body } = await river.command<{ url: string }>(sent, 'review', 'Ana')
    expect((await river.press(await river.page(await river.as('Ana'), body.url), 'approve')).status).toBe(303)
    expect((await river.see(sent)).state).toBe('approved')
  })
})

describe('a failure that somebody left at that', () => {
  const accept = async (post: { id: string }) => {
    const { id } = await river.publication(post)
    const { status } = await (await river.as('Ana')).post(river.path(`publications/${id}/accept-failure`))
    expect(status).toBe(200)
  }
  /** It was not approved in time, and nobody minds. */
  async function missedInReview(): Promise<PostDetail> {
    const wish = { kind: 'exact', at: '2026-11-23T12:01' }
    const post = await river.sent({ wish, usefulUntil: '2026-11-23T22:00' })
    await river.toSlot(post)
    expect(await moveLate(app)).toBe(1)
    await accept(post)
    expect(await place('Ana', post)).toEqual(['waitingForOthers'])
    return post
  }

  it('is asked about anew once the post is approved all the same: whoever does that wants it to go out', async () => {
    const post = await missedInReview()
    const [card] = (await river.queue('Ben')).waitingForYou
    const page = await river.page(await river.as('Ben'), card!.reviewUrl!)
    expect((await river.press(page, 'approve')).status).toBe(303)
    expect(await river.publication(post)).toMatchObject({ state: 'missed', failureAccepted: null })
    expect(await place('Ana', post)).toEqual(['needsAttention'])
  })

  it('keeps nobody waiting for a review when the time is over in which the post was of use', async () => {
    const post = await missedInReview()
    await setClock(app, '2026-11-23T22:00:05Z')
    await app.app.get(ExpiryService).endUseless()
    expect(await river.see(post)).toMatchObject({ state: 'expired', publications: [] })
  })

  it('is asked about anew when a suggestion is applied, which changes the post as any edit does', async () => {
    const post = await river.approved()
    const ben = await river.as('Ben')
    const suggestion = { place: 'text', words: 'Other words.', note: '' }
    const made = await ben.post(river.path(`posts/${post.id}/suggestions`), suggestion)
    expect(made.status).toBe(201)
    await river.toSlot(post)
    network.next({ kind: 'rejected', cause: 'No.', field: 'text' })
    await runDue(app)
    await accept(post)
    const [open] = await app.query<{ id: string }>('select id from suggestions where post_id = $1', [post.id])
    const path = river.path(`posts/${post.id}/suggestions/${open!.id}/apply`)
    expect((await (await river.as('Ana')).post(path, { note: '' })).status).toBe(200)
    expect(await river.publication(post)).toMatchObject({ state: 'failed', failureAccepted: null })
    expect(await place('Ana', post)).toEqual(['needsAttention'])
  })
})

describe('a hold', () => {
  const held = async () =>
    (await app.app.get(SummariesStore).needs(app.app.get(Transaction).manager, river.id)).held.map(
      (each) => each.postId,
    )

  it('is in the weekly summary as long as anything could still go out, and no longer', async () => {
    const wish = { kind: 'exact', at: '2026-11-23T12:01' }
    const partly = await river.approved({ channels: [river.bluesky.id, river.board.id], wish })
    const waiting = await river.approved({ usefulUntil: '2026-11-23T22:00' })
    await river.command(waiting, 'hold')
    await river.toSlot(partly)
    network.next({ kind: 'rejected', cause: 'No.', field: 'text' })
    await runDue(app)
    const failed = (await river.see(partly)).publications.find((each) => each.state === 'failed')!
    expect((await river.command(partly, 'hold')).status).toBe(200)
    await (await river.as('Ana')).post(river.path(`publications/${failed.id}/accept-failure`))
    expect(await place('Ana', partly)).toEqual(['wentOut'])
    expect(await held()).toEqual([waiting.id])
    await setClock(app, '2026-11-23T22:00:05Z')
    await app.app.get(ExpiryService).endUseless()
    expect(await place('Ana', waiting)).toEqual(['ended'])
    expect(await held()).toEqual([])
  })
})

describe('a change that is discarded', () => {
  it('stays, and says why, where what was approved finds no free time; it goes on once there is one', async () => {
    const given = { wish: { kind: 'as_soon_as_approved' }, usefulUntil: '2026-11-23T14:00' }
    const post = await river.sent(given)
    await river.decide(post, 'Cleo', 'changes', 'No.')
    await river.decide(post, 'Ben', 'approve')
    const { body: changed } = await river.save(await river.see(post), { ...given, text: 'Other words.' })
    expect((await river.command(post, 'withdraw', 'Cleo')).status).toBe(200)
    const silence = { name: 'Quiet', from: '2026-11-23T09:00', until: '2026-11-23T16:00', channelIds: null }
    expect((await (await river.as('Dee')).post(river.path('silences'), silence)).status).toBe(201)
    expect((await river.command(post, 'discard-edit')).body).toMatchObject({ status: 409, code: 'no-slot' })
    expect(await place('Ana', post)).toEqual(['planned'])
    await river.save(changed, { ...given, text: 'Other words.', usefulUntil: '2026-11-23T18:00' })
    const { status, body } = await river.command(post, 'discard-edit')
    expect([status, body]).toMatchObject([200, { state: 'approved', publications: [{ state: 'planned' }] }])
  })
})
