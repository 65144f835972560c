import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../../src/database/transaction.js'
import type { CheckResult, PostDetail, Queue } from '../../src/workspace/post-views.dto.js'
import { beginning, QueueStore } from '../../src/workspace/queue.store.js'
import type { WeekView } from '../../src/workspace/week.dto.js'
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
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

/** As `explain (analyze, format json)` answers it. */
interface PlanNode {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}
/** Rows of tables that a statement really looked at, whatever it made of them. */
const lookedAt = (node: PlanNode): number =>
  (node['Relation Name'] === undefined
    ? 0
    : (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']) +
  (node.Plans ?? []).reduce((sum, below) => sum + lookedAt(below), 0)

const ids = (cards: readonly { id: string }[]) => cards.map((card) => card.id)

describe('writing', () => {
  it('keeps what was written, and says who wrote it', async () => {
    const picture = await river.upload()
    const post = await river.write({
      text: '  The ferry is back.  ',
      link: 'https://example.org/ferry',
      pictures: [{ mediaId: picture.id, alt: 'A ferry.' }],
      labels: ['ferry', ' ferry ', ''],
      notes: 'Ask the harbour first.',
      usefulUntil: '2026-12-01T12:00',
    })
    expect(post).toMatchObject({
      state: 'draft',
      version: 1,
      author: { name: 'Ana' },
      labels: ['ferry'],
      notes: 'Ask the harbour first.',
      usefulUntil: '2026-12-01T12:00',
      publications: [],
      pictureCount: 1,
      media: [expect.objectContaining({ id: picture.id, width: 64, height: 64 })],
    })
    expect(await river.see(post, 'Ben')).toMatchObject({
      content: post.content,
      may: { edit: expect.stringContaining('Only editors'), hold: expect.any(String) },
    })
    expect(ids((await river.queue('Ana')).drafts)).toEqual([post.id])
  })

  it('is for editors and admins', async () => {
    const ben = await river.as('Ben')
    expect((await ben.post(river.path('posts'), river.input())).status).toBe(403)
    const post = await river.write()
    expect((await river.save(post, { text: 'Ben’s words.' }, 'Ben')).status).toBe(403)
    expect((await river.trySend(post, 'Ben')).status).toBe(403)
    for (const command of ['cancel', 'copy', 'discard-edit'])
      expect((await river.command(post, command, 'Ben')).status).toBe(403)
  })

  it('over a version that somebody else has replaced is refused, with what is there now', async () => {
    const post = await river.write()
    expect((await river.save(post, { text: 'Eli’s words.' }, 'Eli')).status).toBe(200)
    const late = await river.save(post, { text: 'Ana’s words.' })
    expect(late.status).toBe(409)
    expect(late.body).toMatchObject({
      code: 'old-version',
      detail: expect.stringContaining('Compare both'),
      current: { version: 2, content: { text: 'Eli’s words.' } },
    })
    expect((await river.trySend(post)).body).toMatchObject({ status: 409, code: 'old-version' })
    const both = await Promise.all([
      river.save({ ...post, version: 2 }, { text: 'One.' }),
      river.save({ ...post, version: 2 }, { text: 'Other.' }, 'Eli'),
    ])
    expect(new Set(both.map((answer) => answer.status))).toEqual(new Set([200, 409]))
  })

  it('takes nothing that is no post', async () => {
    const ana = await river.as('Ana')
    const good = river.input()
    for (const bad of [
      { ...good, wish: { kind: 'exact', at: 'tomorrow' } },
      { ...good, content: { ...good.content, link: 'javascript:alert(1)' } },
      { ...good, content: { ...good.content, channels: [good.content.channels[0], good.content.channels[0]] } },
      { ...good, more: 1 },
      {},
    ]) {
      expect((await ana.post(river.path('posts'), bad)).body).toMatchObject({ status: 422, detail: expect.any(String) })
    }
  })
})

describe('sending for review', () => {
  it.each([
    ['no channel', { channels: [] }, 'Choose at least one channel.'],
    ['a text that is too long', { text: 'x'.repeat(301) }, 'Bluesky takes 300 characters; this text has 301.'],
    ['nothing in it', { text: ' ' }, 'Bluesky needs a text, a link or a picture; this post has none.'],
    ['a time that has passed', { wish: { kind: 'exact', at: '2026-11-23T09:00' } }, 'has passed. Choose a later time.'],
    [
      'a time in the quiet hours and no reason',
      { wish: { kind: 'exact', at: '2026-11-23T23:10' } },
      'is in the quiet hours (21:30 to 07:00). Give a reason to go ahead all the same',
    ],
    [
      'a time that leaves reviewers too little',
      { wish: { kind: 'exact', at: '2026-11-23T09:35' } },
      'leaves reviewers too little time',
    ],
    [
      'no use any more before anybody could look',
      { usefulUntil: '2026-11-23T09:45' },
      'It is of no use after Monday 23 November, 09:45',
    ],
  ])('is refused with %s, and nothing is kept', async (_what, wanted, reason) => {
    const post = await river.write(wanted)
    const refused = await river.trySend(post)
    expect([409, 422]).toContain(refused.status)
    expect(refused.body['detail']).toContain(reason)
    expect(await river.see(post)).toMatchObject({ state: 'draft', revisions: [], publications: [], asked: [] })
    expect(await river.mails('Ben', 'review-request', post)).toEqual([])
  })

  it('is refused when nobody is left who may review, and says whom to ask', async () => {
    await river.suspend('Ben')
    await river.suspend('Cleo')
    const refused = await river.trySend(await river.write())
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'no-reviewers',
      detail:
        'This needs one approval, and nobody may give one: reviewers who worked on the post do not count (Ana). Ask an admin to make one more person a reviewer.',
    })
  })

  it('asks those who did not work on it, once each, and not twice the same version', async () => {
    const post = await river.sent()
    expect(post).toMatchObject({
      state: 'in_review',
      stateText: 'Waiting for Ben or Cleo',
      needs: 'Needs one approval, from anyone but Ana.',
    })
    for (const name of ['Ben', 'Cleo']) expect(await river.mails(name, 'review-request', post)).toHaveLength(1)
    for (const name of ['Ana', 'Dee', 'Eli']) expect(await river.mails(name, 'review-request', post)).toEqual([])
    expect((await river.trySend(post)).body['detail']).toContain('This version has been sent for review already.')
  })

  it('goes out in quiet hours for a reason, which is kept', async () => {
    const post = await river.sent({
      wish: { kind: 'exact', at: '2026-11-23T23:10', reason: 'The vote ends at eleven.' },
    })
    expect(post.publications[0]).toMatchObject({ slot: '2026-11-23T23:10:00.000Z', windowName: null })
    expect(post.publications[0]!.reasons.join()).toContain('the reason given: The vote ends at eleven.')
  })

  it('of several posts for the same channels at one moment gives each a slot of its own on each', async () => {
    const channels = [river.bluesky.id, river.board.id]
    const posts = await Promise.all(['One.', 'Two.', 'Three.'].map((text) => river.write({ text, channels })))
    const sent = await Promise.all(posts.map((post) => river.send(post)))
    for (const channelId of channels) {
      const slots = sent.map((post) => post.publications.find((each) => each.channelId === channelId)?.slot)
      expect(slots.every((slot) => slot !== undefined)).toBe(true)
      expect(new Set(slots).size).toBe(3)
    }
  })

  it('finds slots in the windows, spread by gap, cap and quiet hours, and says why', async () => {
    const slots: DateTime[] = []
    for (let index = 0; index < 8; index += 1) {
      const [publication] = (await river.sent({ text: `Post ${index}.` })).publications
      expect(publication!.reasons).toEqual([
        expect.stringMatching(/(lunch|after work|evening|before work), (Monday|Tuesday|Wednesday|Thursday)/),
      ])
      expect(publication!.slotText).toMatch(/^\w+day \d+ November, \d\d:\d\d \(Europe\/London\)$/)
      slots.push(DateTime.fromISO(publication!.slot, { zone: 'Europe/London' }))
    }
    const windows: Record<string, [string, string]> = {
      before: ['07:00', '09:00'],
      lunch: ['12:00', '14:00'],
      after: ['17:00', '19:00'],
      evening: ['20:00', '21:00'],
    }
    for (const slot of slots) {
      const time = slot.toFormat('HH:mm')
      expect(Object.values(windows).some(([start, end]) => time >= start && time < end)).toBe(true)
    }
    const sorted = slots.map((slot) => slot.toMillis()).sort((one, other) => one - other)
    for (let index = 1; index < sorted.length; index += 1)
      expect(sorted[index]! - sorted[index - 1]!).toBeGreaterThanOrEqual(60 * 60_000)
    expect(new Set(sorted).size).toBe(8)
  })
})

