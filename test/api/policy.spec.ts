import type { PolicyCheckView, PolicyView } from '../../src/groups/policies.dto.js'
import type { Policy } from '../../src/groups/policy.js'
import { LostApprovalsService } from '../../src/reviewers/lost-approvals.service.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import {
  moveLate,
  runDue,
  setClock,
  startOver,
  startQuietApp,
  TestGroup,
  type Wanted,
} from '../support/group-fixture.js'
import { changePolicy } from '../support/policy.js'

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

const first: Policy = {
  approvals: 1,
  contributorRule: 'strict',
  approvalLifetimeDays: null,
  coolingMinutes: 10,
  atOnceCoolingMinutes: 0,
  proof: 'usual',
  adminsNeedPasskey: false,
  mayBeAsked: null,
  extra: [],
}

async function propose<Body = PolicyView>(change: Partial<Policy>, name = 'Dee', reason = '') {
  return (await river.as(name)).post<Body>(river.path('policy'), { policy: { ...first, ...change }, reason })
}

async function settle<Body = PolicyView>(number: number, how: 'confirm' | 'refuse', name: string) {
  return (await river.as(name)).post<Body>(river.path(`policy/proposals/${number}/${how}`))
}

async function see(name = 'Ben'): Promise<PolicyView> {
  return (await (await river.as(name)).get<PolicyView>(river.path('policy'))).body
}

const publicHere = () => network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)
const sensitive = (reviewers: string[]) => ({
  extra: [
    {
      labels: ['Sensitive'],
      channelIds: [],
      reviewers: reviewers.map((name) => river.memberId(name)),
      approvals: null,
    },
  ],
})

