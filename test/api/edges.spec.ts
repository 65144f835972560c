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
    (cards as PostDetail[]).some((card) => card.id === post.id) ? [section] : [],
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
    expect(told(seen)).toContain('An approval no longer counts, so it waits for review again.')
    expect((await river.mails('Ana', 'post-standing', post))[0]!.text).toContain('Needs one approval')
    expect(await river.mails('Cleo', 'post-standing', post)).toHaveLength(1)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
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
    expect(taken.body.needs).toBe('Needs one approval, from anyone but Ana or Fay.')
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