describe('the check while typing', () => {
  it('says what each network counts, what is wrong, when it would go and who would be asked, and keeps nothing', async () => {
    const ana = await river.as('Ana')
    const before = await app.everything()
    const { status, body } = await ana.post<CheckResult>(
      river.path('posts/check'),
      river.input({ text: 'x'.repeat(301), channels: [river.bluesky.id, river.board.id] }),
    )
    expect(status).toBe(200)
    const [bluesky, board] = body.channels
    expect(bluesky).toMatchObject({
      channelId: river.bluesky.id,
      used: 301,
      limit: 300,
      unit: 'characters',
      problems: [{ field: 'text', message: expect.stringContaining('301') }],
    })
    expect(board).toMatchObject({
      channelId: river.board.id,
      used: 301,
      problems: [],
      noSlot: null,
      slot: { windowName: 'lunch', text: expect.stringContaining('(Europe/London)') },
    })
    expect(body.reviewers).toMatchObject({
      who: ['Ben', 'Cleo'],
      needed: 1,
      refused: null,
      sentence: 'Ben and Cleo will be asked; one of them has to approve.',
    })
    expect(await app.everything()).toEqual(before)
  })

  it('says why there is no slot', async () => {
    const { body } = await (
      await river.as('Ana')
    ).post<CheckResult>(river.path('posts/check'), river.input({ wish: { kind: 'exact', at: '2026-11-23T09:00' } }))
    expect(body.channels[0]).toMatchObject({ slot: null, noSlot: expect.stringContaining('has passed') })
  })
})