describe('the review rules of a group', () => {
  it('come with the group and are read by every member', async () => {
    const { current, proposal, history } = await see('Ana')
    expect(current).toMatchObject({ number: 1, state: 'in_force', policy: first, madeBy: null })
    expect(current.sentences[0]).toBe('One person has to approve a post before it goes out.')
    expect({ proposal, history }).toEqual({ proposal: null, history: [] })
  })

  it('are changed by admins only', async () => {
    for (const name of ['Ana', 'Ben']) {
      expect((await propose({ approvals: 2 }, name)).status).toBe(403)
      expect((await settle(2, 'confirm', name)).status).toBe(403)
      expect((await (await river.as(name)).post(river.path('policy/check'), { policy: first })).status).toBe(403)
    }
  })

  it('are stricter at once, by one admin, and the other admins are told', async () => {
    const { status, body } = await propose({ approvals: 2 }, 'Dee', 'Two of us got it wrong last week.')
    expect(status).toBe(200)
    expect(body.current).toMatchObject({ number: 2, madeBy: 'Dee', reason: 'Two of us got it wrong last week.' })
    expect(body.current.changes).toEqual([
      { text: '2 people have to approve a post before it goes out.', weaker: false },
    ])
    expect(body.history.map((each) => each.number)).toEqual([1])
    const [mail] = await river.mails('Eli', 'policy')
    expect(mail?.subject).toBe('Dee made the review rules stricter in River')
    expect(mail?.text).toContain('Two of us got it wrong last week.')
    expect(await river.mails('Dee', 'policy')).toEqual([])
    expect(await river.audit('policy-changed')).toMatchObject([{ memberId: river.memberId('Dee'), number: 2 }])
  })

  it('are weaker once a second admin agrees', async () => {
    await propose({ approvals: 2 })
    const { body } = await propose({ approvals: 2, coolingMinutes: 0 })
    expect(body.current.number).toBe(2)
    expect(body.proposal).toMatchObject({ number: 3, state: 'proposed' })
    expect(body.mayConfirm).toContain('Another admin')
    expect((await river.mails('Eli', 'policy')).at(-1)?.text).toContain('(weaker than before)')

    const own = await settle<{ detail: string }>(3, 'confirm', 'Dee')
    expect(own.status).toBe(403)
    expect(own.body.detail).toContain('need two admins who are two people')
    expect((await see('Eli')).mayConfirm).toBeNull()
    const { body: confirmed } = await settle(3, 'confirm', 'Eli')
    expect(confirmed.current).toMatchObject({ number: 3, madeBy: 'Dee', settledBy: 'Eli' })
    expect((await river.mails('Dee', 'policy')).at(-1)?.subject).toBe('Eli confirmed weaker review rules in River')
    expect(await river.audit('policy-confirmed')).toMatchObject([{ memberId: river.memberId('Eli'), number: 3 }])
    expect((await settle(3, 'confirm', 'Eli')).status).toBe(409)
  })

  it('two sign-ins of one admin are not two admins', async () => {
    river = await TestGroup.make(app, 'Lake', [
      { name: 'Fay', roles: ['admin'] },
      { name: 'Fay at Work', roles: ['admin'] },
    ])
    await propose({ coolingMinutes: 0 }, 'Fay')
    await app.query('update people set same_as = $2 where id = $1', [
      river.members['Fay at Work']!.personId,
      river.members['Fay']!.personId,
    ])
    expect((await settle(2, 'confirm', 'Fay at Work')).status).toBe(403)
    expect((await see()).current.number).toBe(1)
    expect((await settle(2, 'confirm', 'Dee')).status).toBe(200)
  })

  it('are refused by another admin, taken back by the one who proposed them, overtaken by stricter ones', async () => {
    await propose({ coolingMinutes: 0 })
    expect((await settle(2, 'refuse', 'Eli')).body.history[0]).toMatchObject({ state: 'refused', settledBy: 'Eli' })
    await propose({ coolingMinutes: 1 })
    expect((await settle(3, 'refuse', 'Dee')).body.history[0]).toMatchObject({ number: 3, state: 'withdrawn' })
    await propose({ coolingMinutes: 2 })
    const again = await propose<{ detail: string }>({ coolingMinutes: 3 }, 'Eli')
    expect(again.status).toBe(409)
    expect(again.body.detail).toContain('Version 4 of the review rules waits')
    expect((await propose({ approvals: 2 })).body.history[0]).toMatchObject({ number: 4, state: 'replaced' })
    expect((await settle(4, 'confirm', 'Eli')).status).toBe(409)
    expect((await see()).current.number).toBe(5)
  })

  it('say beforehand what a change would mean', async () => {
    const dee = await river.as('Dee')
    const check = (change: Partial<Policy>) =>
      dee.post<PolicyCheckView>(river.path('policy/check'), { policy: { ...first, ...change } })
    expect((await check({ approvals: 2 })).body).toMatchObject({ waits: false, changes: [{ weaker: false }] })
    expect((await check({ coolingMinutes: 0, approvals: 2 })).body).toMatchObject({
      waits: true,
      changes: [{ weaker: false }, { weaker: true }],
    })
    expect((await check({})).body).toEqual({ waits: false, refusal: null, changes: [] })
    expect((await check({ approvals: 5 })).body.refusal).toContain('5 approvals are more than')
    expect((await see()).history).toEqual([])
  })

  it('are refused when they make no sense, or change nothing', async () => {
    const { body, status } = await propose<{ detail: string }>({ approvals: 5 })
    expect({ status, detail: body.detail }).toEqual({
      status: 422,
      detail:
        '5 approvals are more than the 3 of this group who may give one, so nothing could go out. Make more people reviewers first, or ask for fewer approvals.',
    })
    expect((await propose({ approvals: 6 })).status).toBe(422)
    expect((await propose({ coolingMinutes: -1 })).status).toBe(422)
    expect((await propose({ mayBeAsked: [river.memberId('Dee')] })).status).toBe(422)
    expect((await propose({})).status).toBe(409)
  })
})

