import { DateTime } from 'luxon'

import { LateService } from '../../src/reviewers/late.service.js'
import type { CalendarView, HolidaysView, PauseStateView } from '../../src/workspace/calendar.dto.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
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

const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })
const silence = (from: string, until: string, channelIds: string[] | null = null) => ({
  name: 'Election silence',
  from,
  until,
  channelIds,
})
const plan = async (given: ReturnType<typeof silence>, name = 'Dee') =>
  (await river.as(name)).post<CalendarView>(river.path('silences'), given)
const press = async (name: string, what: string, body: object = {}) =>
  (await river.as(name)).post<PauseStateView>(river.path(what), body)
const nextSlot = async (publication: { id: string }, name = 'Ana') =>
  (await river.as(name)).post<PostDetail>(river.path(`publications/${publication.id}/next-slot`))

describe('a silence', () => {
  it('is planned by admins, listed in words, and removed', async () => {
    expect((await plan(silence('2026-11-24T00:00', '2026-11-26T00:00'), 'Ana')).status).toBe(403)
    const { body: calendar } = await plan(silence('2026-11-24T00:00', '2026-11-26T00:00', [river.bluesky.id]))
    expect(calendar).toMatchObject({
      pause: null,
      silences: [
        {
          name: 'Election silence',
          text: 'Tuesday 24 November, 00:00 to Thursday 26 November, 00:00 (Europe/London)',
          channels: [river.bluesky.name],
          madeBy: 'Dee',
          now: false,
        },
      ],
    })
    const dee = await river.as('Dee')
    const [made] = calendar.silences
    expect((await dee.delete<CalendarView>(river.path(`silences/${made!.id}`))).body.silences).toEqual([])
    expect((await dee.delete(river.path(`silences/${made!.id}`))).body).toMatchObject({ code: 'no-such-silence' })
    expect(await river.audit('silence-made')).toHaveLength(1)
    expect(await river.audit('silence-removed')).toHaveLength(1)
  })

  it.each([
    ['ends before it begins', silence('2026-11-26T00:00', '2026-11-24T00:00'), 'before it begins'],
    ['is over', silence('2026-11-01T00:00', '2026-11-02T00:00'), 'was over on'],
    ['lasts for years', silence('2026-11-24T00:00', '2036-11-24T00:00'), 'Is the year right?'],
  ])('that %s is refused, with the way out', async (_what, given, reason) => {
    expect((await plan(given)).body).toMatchObject({ code: 'bad-silence', detail: expect.stringContaining(reason) })
  })

  it('is kept by placing, also for an exact time with a reason', async () => {
    await plan(silence('2026-11-23T09:00', '2026-11-25T00:00'))
    const post = await river.sent()
    expect(at((await river.publication(post)).slot) >= at('2026-11-25T00:00Z')).toBe(true)
    const exact = await river.write({ wish: { kind: 'exact', at: '2026-11-24T12:10', reason: 'the minister speaks' } })
    expect((await river.trySend(exact)).body['detail']).toContain(
      'Tuesday 24 November, 12:10 is within the silence “Election silence”. Choose Wednesday 25 November, 00:00 or later.',
    )
  })

  it('moves on what was planned inside, tells once, and leaves the rest where it is', async () => {
    const inside = await river.approved()
    const outside = await river.approved({ channels: [river.board.id] })
    const { slot: before } = await river.publication(inside)
    const { slot: other } = await river.publication(outside)
    await plan(silence('2026-11-23T09:00', '2026-11-25T00:00', [river.bluesky.id]))
    const moved = await river.publication(inside)
    expect(moved).toMatchObject({ state: 'planned' })
    expect(at(moved.slot) >= at('2026-11-25T00:00Z')).toBe(true)
    expect(at(before) < at('2026-11-25T00:00Z')).toBe(true)
    expect((await river.publication(outside)).slot).toBe(other)
    expect((await river.see(inside)).state).toBe('approved')
    await app.app.get(LateService).moveSilenced()
    const mails = await river.mails('Ana', 'post-moved', inside)
    expect(mails).toHaveLength(1)
    expect(mails[0]!.subject).toContain('a post falls into a silence, moved to')
    const { body: calendar } = await (await river.as('Dee')).get<CalendarView>(river.path('calendar'))
    await (await river.as('Dee')).delete(river.path(`silences/${calendar.silences[0]!.id}`))
    expect((await river.publication(inside)).slot).toBe(moved.slot)
  })

  it('leaves an exact time inside to a person', async () => {
    const post = await river.approved({ wish: { kind: 'exact', at: '2026-11-24T12:10' } })
    await plan(silence('2026-11-24T00:00', '2026-11-25T00:00'))
    const publication = await river.publication(post)
    expect(publication).toMatchObject({
      state: 'missed',
      cause: 'It would have gone out within the silence “Election silence”, and an exact time was agreed to.',
      nextStep: 'Choose a new time and send it again, or cancel it.',
      mayReplan: false,
    })
    expect((await river.queue('Ana')).needsAttention.map((card) => card.id)).toEqual([post.id])
    expect((await nextSlot(publication)).body).toMatchObject({ code: 'exact-time' })
    const again = await river.save(await river.see(post), { wish: { kind: 'exact', at: '2026-11-25T12:10' } })
    const sent = await river.send(again.body)
    expect(sent.publications).toMatchObject([{ state: 'planned', slot: '2026-11-25T12:10:00.000Z' }])
  })

  it('is kept at claiming and by the gate, whatever stands in the queue', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    const { slot } = await river.publication(post)
    // One that the service does not know of, so that nothing was moved.
    await app.query(
      `insert into silences (group_id, id, name, from_wall, until_wall, zone, starts_at, ends_at, made_by, made_at)
       values ($1, gen_random_uuid(), 'x', 'x', 'x', 'x', $2::timestamptz - interval '1 hour', $2::timestamptz + interval '4 minutes', $3, clock())`,
      [river.id, slot, river.memberId('Dee')],
    )
    expect(await runDue(app)).toBe(0)
    await expect(
      app.query(
        `update publications p set state = 'publishing', revision_id = po.current_revision_id, publish_key = 'k',
           hash = (select hash from revisions r where r.group_id = p.group_id and r.id = po.current_revision_id)
         from posts po where po.id = p.post_id and po.group_id = p.group_id and po.id = $1`,
        [post.id],
      ),
    ).rejects.toThrow('gate: a silence')
    await setClock(app, at(slot).plus({ minutes: 5 }).toISO()!)
    expect(await runDue(app)).toBe(1)
  })
})