describe('a change after the approval', () => {
  it('keeps the post from going out and, once it is sent, needs new approvals; the slot stays', async () => {
    const post = await river.approved()
    const edited = (await river.save(post, { text: 'Other words.' })).body
    expect(edited).toMatchObject({ editing: true, stateText: 'Being changed' })
    const sent = await river.send(edited)
    expect(sent).toMatchObject({
      state: 'in_review',
      editing: false,
      needs: 'Needs one approval, from anyone but Ana.',
    })
    expect(sent.publications[0]!.slot).toBe(post.publications[0]!.slot)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect(
      network.publicTexts(post.content.text).filter((each) => each.account === river.bluesky.remoteAccountId),
    ).toEqual([])
  })

  it('that is discarded leaves the approval as it was', async () => {
    const post = await river.approved()
    await river.save(post, { text: 'Other words.' })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect((await river.command(post, 'discard-edit')).body).toMatchObject({
      state: 'approved',
      editing: false,
      content: { text: post.content.text },
    })
    expect(await runDue(app)).toBe(1)
  })

  it('of notes and labels touches nothing that was approved', async () => {
    const post = await river.approved()
    const saved = await river.save(post, { notes: 'Well done.', labels: ['walk'] })
    expect(saved.body).toMatchObject({ state: 'approved', editing: false, labels: ['walk'], notes: 'Well done.' })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('of the time alone needs a new approval too', async () => {
    const post = await river.approved({ wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    const moved = (await river.save(post, { wish: { kind: 'exact', at: '2026-11-23T18:01' } })).body
    expect(moved.editing).toBe(true)
    const sent = await river.send(moved)
    expect(sent.publications[0]!.slot).toBe('2026-11-23T18:01:00.000Z')
    expect(sent.revisions.map((revision) => revision.content.timing)).toEqual([
      'Monday 23 November, 18:01 (Europe/London)',
      'Monday 23 November, 12:01 (Europe/London)',
    ])
    await setClock(app, '2026-11-23T12:01:30Z')
    expect(await runDue(app)).toBe(0)
  })

  it('of the channels takes the slots of those that are gone', async () => {
    const post = await river.approved({ channels: [river.bluesky.id, river.board.id] })
    expect(post.publications).toHaveLength(2)
    const sent = await river.send((await river.save(post, { channels: [river.board.id] })).body)
    expect(sent.publications.map((each) => each.channelId)).toEqual([river.board.id])
  })

  it('of the channels leaves nothing to be seen to where it missed its time and goes no more', async () => {
    const wish = { kind: 'exact', at: '2026-11-23T12:01' }
    const post = await river.sent({ channels: [river.bluesky.id, river.board.id], wish })
    await river.toSlot(post)
    await moveLate(app)
    const missed = await river.see(post)
    expect(missed.publications.map((each) => each.state)).toEqual(['missed', 'missed'])
    const another = { channels: [river.board.id], wish: { kind: 'exact', at: '2026-11-23T18:01' } }
    const sent = await river.send((await river.save(missed, another)).body)
    expect(sent.publications).toMatchObject([{ channelId: river.board.id, state: 'planned' }])
    expect((await river.queue('Ana')).needsAttention).toEqual([])
  })
})

describe('a post', () => {
  it('that is cancelled goes nowhere, and its slot is free again', async () => {
    const post = await river.approved()
    expect((await river.command(post, 'cancel')).body).toMatchObject({ state: 'cancelled', publications: [] })
    const next = await river.sent({ text: 'Another.' })
    expect(next.publications[0]!.windowName).toBe(post.publications[0]!.windowName)
    await river.toSlot(next)
    expect(await runDue(app)).toBe(0)
    expect((await river.command(post, 'cancel')).status).toBe(409)
    expect((await river.save(post, { text: 'Other words.' })).status).toBe(409)
    const queue = await river.queue('Ana')
    expect(Object.values(queue).flatMap((cards: PostDetail[] | null) => ids(cards ?? []))).not.toContain(post.id)
  })

  it('that is copied is a new draft, to which nothing carries over', async () => {
    const post = await river.approved({ wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    const { status, body } = await river.command(post, 'copy', 'Eli')
    expect(status).toBe(201)
    expect(body).toMatchObject({
      state: 'draft',
      author: { name: 'Eli' },
      content: { text: post.content.text },
      wish: { kind: 'queue' },
      revisions: [],
      verdicts: [],
      publications: [],
      asked: [],
    })
    expect(body.id).not.toBe(post.id)
  })

  it('as soon as approved has no slot before, and goes out at once after', async () => {
    const post = await river.sent({ wish: { kind: 'as_soon_as_approved' } })
    expect(post.publications).toEqual([])
    await app.letPass({ hours: 2 })
    await moveLate(app)
    await river.decide(post, 'Ben', 'approve')
    const [publication] = (await river.see(post)).publications
    expect(publication).toMatchObject({ state: 'planned', reasons: ['as soon as it is approved'] })
    await app.letPass({ minutes: 1 })
    expect(await runDue(app)).toBe(1)
    expect((await river.see(post)).state).toBe('done')
  })

  it('as soon as approved keeps the quiet hours, and gets a new slot when its approval no longer counts', async () => {
    await setClock(app, '2026-11-23T22:00:00Z')
    const post = await river.sent({ wish: { kind: 'as_soon_as_approved' } })
    await river.decide(post, 'Ben', 'approve')
    expect((await river.publication(post)).slot).toBe('2026-11-24T07:00:00.000Z')
    await river.suspend('Ben')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    await moveLate(app)
    expect(await river.see(post)).toMatchObject({ state: 'in_review', publications: [] })
    await river.decide(post, 'Cleo', 'approve')
    await app.letPass({ minutes: 1 })
    expect(await runDue(app)).toBe(1)
  })

  it('as soon as approved that was held and is released gets a new slot', async () => {
    const post = await river.sent({ wish: { kind: 'as_soon_as_approved' } })
    await river.decide(post, 'Ben', 'approve')
    await river.command(post, 'hold', 'Cleo')
    await app.letPass({ hours: 3 })
    expect(await runDue(app)).toBe(0)
    await river.decide(post, 'Ben', 'approve')
    await app.letPass({ minutes: 1 })
    expect(await runDue(app)).toBe(1)
  })
})

describe('a post that was not approved in time', () => {
  it('moves to the next slot; its people are told once, and the old link still works', async () => {
    const post = await river.sent()
    const before = await river.publication(post)
    const link = await river.link(post, 'Ben')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    await moveLate(app)
    await moveLate(app)
    const after = await river.publication(post)
    expect(after.state).toBe('planned')
    expect(after.slot > before.slot).toBe(true)
    for (const name of ['Ana', 'Ben', 'Cleo']) {
      const mails = await river.mails(name, 'post-moved', post)
      expect(mails).toHaveLength(1)
      expect(mails[0]!.text).toContain(after.slotText)
    }
    expect((await river.see(post)).history.map((event) => event.text)).toContain(
      `It was not approved in time (${before.slotText}), so it moved to ${after.slotText}.`,
    )
    await river.toSlot(post)
    await moveLate(app)
    expect(await river.mails('Ana', 'post-moved', post)).toHaveLength(1)

    expect(await river.link(post, 'Ben')).toBe(link)
    const page = await river.open(post, 'Ben')
    expect(page.status).toBe(200)
    await river.press(page, 'approve')
    expect((await river.type(page, 'approve', await river.code('Ben'))).status).toBe(303)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('with an exact time is not sent at another: its people choose', async () => {
    const post = await river.sent({ wish: { kind: 'exact', at: '2026-11-23T12:01' } })
    await river.toSlot(post)
    await moveLate(app)
    expect(await river.publication(post)).toMatchObject({
      state: 'missed',
      nextStep: 'Choose a new time and send it again, or cancel it.',
    })
    expect((await river.see(post)).stateText).toBe('Missed its time')
    expect(ids((await river.queue('Ana')).needsAttention)).toEqual([post.id])
    expect(await river.mails('Ana', 'post-moved', post)).toHaveLength(1)
    const again = await river.send(
      (await river.save(await river.see(post), { wish: { kind: 'exact', at: '2026-11-23T18:01' } })).body,
    )
    expect(again.publications).toEqual([
      expect.objectContaining({ state: 'planned', slot: '2026-11-23T18:01:00.000Z', cause: null }),
    ])
    await river.decide(again, 'Ben', 'approve')
    await river.toSlot(again)
    expect(await runDue(app)).toBe(1)
  })

  it('goes nowhere any more once it is of no use', async () => {
    const post = await river.sent({ usefulUntil: '2026-11-23T14:00' })
    await river.toSlot(post)
    await setClock(app, '2026-11-23T14:00:05Z')
    await moveLate(app)
    expect((await river.publication(post)).state).toBe('missed')
  })

  it('while it is held or being changed stays where it is', async () => {
    const held = await river.sent()
    const edited = await river.sent({ text: 'Another.' })
    await river.command(held, 'hold')
    await river.save(edited, { text: 'Other words.' })
    await setClock(app, '2026-11-24T12:00:00Z')
    expect(await moveLate(app)).toBe(0)
    expect((await river.publication(held)).slot).toBe(held.publications[0]!.slot)
  })
})

describe('a post that missed its time because nothing ran', () => {
  it('is placed anew inside what was approved, keeps its approval, and never goes out late', async () => {
    const posts = []
    for (const text of ['First.', 'Second.', 'Third.']) posts.push(await river.approved({ text }))
    await setClock(app, '2026-11-26T15:00:00Z')
    expect(await runDue(app)).toBe(0)
    await moveLate(app)
    const slots = []
    for (const post of posts) {
      const seen = await river.see(post)
      expect(seen.state).toBe('approved')
      slots.push(DateTime.fromISO(seen.publications[0]!.slot).toMillis())
      expect(await river.mails('Ana', 'post-moved', post)).toHaveLength(1)
      expect(await river.mails('Cleo', 'post-moved', post)).toEqual([])
    }
    slots.sort((one, other) => one - other)
    expect(slots[0]).toBeGreaterThan(DateTime.fromISO('2026-11-26T15:00:00Z').toMillis())
    expect(slots[1]! - slots[0]!).toBeGreaterThanOrEqual(3_600_000)
    expect(slots[2]! - slots[1]!).toBeGreaterThanOrEqual(3_600_000)
    expect(await runDue(app)).toBe(0)
  })
})

describe('the queue', () => {
  it('puts each post where the one who looks can do something about it', async () => {
    const draft = await river.write({ text: 'A draft.' })
    const waiting = await river.sent({ text: 'Waits.' })
    const approved = await river.approved({ text: 'Approved.' })
    const sentBack = await river.sent({ text: 'Sent back.' })
    await river.decide(sentBack, 'Cleo', 'changes', 'No.')
    const held = await river.sent({ text: 'Held.' })
    await river.command(held, 'hold', 'Dee')
    const where = async (name: string) => {
      const queue = await river.queue(name)
      return Object.fromEntries(
        Object.entries(queue as unknown as Record<keyof Queue, PostDetail[] | null>).map(([section, cards]) => [
          section,
          cards && ids(cards).sort(),
        ]),
      )
    }
    const empty = {
      more: null,
      waitingForYou: [],
      needsAttention: [],
      waitingForOthers: [],
      planned: [approved.id],
      drafts: [draft.id],
      wentOut: [],
      ended: [],
    }
    expect(await where('Ana')).toEqual({
      ...empty,
      waitingForYou: [sentBack.id],
      needsAttention: [held.id],
      waitingForOthers: [waiting.id],
    })
    expect(await where('Ben')).toEqual({
      ...empty,
      waitingForYou: [waiting.id, held.id].sort(),
      waitingForOthers: [sentBack.id],
    })
    expect(await where('Dee')).toEqual({
      ...empty,
      needsAttention: [held.id],
      waitingForOthers: [waiting.id, sentBack.id].sort(),
    })
    await river.decide(waiting, 'Ben', 'approve')
    expect((await where('Ben'))['planned']).toEqual([waiting.id, approved.id].sort())
  })

  describe('has what was approved without a slot, however long nobody has touched it', () => {
    const wish = { kind: 'as_soon_as_approved' }
    const everywhere = async (name: string) =>
      Object.values((await river.queue(name)) as unknown as Record<string, PostDetail[] | null>).flatMap((cards) =>
        ids(cards ?? []),
      )
    /** Approved by Ben, with a wish for changes of Cleo's that is taken back after something has happened. */
    async function approvedAfter(happens: (post: PostDetail) => Promise<unknown>): Promise<PostDetail> {
      const post = await river.sent({ wish })
      await river.decide(post, 'Cleo', 'changes', 'No.')
      await river.decide(post, 'Ben', 'approve')
      await happens(await river.see(post))
      expect((await river.command(post, 'withdraw', 'Cleo')).status).toBe(200)
      const seen = await river.see(post)
      expect(seen).toMatchObject({ state: 'approved', publications: [] })
      return seen
    }

    it('while it is held; the approval that releases it brings the slot', async () => {
      const post = await approvedAfter((each) => river.command(each, 'hold', 'Dee'))
      await app.letPass({ days: 61 })
      expect(ids((await river.queue('Dee')).needsAttention)).toEqual([post.id])
      const page = await river.page(
        await river.as('Cleo'),
        (await river.command<{ url: string }>(post, 'review', 'Cleo')).body.url,
      )
      expect((await river.press(page, 'approve')).status).toBe(303)
      expect(await river.see(post)).toMatchObject({ state: 'approved', publications: [{ state: 'planned' }] })
    })

    it.each(['queue', 'as_soon_as_approved'])(
      'while it is being changed, for %s; discarding the change brings the slot',
      async (kind) => {
        const post = await approvedAfter((each) =>
          river.save(each, { wish: { kind }, text: 'Other words.', channels: [river.board.id] }),
        )
        await app.letPass({ days: 61 })
        expect(await everywhere('Ana')).toEqual([post.id])
        expect((await river.command(post, 'discard-edit')).status).toBe(200)
        expect((await river.see(post)).publications).toMatchObject([{ state: 'planned', channelId: river.bluesky.id }])
        await river.toSlot(post)
        expect(await runDue(app)).toBe(1)
      },
    )
  })

  describe('of more than a page', () => {
    const sections = ['waitingForYou', 'needsAttention', 'waitingForOthers', 'planned', 'drafts'] as const

    /** So many more posts like this one, each changed a millisecond before the next. The tables' rules allow only drafts. */
    async function repeat(post: { id: string }, times: number): Promise<string[]> {
      return app.owner.transaction(async (manager) => {
        await manager.query('alter table posts disable trigger user')
        const rows: { id: string }[] = await manager.query(
          `insert into posts (group_id, id, author_id, state, content, wish, editing, current_revision_id, approved_at, created_at, updated_at)
           select group_id, gen_random_uuid(), author_id, state, content, wish, editing, current_revision_id, approved_at, created_at,
             date_trunc('second', updated_at) - n / 2 * interval '1.000001 milliseconds'
           from posts, generate_series(1, $2) n where id = $1 returning id`,
          [post.id, times],
        )
        await manager.query('alter table posts enable trigger user')
        return rows.map(({ id }) => id)
      })
    }
    /** Publications on both channels a minute apart from post to post, two posts of each minute. */
    const plan = (
      postIds: readonly string[],
      from: string,
      state: string,
      channels = [river.bluesky.id, river.board.id],
    ) =>
      app
        .query(
          `with made as (
           insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, spaced, spacing_waived, next_try_at, created_at, updated_at)
           select c.group_id, gen_random_uuid(), p.id, c.id, at, '', 'UTC', tstzrange(at, at + interval '1 minute'), true, at, clock(), clock()
           from unnest($1::uuid[]) with ordinality as p (id, n)
           cross join lateral (select $3::timestamptz + n / 2 * interval '1 minute' as at)
           cross join channels c where c.id = any ($2) returning group_id, id)
         select count(*) from made`,
          [[...postIds], channels, from],
        )
        .then(() =>
          app.query(`update publications set state = $2 where post_id = any ($1) and state <> $2`, [
            [...postIds],
            state,
          ]),
        )

    it('has every post on one of its pages, what is due next first, in each section', async () => {
      const brook = await TestGroup.make(app, 'Brook')
      await brook.write()
      const draft = await river.write()
      const drafts = [draft.id, ...(await repeat(draft, 120))]
      const waiting = await river.sent({ text: 'Waits.' })
      const approved = await river.approved({ text: 'Approved.' })
      const planned = [approved.id, ...(await repeat(approved, 230))]
      await plan(planned.slice(1), '2026-12-01T12:00:00Z', 'planned')
      const missed = await repeat(approved, 110)
      await plan(missed, '2026-11-20T12:00:00Z', 'missed')

      const ana = await river.as('Ana')
      const pages: Queue[] = []
      for (let more: string | null = ''; more !== null; more = pages.at(-1)!.more) {
        const query = more === '' ? '' : `?after=${encodeURIComponent(more)}`
        const { status, body } = await ana.get<Queue>(river.path(`queue${query}`))
        expect(status).toBe(200)
        pages.push(body)
      }
      expect(pages).toHaveLength(5)
      const all = (section: (typeof sections)[number]) => pages.flatMap((page) => page[section])
      expect(ids(all('drafts')).sort()).toEqual([...drafts].sort())
      expect(ids(all('waitingForOthers'))).toEqual([waiting.id])
      expect(ids(all('needsAttention')).sort()).toEqual([...missed].sort())
      expect(ids(all('planned')).sort()).toEqual([...planned].sort())
      expect(sections.flatMap(all)).toHaveLength(drafts.length + 1 + missed.length + planned.length)
      const slots = all('planned').map((card) => card.publications[0]!.slot)
      expect(slots).toEqual([...slots].sort())
      const changed = all('drafts').map((card) => card.updatedAt)
      expect(changed).toEqual([...changed].sort().reverse())
      // No section is kept behind a page of another.
      expect(sections.map((section) => pages[0]![section].length)).toEqual([0, 50, 1, 50, 50])
      // What missed its time last is told first.
      const [before, after] = pages.map((page) => page.needsAttention.map((card) => card.publications[0]!.slot).sort())
      expect(before![0]! >= after!.at(-1)!).toBe(true)
    })

    it('goes on only from where a page ended', async () => {
      const ana = await river.as('Ana')
      const id = '00000000-0000-0000-0000-000000000000'
      // A year that luxon knows and the database does not; and the question asked twice.
      for (const asked of ['after=2', `after=0000-01-01T00:00:00.000000Z_${id}~-~-~-~-`, 'after=-&after=-']) {
        const { status, body } = await ana.get<{ code: string }>(river.path(`queue?${asked}`))
        expect({ asked, status, code: body.code }).toEqual({ asked, status: 422, code: 'no-such-page' })
      }
    })

    it('is found without reading what comes after the page, however much that is', async () => {
      const fen = await TestGroup.make(app, 'Fen')
      const many = 2_000
      const approved = await fen.approved()
      await plan(await repeat(approved, many), '2026-12-01T12:00:00Z', 'planned', [fen.bluesky.id])
      await plan(await repeat(approved, many), '2026-11-20T12:00:00Z', 'missed', [fen.bluesky.id])
      await repeat(await fen.write(), many)
      await repeat(await fen.sent({ text: 'Waits.' }), many)
      await app.owner.query('analyze posts, publications')

      /** Rows looked at, of each way. */
      const looked: number[] = []
      await app.app.get(Transaction).run(async (manager) => {
        const explaining = {
          query: async (sql: string, given: unknown[]) => {
            const [row]: { 'QUERY PLAN': [{ Plan: PlanNode }] }[] = await manager.query(
              `explain (analyze, format json) ${sql}`,
              given,
            )
            looked.push(lookedAt(row!['QUERY PLAN'][0].Plan))
            return []
          },
        } as unknown as EntityManager
        await app.app.get(QueueStore).openPosts(explaining, fen.id, beginning)
      })
      expect(looked).toHaveLength(5)
      const [troubled, planned, waiting, unplaced, drafts] = looked
      for (const rows of [troubled, planned, unplaced, drafts]) expect(rows).toBeLessThan(many / 4)
      // What waits with a slot is looked for among all that has one: once each, and its post.
      expect(waiting).toBeLessThan(many * 2.5)
    })
  })

  it('shows the week by windows and days, with what is free', async () => {
    const post = await river.approved()
    const exact = await river.sent({ text: 'At three.', wish: { kind: 'exact', at: '2026-11-24T15:10' } })
    const { body } = await (await river.as('Ben')).get<WeekView>(river.path('week?from=2026-11-25'))
    expect(body.from).toBe('2026-11-23')
    expect(body.days).toHaveLength(7)
    const lunch = body.rows.find((row) => row.name === 'lunch')!
    expect(lunch).toMatchObject({ start: '12:00', end: '14:00' })
    expect(lunch.cells[0]).toMatchObject({
      date: '2026-11-23',
      free: false,
      past: false,
      items: [expect.objectContaining({ postId: post.id, state: 'planned', stateText: 'Planned' })],
    })
    expect(lunch.cells[1]).toMatchObject({ date: '2026-11-24', free: true, items: [] })
    expect(lunch.cells[5]).toMatchObject({ free: false, items: [] })
    expect(body.rows.find((row) => row.name === 'before work')!.cells[0]).toMatchObject({ past: true, free: false })
    const other = body.rows.at(-1)!
    expect(other.cells[1]!.items).toEqual([
      expect.objectContaining({
        postId: exact.id,
        time: '15:10',
        firstWords: 'At three.',
        stateText: 'Waiting for review',
      }),
    ])
    expect((await (await river.as('Ben')).get(river.path('week?from=never'))).status).toBe(422)
  })
})