describe('a post', () => {
  it('in review needs at once what stricter rules ask for, and its people learn of it', async () => {
    const post = await river.approved()
    await propose({ approvals: 2 })
    const seen = await river.see(post)
    expect(seen).toMatchObject({ state: 'in_review', needs: 'Needs one more approval, from anyone but Ana.' })
    await river.toSlot(post)
    await runDue(app)
    expect(publicHere()).toEqual([])
  })

  it('in review still needs what it needed when the rules become weaker', async () => {
    await changePolicy(app, river.id, { approvals: 2 })
    const post = await river.approved()
    await changePolicy(app, river.id, { approvals: 1 })
    expect((await river.see(post)).needs).toBe('Needs one more approval, from anyone but Ana.')
    await river.toSlot(post)
    await runDue(app)
    expect(publicHere()).toEqual([])
    const next = await river.approved({ text: 'Sent under the weaker rules.' })
    expect(next.state).toBe('approved')
  })

  it('needs one of those whom a rule names, who are asked first', async () => {
    await propose({ ...sensitive(['Cleo']) })
    const post = await river.sent({ labels: ['sensitive'] })
    expect(post.asked.map((each) => each.name)).toContain('Cleo')
    expect(post.needs).toBe('Needs one approval: from Cleo, because of the label “Sensitive”.')
    await river.decide(post, 'Ben', 'approve')
    expect(await river.see(post)).toMatchObject({
      state: 'in_review',
      needs: 'Needs one more approval: from Cleo, because of the label “Sensitive”.',
    })
    await river.decide(post, 'Cleo', 'approve')
    expect((await river.see(post)).state).toBe('approved')
  })

  it.each(['sent', 'approved'] as const)('that was %s asks whom new rules name', async (how) => {
    const more = ['Gil', 'Hana', 'Ida'].map((name) => ({ name, roles: ['reviewer' as const] }))
    river = await TestGroup.make(app, 'Lake', more)
    const post = await river[how]()
    const names = (seen: { asked: readonly { name: string }[] }) => seen.asked.map((each) => each.name)
    const name = ['Cleo', 'Gil', 'Hana', 'Ida'].find((each) => !names(post).includes(each))!
    const rule = { labels: [], channelIds: [river.bluesky.id], reviewers: [river.memberId(name)], approvals: null }
    await propose({ extra: [rule] })
    const seen = await river.see(post)
    expect(seen.state).toBe('in_review')
    expect(names(seen)).toEqual([...names(post), name])
    expect(seen.needs).toContain(`from ${name}, because of the channel`)
    await propose({ extra: [rule], coolingMinutes: 11 })
    expect(names(await river.see(post))).toHaveLength(4)
  })

  it('is not freed by taking the label off once it is sent', async () => {
    await propose({ ...sensitive(['Cleo']) })
    const wanted: Wanted = { labels: ['sensitive'] }
    const post = await river.sent(wanted)
    const { status } = await river.save(post, { ...wanted, labels: [] })
    expect(status).toBe(200)
    await river.decide(post, 'Ben', 'approve')
    expect(await river.see(post)).toMatchObject({ state: 'in_review', labels: [] })
  })

  it('is not sent when nobody whom a rule names may approve it', async () => {
    const { body } = await propose({ ...sensitive(['Ana']) })
    expect(body.current.number).toBe(2)
    const post = await river.write({ labels: ['sensitive'] })
    const { status, body: refusal } = await river.trySend<{ detail: string }>(post)
    expect(status).toBe(409)
    expect(refusal.detail).toContain('Because of the label “Sensitive”, Ana has to approve this, and may not')
  })

  it('is approved only by those who may be asked', async () => {
    await propose({ mayBeAsked: [river.memberId('Ana'), river.memberId('Cleo')] })
    const post = await river.sent()
    expect(post.asked.map((each) => each.name)).toEqual(['Cleo'])
    const { body } = await river.command<{ url: string }>(post, 'review', 'Ben')
    const page = await river.page(await river.as('Ben'), body.url)
    const answer = await river.press(page, 'approve')
    expect(answer.body).toContain('name others who approve')
    const own = await river.write({ text: 'By Cleo.' }, 'Eli')
    await river.suspend('Cleo')
    await river.suspend('Ana')
    expect((await river.trySend(own, 'Eli')).status).toBe(409)
  })

  it('needs another look when its approval has become too old, and the same person may give it', async () => {
    await propose({ approvalLifetimeDays: 1 })
    const post = await river.approved({ wish: { kind: 'exact', at: '2026-11-25T12:00' } })
    await setClock(app, '2026-11-25T11:00:00Z')
    await app.app.get(LostApprovalsService).lookSoon()
    expect(await river.see(post)).toMatchObject({
      state: 'in_review',
      needs: 'Needs one approval, from anyone but Ana. The approval of Ben was too long ago and no longer counts.',
    })
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect((await river.press(page, 'approve')).status).toBe(303)
    await river.toSlot(post)
    await runDue(app)
    expect(publicHere()).toHaveLength(1)
  })
})