describe('pausing everything', () => {
  it('takes one person, stops every claim, and two different people let it go on', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    expect((await press('Ben', 'pause', { reason: 'Something terrible happened.' })).body.pause).toMatchObject({
      by: 'Ben',
      reason: 'Something terrible happened.',
      releaseAskedBy: null,
    })
    expect((await press('Ana', 'pause')).body).toMatchObject({ code: 'paused-already' })
    expect(await runDue(app)).toBe(0)
    for (const admin of ['Dee', 'Eli']) {
      const [mail] = await river.mails(admin, 'everything-paused')
      expect(mail!.text).toContain('“Something terrible happened.”')
    }
    expect(await river.mails('Ana', 'everything-paused')).toEqual([])

    expect((await press('Ben', 'pause/release')).body.pause).toMatchObject({
      releaseAskedBy: 'Ben',
      whyNotRelease: expect.stringContaining('somebody else'),
    })
    expect((await press('Ben', 'pause/release')).body).toMatchObject({ status: 403, code: 'second-person' })
    expect(await runDue(app)).toBe(0)
    expect((await press('Cleo', 'pause/release')).body.pause).toBeNull()
    expect((await press('Cleo', 'pause/release')).body).toMatchObject({ code: 'not-paused' })
    expect(await runDue(app)).toBe(1)
    for (const kind of ['everything-paused', 'release-asked', 'everything-released'])
      expect(await river.audit(kind)).toHaveLength(1)
  })

  it('is kept by the database: no claim, no release by one human being, no pause undone in other ways', async () => {
    const two = ['Robin', 'Robin Two'].map((name) => ({ name, roles: ['reviewer'] as const }))
    river = await TestGroup.make(app, 'River', two)
    const post = await river.approved()
    await river.toSlot(post)
    await press('Robin', 'pause')
    const claim = app.query(
      `update publications p set state = 'publishing', revision_id = po.current_revision_id, publish_key = 'k',
         hash = (select hash from revisions r where r.group_id = p.group_id and r.id = po.current_revision_id)
       from posts po where po.id = p.post_id and po.group_id = p.group_id and po.id = $1`,
      [post.id],
    )
    await expect(claim).rejects.toThrow('gate: everything is paused')
    const release = (asks: string, confirms: string) =>
      app.query(
        `update pauses set release_asked_by = $2, release_asked_at = clock(), released_by = $3, released_at = clock()
         where group_id = $1 and released_at is null`,
        [river.id, river.memberId(asks), river.memberId(confirms)],
      )
    await expect(release('Ben', 'Cleo')).rejects.toThrow('two different people')
    await press('Robin', 'pause/release')
    await app.query('update people set same_as = $1 where id = $2', [
      river.members['Robin']!.personId,
      river.members['Robin Two']!.personId,
    ])
    expect((await press('Robin Two', 'pause/release')).status).toBe(403)
    await expect(
      app.query('update pauses set released_by = $2, released_at = clock() where group_id = $1', [
        river.id,
        river.memberId('Robin Two'),
      ]),
    ).rejects.toThrow('two different people')
    await expect(app.query('delete from pauses where group_id = $1', [river.id])).rejects.toThrow(
      /permission denied|not possible/,
    )
    await expect(app.query(`update pauses set reason = 'x' where group_id = $1`, [river.id])).rejects.toThrow('stays')
    expect(await runDue(app)).toBe(0)
  })

  it('asks anew when whoever asked is no member any more', async () => {
    await press('Ana', 'pause')
    await press('Ben', 'pause/release')
    await river.suspend('Ben')
    expect((await press('Cleo', 'pause/release')).body.pause).toMatchObject({ releaseAskedBy: 'Cleo' })
    expect((await press('Ana', 'pause/release')).body.pause).toBeNull()
  })

  it('moves nothing while it lasts; afterwards what missed its time is spread, and an exact time is asked about', async () => {
    const posts = [await river.approved({ text: 'One.' }), await river.approved({ text: 'Two.' })]
    const exact = await river.approved({ text: 'Three.', wish: { kind: 'exact', at: '2026-11-24T10:10' } })
    await press('Ana', 'pause')
    await setClock(app, '2026-11-25T10:00:00Z')
    expect(await moveLate(app)).toBe(0)
    expect((await river.publication(posts[0]!)).state).toBe('planned')
    await press('Ana', 'pause/release')
    await press('Ben', 'pause/release')
    expect(await runDue(app)).toBe(0)
    await moveLate(app)
    const slots = await Promise.all(posts.map(async (post) => at((await river.publication(post)).slot)))
    expect(slots.every((slot) => slot > at('2026-11-25T10:00Z'))).toBe(true)
    expect(Math.abs(slots[0]!.diff(slots[1]!, 'minutes').minutes)).toBeGreaterThanOrEqual(180)
    expect(await river.publication(exact)).toMatchObject({ state: 'missed' })
    expect((await river.mails('Ana', 'post-moved', exact))[0]!.text).toContain(
      'Open it to give it one, or to cancel it.',
    )
  })
})

