import { DateTime } from 'luxon'

import type { MoveOptions } from '../../src/workspace/moves.dto.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { SpreadDone, SpreadProposal } from '../../src/workspace/spread.dto.js'
import type { WeekView } from '../../src/workspace/week.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import {
  forgetLimits,
  runDue,
  sentences,
  setClock,
  startOver,
  startQuietApp,
  TestGroup,
} from '../support/group-fixture.js'
import type { Answer } from '../support/visitor.js'

interface Problem {
  code: string
  detail: string
}

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  await forgetLimits(app)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

async function options(post: { id: string }, query = '', channelId = river.bluesky.id): Promise<MoveOptions> {
  const publication = (await river.see(post)).publications.find((each) => each.channelId === channelId)!
  const { status, body } = await (
    await river.as('Ana')
  ).get<MoveOptions>(river.path(`publications/${publication.id}/slots?${query}`))
  if (status !== 200) throw new Error(`no slots: ${JSON.stringify(body)}`)
  return body
}

async function move<Body = PostDetail>(
  seen: Pick<MoveOptions, 'publicationId' | 'slot'>,
  at: string,
  more: { asksAgain?: boolean; reason?: string } = {},
  name = 'Ana',
): Promise<Answer<Body>> {
  const { asksAgain = false, ...rest } = more
  return (await river.as(name)).post<Body>(river.path(`publications/${seen.publicationId}/move`), {
    at,
    seen: seen.slot,
    asksAgain,
    ...rest,
  })
}