describe('the time between approval and going out', () => {
  it('moves a post on that was approved too shortly before its slot, and says so', async () => {
    const post = await river.sent()
    const { slot, slotText } = await river.publication(post)
    await river.toSlot(post, { minutes: -4 })
    await river.decide(post, 'Ben', 'approve')
    const moved = await river.publication(post)
    expect(Date.parse(moved.slot)).toBeGreaterThanOrEqual(Date.parse(slot) + 6 * 60_000)
    const seen = await river.see(post)
    expect(seen.history.some((each) => each.text.includes(`less than 10 minutes before its time (${slotText})`))).toBe(
      true,
    )
    expect((await river.mails('Ana', 'review-receipt', post)).at(-1)?.text).toContain(moved.slotText)
    await setClock(app, slot)
    expect(await runDue(app)).toBe(0)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('shifts an exact time by the missing minutes, inside its tolerance', async () => {
    const post = await river.sent({ wish: { kind: 'exact', at: '2026-11-23T12:00' } })
    await setClock(app, '2026-11-23T11:56:02Z')
    await river.decide(post, 'Ben', 'approve')
    expect((await river.publication(post)).slot).toBe('2026-11-23T12:07:00.000Z')
    await setClock(app, '2026-11-23T12:06:00Z')
    expect(await runDue(app)).toBe(0)
    await setClock(app, '2026-11-23T12:07:05Z')
    expect(await runDue(app)).toBe(1)
  })

  it('is not started again by one more approval', async () => {
    const post = await river.approved()
    await river.toSlot(post, { minutes: -2 })
    const { slot } = await river.publication(post)
    await river.decide(post, 'Cleo', 'approve')
    expect((await river.publication(post)).slot).toBe(slot)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('holds back what is to go at once only when the rules say so', async () => {
    const now = await river.approved({ text: 'At once.', wish: { kind: 'as_soon_as_approved' } })
    expect(Date.parse((await river.publication(now)).slot)).toBeLessThan(Date.parse('2026-11-23T09:39:00Z'))
    await propose({ atOnceCoolingMinutes: 20 })
    const later = await river.approved({ text: 'A little later.', wish: { kind: 'as_soon_as_approved' } })
    expect(await runDue(app)).toBe(0)
    const { slot } = await river.publication(later)
    expect(Date.parse(slot)).toBeGreaterThanOrEqual(Date.parse('2026-11-23T09:50:00Z'))
    await river.toSlot(later)
    expect(await runDue(app)).toBe(1)
  })

  it('that grew while a post waited makes it wait, and nothing is lost', async () => {
    const post = await river.approved()
    await river.toSlot(post, { minutes: -20 })
    await propose({ coolingMinutes: 1440 })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect((await river.publication(post)).state).toBe('planned')
    await setClock(app, '2026-11-23T23:00:00Z')
    await moveLate(app)
    const moved = await river.publication(post)
    expect(moved.state).toBe('planned')
    expect(Date.parse(moved.slot)).toBeGreaterThan(Date.parse('2026-11-24T09:30:00Z'))
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })
})