describe('back after an outage', () => {
  it('ten posts due on one channel in five hours go out one by one, with the gap between them', async () => {
    await app.query('update channels set gap_minutes = 20, daily_cap = 40 where id = $1', [river.bluesky.id])
    const posts: PostDetail[] = []
    for (let number = 0; number < 10; number += 1) {
      const wall = at('2026-11-23T11:00Z')
        .plus({ minutes: 30 * number })
        .toFormat("yyyy-MM-dd'T'HH:mm")
      posts.push(await river.approved({ text: `Number ${number}.`, wish: { kind: 'exact', at: wall } }))
    }
    // As if they had asked for no time of their own, so that another can be found for them.
    await app.query(`update posts set wish = '{"kind":"as_soon_as_approved"}' where group_id = $1`, [river.id])
    await setClock(app, '2026-11-23T16:10:00Z')
    for (let minute = 0; minute < 300; minute += 10) {
      await setClock(app, at('2026-11-23T16:10Z').plus({ minutes: minute }).toISO()!)
      await moveLate(app)
      await runDue(app)
    }
    const out = await app.query<{ at: Date }>(
      `select published_at as at from publications where group_id = $1 and state = 'published' order by 1`,
      [river.id],
    )
    expect(out).toHaveLength(10)
    const gaps = out.slice(1).map(({ at: each }, index) => (each.getTime() - out[index]!.at.getTime()) / 60_000)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(19.9)
  })

  it('what is still inside its window goes out late; past it, it gets another', async () => {
    const post = await river.approved()
    const { slot } = await river.publication(post)
    await river.toSlot(post, { minutes: 20 })
    await moveLate(app)
    expect((await river.publication(post)).slot).toBe(slot)
    await river.toSlot(post, { hours: 6 })
    await moveLate(app)
    expect(at((await river.publication(post)).slot) > at(slot).plus({ hours: 6 })).toBe(true)
    expect(await river.mails('Ana', 'post-moved', post)).toHaveLength(1)
  })
})