describe('moving a post that is approved', () => {
  it('offers the next free slots in windows, with reasons, and says that the approval stays', async () => {
    const post = await river.approved()
    const seen = await options(post)
    expect(seen.refused).toBeNull()
    expect(seen.offers.length).toBe(6)
    expect(seen.offers[0]).toMatchObject({
      asksAgain: false,
      consequence: 'This is inside what was approved: the approval stays.',
      reasons: [expect.stringMatching(/^\w[\w ]+, \w+day: /)],
    })
    expect(seen.offers.map((each) => each.slot)).not.toContain(seen.slot)
  })

  it('keeps the approval inside the windows that were approved, and goes out at the new time and not before', async () => {
    const post = await river.approved()
    const seen = await options(post)
    const wanted = seen.offers[3]!
    const { status, body } = await move(seen, wanted.at)
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'approved', revisions: [{ number: 1 }] })
    expect(body.publications[0]).toMatchObject({ slot: wanted.slot, windowName: wanted.windowName })
    expect(body.history.map((event) => event.text)).toContain(
      `Ana moved it on ${river.bluesky.name} from ${seen.slotText} to ${wanted.text}.`,
    )
    expect(await river.audit('publication-moved-by-hand')).toEqual([
      expect.objectContaining({ post: post.id, member: river.memberId('Ana'), again: false }),
    ])
    await setClock(app, DateTime.fromISO(wanted.slot).minus({ seconds: 30 }).toISO()!)
    expect(await runDue(app)).toBe(0)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('outside what was approved asks again for the time only, and goes nowhere before somebody agrees', async () => {
    const post = await river.approved()
    const seen = await options(post, 'at=2026-11-24T15:25')
    expect(seen.asked).toMatchObject({ asksAgain: true, windowName: null })
    expect(seen.asked?.consequence).toMatch(/asked again, about the time only/)

    const unasked = await move<Problem>(seen, '2026-11-24T15:25')
    expect([unasked.status, unasked.body.code]).toEqual([409, 'asks-again'])
    expect((await river.see(post)).state).toBe('approved')

    const { body } = await move(seen, '2026-11-24T15:25', { asksAgain: true })
    expect(body).toMatchObject({ state: 'in_review', wish: { kind: 'exact', at: '2026-11-24T15:25' } })
    expect(body.publications[0]?.slot).toBe('2026-11-24T15:25:00.000Z')
    const page = await river.open(post, 'Cleo', await river.as('Cleo'))
    const said = sentences(page.html)
    expect(said).toContain('Tuesday 24 November, 15:25')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)

    await setClock(app, '2026-11-23T12:00:00Z')
    await river.decide(post, 'Ben', 'approve')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('on one channel leaves the other channels where and as they were', async () => {
    const post = await river.approved({ channels: [river.bluesky.id, river.board.id] })
    const [before] = post.publications.filter((each) => each.channelId === river.board.id)
    const seen = await options(post, 'at=2026-11-24T15:25')
    const { body } = await move(seen, '2026-11-24T15:25', { asksAgain: true })
    const [after] = body.publications.filter((each) => each.channelId === river.board.id)
    expect(after).toMatchObject({ id: before!.id, slot: before!.slot, state: 'planned' })
    expect(body.wish).toEqual({ kind: 'queue' })
    expect(body.revisions.find((each) => each.current)?.content.timing).toBe(
      'In one of the windows; on one channel Tuesday 24 November, 15:25 (Europe/London)',
    )
    // What is saved next from the composer keeps it.
    const saved = await river.save(body, { text: 'Other words.', channels: [river.bluesky.id, river.board.id] })
    const sent = await river.send(saved.body)
    expect(sent.publications.map((each) => each.slot).sort()).toEqual([before!.slot, '2026-11-24T15:25:00.000Z'].sort())
  })

  it('never moves another: what is too close needs a reason, and a full window says so', async () => {
    const first = await river.approved()
    const second = await river.approved({ text: 'The second.' })
    const there = await river.publication(first)
    const slot = DateTime.fromISO(there.slot, { zone: 'Europe/London' })
    // windows end on the hour: inside this one
    const near = slot.plus({ minutes: slot.minute < 50 ? 10 : -10 }).toFormat("yyyy-MM-dd'T'HH:mm")
    expect((await options(second, `at=${near}`)).problem).toMatch(/Give a reason/)
    const refused = await move<Problem>(await options(second), near)
    expect([refused.status, refused.body.code]).toEqual([409, 'no-slot'])
    const moved = await move(await options(second), near, { reason: 'they belong together' })
    expect(moved.status).toBe(200)
    expect((await river.publication(first)).slot).toBe(there.slot)
  })

  it('into a window that was dropped on finds a minute, or says why there is none', async () => {
    const post = await river.approved()
    const other = await river.approved({ text: 'The other.' })
    const seen = await options(post, 'date=2026-11-26&start=12:00')
    expect(seen.asked).toMatchObject({ windowName: 'lunch', asksAgain: false })
    expect((await move(seen, seen.asked!.at)).status).toBe(200)
    expect((await options(other, 'date=2026-11-26&start=12:00')).problem).toBe(
      'lunch, Thursday 26 November: this channel has a post in it already. Choose another window, or an exact time and a reason.',
    )
  })
})

describe('moving a post that waits for review', () => {
  it('inside what the reviewers were shown asks nobody again; the link they have lasts until the new slot', async () => {
    const post = await river.sent()
    const seen = await options(post)
    const last = seen.offers.at(-1)!
    expect(last.consequence).toBe('This is inside what the reviewers were shown: nobody is asked again.')
    const mails = (await river.mails('Ben', 'review-request')).length
    expect((await move(seen, last.at)).body).toMatchObject({ state: 'in_review', revisions: [{ number: 1 }] })
    expect(await river.mails('Ben', 'review-request')).toHaveLength(mails)
    await setClock(app, DateTime.fromISO(last.slot).minus({ hours: 2 }).toISO()!)
    expect((await river.open(post, 'Ben')).status).toBe(200)
  })

  it('outside seals a version that differs in its time only, of which the mover is a contributor', async () => {
    const post = await river.sent()
    const { body } = await move(await options(post), '2026-11-24T15:25', { asksAgain: true }, 'Eli')
    expect(body.revisions.map((each) => each.number).toSorted((a, b) => a - b)).toEqual([1, 2])
    const difference = await (
      await river.as('Ana')
    ).get<{ timing: object | null; channels: { kind: string }[] }>(
      river.path(`posts/${post.id}/difference?from=1&to=2`),
    )
    expect(difference.body.timing).not.toBeNull()
    expect(difference.body.channels.every((each) => each.kind === 'same')).toBe(true)
    const [row] = await app.query<{ count: string }>(
      'select count(*) from contributors where post_id = $1 and member_id = $2',
      [post.id, river.memberId('Eli')],
    )
    expect(Number(row?.count)).toBeGreaterThan(0)
  })

  it('is refused outside while the post is being changed, or changes were asked for', async () => {
    const post = await river.approved()
    await river.save(await river.see(post), { text: 'Half a change.' })
    const seen = await options(post, 'at=2026-11-24T15:25')
    expect(seen.problem).toMatch(/the post is being changed/)
    const refused = await move<Problem>(seen, '2026-11-24T15:25', { asksAgain: true })
    expect([refused.status, refused.body.code]).toEqual([409, 'cannot-ask-again'])
    expect((await river.publication(post)).slot).toBe(seen.slot)
  })
})

describe('spreading a day again', () => {
  const day = '2026-11-25'
  const propose = async (date = day) => {
    const { status, body } = await (await river.as('Ana')).get<SpreadProposal>(river.path(`spreads?date=${date}`))
    if (status !== 200) throw new Error(`no proposal: ${JSON.stringify(body)}`)
    return body
  }
  const apply = async (moves: SpreadProposal['moves'], name = 'Ana') =>
    (await river.as(name)).post<SpreadDone & Problem>(river.path('spreads'), {
      date: day,
      moves: moves.map(({ publicationId, slot }) => ({ publicationId, slot })),
    })
  const undo = async (id: string) => (await river.as('Ana')).post<Problem>(river.path(`spreads/${id}/undo`))

  /** What the week offers to take back on that day. */
  const offered = async () => {
    const { body } = await (await river.as('Ana')).get<WeekView>(river.path(`week?from=${day}`))
    return body.days.map(({ date, undo: offer }) => [date, offer?.spreadId ?? null]).filter(([, id]) => id !== null)
  }

  /** Two approved posts in neighbouring windows of one day. */
  async function crowd() {
    const posts = [await river.approved(), await river.approved({ text: 'The second.' })]
    const starts = ['07:00', '12:00']
    for (const [index, post] of posts.entries()) {
      const seen = await options(post, `date=${day}&start=${starts[index]}`)
      expect((await move(seen, seen.asked!.at)).status).toBe(200)
    }
    return posts
  }

  it('shows before and after, does that, keeps the approvals, and takes it back', async () => {
    const posts = await crowd()
    const before = await Promise.all(posts.map((post) => river.publication(post)))
    const { moves, sentence } = await propose()
    expect(sentence).toBe('One post moves, inside what the reviewers saw: nobody is asked again.')
    expect(moves[0]).toMatchObject({ reasons: ['evening, Wednesday: the day was spread again'] })
    const { status, body } = await apply(moves)
    expect(status).toBe(201)
    const after = await Promise.all(posts.map((post) => river.see(post)))
    expect(after.map((post) => post.state)).toEqual(['approved', 'approved'])
    expect(after.flatMap((post) => post.publications.map((each) => each.slot))).toContain(moves[0]!.slot)
    expect((await propose()).moves).toEqual([])
    expect(await offered()).toEqual([[day, body.id]])
    expect((await undo(body.id)).status).toBe(204)
    expect(await offered()).toEqual([])
    const back = await Promise.all(posts.map((post) => river.publication(post)))
    expect(back.map(({ slot, reasons }) => [slot, reasons])).toEqual(before.map(({ slot, reasons }) => [slot, reasons]))
    expect((await undo(body.id)).body.code).toBe('undone')
  })

  it('is not done when something else was shown, and not undone when something changed since', async () => {
    const posts = await crowd()
    const { moves } = await propose()
    expect((await apply([])).body.code).toBe('changed-meanwhile')
    expect((await apply(moves, 'Cleo')).status).toBe(403)
    const { body } = await apply(moves)
    const seen = await options(posts[0]!, 'date=2026-11-26&start=12:00')
    await move(seen, seen.asked!.at)
    expect(await offered()).toEqual([])
    expect((await undo(body.id)).body.code).toBe('changed-since')
  })

  it('is not undone after ten minutes', async () => {
    await crowd()
    const { body } = await apply((await propose()).moves)
    await setClock(app, '2026-11-23T09:45:00Z')
    expect(await offered()).toEqual([])
    expect((await undo(body.id)).body.code).toBe('too-late')
  })
})

describe('a move that cannot be made', () => {
  it('is a conflict when somebody moved it meanwhile', async () => {
    const post = await river.approved()
    const seen = await options(post)
    expect((await move(seen, seen.offers[0]!.at)).status).toBe(200)
    const late = await move<Problem>(seen, seen.offers[1]!.at)
    expect([late.status, late.body.code]).toEqual([409, 'moved-meanwhile'])
    expect(late.body.detail).toContain(seen.offers[0]!.text)
  })

  it('is a conflict when two take one slot at once: one has it, and the other is told', async () => {
    const posts = [await river.approved(), await river.approved({ text: 'The second.' })]
    const seen = await Promise.all(posts.map((post) => options(post)))
    const at = ['2026-11-26T12:20', '2026-11-26T12:25']
    const answers = await Promise.all(seen.map((each, index) => move<Problem>(each, at[index]!)))
    expect(answers.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })

  it('says so while it is being sent, and while nobody knows whether it went out', async () => {
    const post = await river.approved()
    const seen = await options(post)
    await river.toSlot(post)
    let during: Answer<Problem> | undefined
    network.duringSend = async () => (during = await move<Problem>(seen, seen.offers.at(-1)!.at))
    network.next('answer lost')
    await runDue(app)
    network.duringSend = null
    const after = await move<Problem>(seen, seen.offers.at(-1)!.at)
    for (const refused of [during!, after]) {
      expect([refused.status, refused.body.code]).toEqual([409, 'cannot-move'])
      expect(refused.body.detail).toMatch(/just going out, or we do not know yet/)
    }
    expect(await options(post)).toMatchObject({ refused: after.body.detail, offers: [] })
  })

  it('is for editors and admins of the group only', async () => {
    const post = await river.approved()
    const seen = await options(post)
    expect((await move(seen, seen.offers[0]!.at, {}, 'Cleo')).status).toBe(403)
    const lake = await TestGroup.make(app, 'Lake')
    const { status } = await (
      await lake.as('Eli')
    ).post(lake.path(`publications/${seen.publicationId}/move`), { at: seen.at, seen: seen.slot, asksAgain: false })
    expect(status).toBe(404)
  })
})