describe('a post that missed its time', () => {
  it('gets the next free slot when somebody asks, once there is one', async () => {
    const post = await river.approved()
    await app.query('update channels set daily_cap = 0 where id = $1', [river.bluesky.id]).catch(() => undefined)
    await plan(silence('2026-11-23T09:00', '2027-01-15T00:00'))
    const missed = await river.publication(post)
    expect(missed).toMatchObject({
      state: 'missed',
      mayReplan: true,
      nextStep: 'Let it go out at the next free slot, choose a new time and send it again, or cancel it.',
    })
    expect((await nextSlot(missed)).body).toMatchObject({ code: 'no-slot' })
    expect((await nextSlot(missed, 'Ben')).status).toBe(403)
    const { body: calendar } = await (await river.as('Dee')).get<CalendarView>(river.path('calendar'))
    await (await river.as('Dee')).delete(river.path(`silences/${calendar.silences[0]!.id}`))
    const { body } = await nextSlot(missed)
    expect(body).toMatchObject({
      state: 'approved',
      publications: [{ state: 'planned', cause: null, mayReplan: false }],
    })
    expect((await nextSlot(missed)).body).toMatchObject({ code: 'not-missed' })
    expect(await river.audit('publication-replanned')).toHaveLength(1)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })
})

describe('an embargo', () => {
  it('is sealed, shown to reviewers, kept by placing, and kept by the database', async () => {
    const post = await river.approved({ wish: { kind: 'queue', notBefore: '2026-11-26T10:00' } })
    const publication = await river.publication(post)
    expect(at(publication.slot) >= at('2026-11-26T10:00Z')).toBe(true)
    expect((await river.see(post)).revisions[0]!.content.timing).toBe(
      'In one of the windows, not before Thursday 26 November, 10:00 (Europe/London)',
    )
    await app.query(
      `update publications set slot = '2026-11-24T12:10Z', next_try_at = '2026-11-24T12:10Z', window_ends = '2026-11-27T12:00Z' where id = $1`,
      [publication.id],
    )
    await setClock(app, '2026-11-24T12:11:00Z')
    expect(await runDue(app)).toBe(0)
    expect((await river.publication(post)).state).toBe('planned')
    await setClock(app, '2026-11-26T10:01:00Z')
    expect(await runDue(app)).toBe(1)
  })

  it('that ends in the hour which comes twice ends the first time, for the database as for placing', async () => {
    await setClock(app, '2027-10-30T10:00:00Z')
    const wish = { kind: 'exact', at: '2027-10-31T01:40', reason: 'Night people.', notBefore: '2027-10-31T01:30' }
    const post = await river.approved({ wish })
    expect((await river.publication(post)).slot).toBe('2027-10-31T00:40:00.000Z')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('that is changed asks for a new approval', async () => {
    const post = await river.approved({ wish: { kind: 'queue', notBefore: '2026-11-26T10:00' } })
    const { body } = await river.save(post, { wish: { kind: 'queue' } })
    expect(body).toMatchObject({ editing: true })
  })

  it.each([
    [{ kind: 'exact', at: '2026-11-24T12:10', notBefore: '2026-11-26T10:00' }, null, 'is before the embargo ends'],
    [{ kind: 'queue', notBefore: '2026-11-26T10:00' }, '2026-11-25T10:00', 'because it is under embargo until then'],
  ])('that leaves no time is refused with the reason', async (wish, usefulUntil, reason) => {
    expect((await river.trySend(await river.write({ wish, usefulUntil }))).body['detail']).toContain(reason)
  })
})

describe('an evergreen post', () => {
  it('fills an empty window, and the same text rests 60 days on the channel', async () => {
    const first = await river.approved({ text: 'How to join us.', wish: { kind: 'evergreen' } })
    const publication = await river.publication(first)
    expect(publication.reasons.join(' ')).toContain('an empty window, nothing else is planned that day')
    expect(at(publication.slot) >= at('2026-11-26T09:30Z')).toBe(true)
    const { body: copy } = await river.command(first, 'copy')
    expect(copy.wish).toEqual({ kind: 'evergreen' })
    const again = await river.publication(await river.send(copy))
    expect(at(again.slot).diff(at(publication.slot), 'days').days).toBeGreaterThanOrEqual(60)
    const other = await river.publication(await river.sent({ text: 'What we want.', wish: { kind: 'evergreen' } }))
    expect(at(other.slot).diff(at(publication.slot), 'days').days).toBeLessThan(28)
    expect((await river.see(first)).revisions[0]!.content.timing).toBe('In an empty window, at most every 60 days')
  })
})

describe('public holidays', () => {
  it('count as weekend, with the reason in words', async () => {
    const dee = await river.as('Dee')
    expect((await dee.put<HolidaysView>(river.path('holidays'), { of: 'GB-ENG' })).body).toMatchObject({ of: 'GB-ENG' })
    await setClock(app, '2026-12-28T07:00:00Z')
    const post = await river.sent()
    const publication = await river.publication(post)
    expect(publication.slot).toContain('2026-12-28')
    expect(publication.windowName).toBe('late morning')
    expect(publication.reasons[0]).toContain('Monday (a holiday: Boxing Day (substitute day), so weekend windows)')
    const { body: week } = await (await river.as('Ana')).get<WeekView>(river.path('week?from=2026-12-28'))
    expect(week.days[0]!.holiday).toBe('Boxing Day (substitute day)')
    expect(week.rows.find((row) => row.name === 'before work')!.cells[0]!.free).toBe(false)
    const { body: holidays } = await dee.get<HolidaysView>(river.path('holidays?of=GB-ENG'))
    expect(holidays.next.slice(0, 2).map((each) => each.text)).toEqual([
      'Monday 28 December 2026: Boxing Day (substitute day)',
      "Friday 1 January 2027: New Year's Day",
    ])
    expect(holidays.parts).toContainEqual({ code: 'GB-SCT', name: 'Scotland' })
    expect((await dee.get(river.path('holidays?of=QQ'))).body).toMatchObject({ code: 'unknown-holidays' })
    expect((await dee.put(river.path('holidays'), { of: 'QQ' })).body).toMatchObject({ code: 'unknown-holidays' })
    expect((await (await river.as('Ana')).put(river.path('holidays'), { of: null })).status).toBe(403)
    expect((await dee.put<HolidaysView>(river.path('holidays'), { of: null })).body).toMatchObject({
      of: null,
      next: [],
    })
  })
})
