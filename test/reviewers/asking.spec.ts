import { DateTime } from 'luxon'

import { EscalationService } from '../../src/reviewers/asking/escalation.service.js'
import { tokensIn } from '../../src/reviewers/asking/link.js'
import { RemindersService } from '../../src/reviewers/asking/reminders.service.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import { moveLate, sentences, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

let app: TestApp
let river: TestGroup

beforeAll(async () => {
  ;({ app } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app)
  await app.query(`update review_requests set revoked_at = clock() where revoked_at is null and used_at is null`)
  await app.query(`update posts set editing = true where state = 'in_review'`)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

const remind = () => app.app.get(RemindersService).remind()
const escalate = () => app.app.get(EscalationService).escalate()
const at = (wall: string) => ({ kind: 'exact', at: wall })

/** The paths of all links in the newest mail of this kind. */
async function linksIn(name: string, kind: string): Promise<string[]> {
  const mail = (await river.mails(name, kind)).at(-1)
  return tokensIn(mail?.text ?? '').map((token) => `/r/${token}`)
}

describe('several requests to one reviewer', () => {
  it('within ten minutes become one mail that lists each post with its own link', async () => {
    const first = await river.sent({ text: 'The first post.', wish: at('2026-11-25T12:00') })
    await app.letPass({ minutes: 4 })
    const second = await river.sent({ text: 'The second post.', wish: at('2026-11-25T14:00') })
    const third = await river.sent({ text: 'The third post.', wish: at('2026-11-25T16:00') })
    const mails = await river.mails('Ben', 'review-request')
    expect(mails.map((mail) => mail.subject)).toEqual(['River: please check 3 posts'])
    for (const words of ['The first post.', 'The second post.', 'The third post.'])
      expect(mails[0]!.text).toContain(words)
    expect(new Set(await linksIn('Ben', 'review-request')).size).toBe(3)
    for (const post of [first, second, third]) expect((await river.open(post, 'Ben')).status).toBe(200)

    await app.letPass({ minutes: 7 })
    await river.sent({ text: 'Much later.', wish: at('2026-11-25T18:00') })
    expect(await river.mails('Ben', 'review-request')).toHaveLength(2)
  })

  it('wait at most a tenth of the time that is left, and what is in a hurry takes the others along', async () => {
    await river.sent({ text: 'In two hours.', wish: at('2026-11-23T11:40') })
    const [soon] = await app.query<{ wait: number }>(
      `select extract(epoch from not_before - created_at) / 60 as wait from mails where kind = 'review-request' and group_id = $1`,
      [river.id],
    )
    expect(Number(soon!.wait)).toBeCloseTo(10)
    await river.sent({ text: 'Right now.', wish: { kind: 'as_soon_as_approved' } })
    const rows = await app.query<{ early: boolean }>(
      `select not_before <= clock() as early from mails where kind = 'review-request' and group_id = $1`,
      [river.id],
    )
    expect(rows).toEqual([{ early: true }, { early: true }])

    river = await TestGroup.make(app, 'Lake')
    await river.sent({ text: 'In half an hour.', wish: at('2026-11-23T10:20') })
    const [near] = await app.query<{ wait: number }>(
      `select extract(epoch from not_before - created_at) / 60 as wait from mails where kind = 'review-request' and group_id = $1`,
      [river.id],
    )
    expect(Number(near!.wait)).toBeGreaterThan(3)
    expect(Number(near!.wait)).toBeLessThan(5)
  })

  it('of the same moment find each other; a version that was replaced is not asked about', async () => {
    const drafts = await Promise.all(
      [1, 2, 3, 4].map((number) => river.write({ text: `Post ${number}.`, wish: at(`2026-11-25T1${number}:00`) })),
    )
    const posts = await Promise.all(drafts.map((draft) => river.send(draft)))
    expect(await river.mails('Ben', 'review-request')).toHaveLength(1)
    expect(await linksIn('Ben', 'review-request')).toHaveLength(4)
    await river.send((await river.save(posts[0]!, { text: 'Post 1, better.', wish: at('2026-11-25T11:00') })).body)
    expect(await linksIn('Ben', 'review-request')).toHaveLength(4)
    expect((await river.mails('Ben', 'review-request'))[0]!.text).toContain('Post 1, better.')
    expect((await river.mails('Ben', 'review-request'))[0]!.text).not.toContain('Post 1.\n')
  })
})

describe('a reviewer who does not answer', () => {
  let post: PostDetail
  beforeEach(async () => {
    post = await river.sent({ wish: at('2026-11-23T18:00') })
  })

  it('is reminded at half-time and an hour before the slot, once each, by however many processes', async () => {
    expect(await remind()).toBe(0)
    await setClock(app, '2026-11-23T13:41:00Z')
    const both = await Promise.all([remind(), remind(), remind()])
    expect(both.reduce((a, b) => a + b)).toBe(2)
    expect(await remind()).toBe(0)
    expect(await river.mails('Ben', 'review-reminder', post)).toHaveLength(1)
    await setClock(app, '2026-11-23T17:00:30Z')
    expect(await remind()).toBe(2)
    expect(await remind()).toBe(0)
    expect((await river.mails('Ben', 'review-reminder', post)).at(-1)!.subject).toBe(
      'River: a post for Monday 18:00 still waits for you (version 1)',
    )
    expect(await river.audit('review-reminded')).toHaveLength(4)
  })

  it('has one link that is alive: the reminder’s; the one before says where to look, and an open page still counts', async () => {
    const before = await river.link(post, 'Ben')
    const open = await river.open(post, 'Ben', await river.as('Ben'))
    const phone = await river.open(post, 'Ben')
    await setClock(app, '2026-11-23T13:41:00Z')
    await remind()
    const old = await app.visitor().get<string>(before)
    expect(old.status).toBe(410)
    expect(sentences(old.body)).toContain('A newer mail has the link to this post')
    expect(await river.link(post, 'Ben')).not.toBe(before)
    expect((await river.open(post, 'Ben')).status).toBe(200)
    expect((await river.press(phone, 'changes', { note: 'No.' })).status).toBe(200)
    expect((await river.press(open, 'approve')).status).toBe(303)
    await setClock(app, '2026-11-23T14:50:00Z')
    expect((await river.page(phone.visitor, phone.path)).status).toBe(404)
    expect(await app.query(`select 1 from review_requests where post_id = $1`, [post.id])).toHaveLength(2)
  })

  it('gets one mail for all that waits', async () => {
    await river.sent({ text: 'Another.', wish: at('2026-11-23T18:20'), channels: [river.board.id] })
    await setClock(app, '2026-11-23T13:41:00Z')
    expect(await remind()).toBe(2)
    const mails = await river.mails('Ben', 'review-reminder')
    expect(mails.map((mail) => mail.subject)).toEqual(['River: 2 posts still wait for you'])
    expect(await linksIn('Ben', 'review-reminder')).toHaveLength(2)
  })

  it('is not reminded once somebody answered, nor at night', async () => {
    await river.decide(post, 'Cleo', 'approve')
    const early = await river.sent({
      text: 'Early.',
      wish: { ...at('2026-11-24T06:30'), reason: 'Market day.' } as never,
    })
    await setClock(app, '2026-11-24T03:00:00Z')
    expect(await remind()).toBe(0)
    await setClock(app, '2026-11-23T20:31:00Z')
    expect(await remind()).toBe(2)
    expect(await river.mails('Ben', 'review-reminder', post)).toEqual([])
    expect(await river.mails('Ben', 'review-reminder', early)).toHaveLength(1)
  })

  it('is followed by others of the pool, and then the author is told that nobody is left', async () => {
    river = await TestGroup.make(app, 'Lake', [
      { name: 'Finn', roles: ['reviewer'] },
      { name: 'Gus', roles: ['reviewer'] },
    ])
    const lake = await river.sent({ wish: at('2026-11-23T18:00') })
    expect(lake.asked.map((each) => each.name)).toEqual(['Ben', 'Cleo', 'Finn'])
    await setClock(app, '2026-11-23T17:15:30Z')
    const rounds = await Promise.all([escalate(), escalate()])
    // Lake, and the post of River, where nobody is left.
    expect(rounds.reduce((a, b) => a + b)).toBe(2)
    expect(await escalate()).toBe(0)
    expect((await river.see(lake)).asked.map((each) => each.name)).toEqual(['Ben', 'Cleo', 'Finn', 'Gus'])
    expect((await river.mails('Gus', 'review-request', lake))[0]!.text).toContain('Nobody who was asked')
    expect(await river.mails('Ana', 'review-nobody-left', lake)).toEqual([])
    await river.decide(lake, 'Gus', 'approve')
    expect((await river.see(lake)).state).toBe('approved')

    const told = (await app.mailsTo('ana@example.org')).filter((mail) => mail.kind === 'review-nobody-left')
    expect(told).toHaveLength(1)
    expect(told[0]!.text).toContain('Ben and Cleo did not answer so far')
    expect(told[0]!.text).toContain('Monday 23 November, 17:50 (Europe/London)')
  })

  it('is reminded of the new slot when the old one was lost', async () => {
    const queued = await river.sent({ text: 'In the queue.' })
    const slot = DateTime.fromISO((await river.publication(queued)).slot)
    await setClock(app, slot.plus({ minutes: 1 }).toISO()!)
    await moveLate(app)
    const next = DateTime.fromISO((await river.publication(queued)).slot)
    expect(next > slot).toBe(true)
    const before = (await river.mails('Ben', 'review-reminder', queued)).length
    await setClock(app, next.minus({ minutes: 59 }).toISO()!)
    await remind()
    expect(await river.mails('Ben', 'review-reminder', queued)).toHaveLength(before + 1)
  })
})

describe('a request that is passed on', () => {
  it('tells the next reviewer by whom, and the author who checks it now', async () => {
    river = await TestGroup.make(app, 'Lake', [
      { name: 'Finn', roles: ['reviewer'] },
      { name: 'Gus', roles: ['reviewer'] },
    ])
    const post = await river.sent({ wish: at('2026-11-23T18:00') })
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const presses = await Promise.all(Array.from({ length: 6 }, () => river.press(page, 'hand_over')))
    expect(presses.filter((each) => each.status === 303).length).toBeGreaterThan(0)
    expect((await river.mails('Gus', 'review-request', post))[0]!.text).toContain(
      'Ben thinks that somebody else should check this post by Ana, and you, Gus, are next.',
    )
    const told = await river.mails('Ana', 'review-passed-on', post)
    expect(told.map((mail) => mail.text).join()).toContain('Gus was asked instead.')
    expect(told).toHaveLength(1)
    expect(await river.audit('review-handed-over')).toHaveLength(1)
  })
})

describe('what stands in the mails', () => {
  const settings = async (change: object, by = 'Dee') =>
    (await river.as(by)).patch<Record<string, unknown>>(river.path('review-settings'), change)

  it('is as much as the group wants: all, the first words, or nothing', async () => {
    const text = `${'A long sentence about the ferry. '.repeat(8)}The end of it.`
    const mailOf = async (mailContent: string) => {
      expect((await settings({ mailContent })).status).toBe(200)
      const post = await river.sent({ text: `${mailContent}: ${text}`, wish: { kind: 'as_soon_as_approved' } })
      await river.decide(post, 'Ben', 'stop', 'Not now, please.')
      const [asking] = await river.mails('Cleo', 'review-request', post)
      const [receipt] = await river.mails('Ana', 'review-receipt', post)
      return { asking: asking!.text, receipt: receipt!.text }
    }
    const full = await mailOf('full')
    expect(full.asking).toContain('The end of it.')
    const teaser = await mailOf('teaser')
    expect(teaser.asking).toContain('teaser: A long sentence')
    expect(teaser.asking).not.toContain('The end of it.')
    const none = await mailOf('none')
    for (const mail of [none.asking, none.receipt]) {
      expect(mail).not.toContain('long sentence')
      expect(mail).not.toContain('Not now')
    }
    expect(none.asking).toContain('Look and decide')
  })

  it('is for admins to say, who say waking hours that there can be', async () => {
    expect((await settings({ mailContent: 'none' }, 'Ana')).status).toBe(403)
    expect((await settings({ mailContent: 'some' })).status).toBe(422)
    expect((await settings({ wakingFrom: '22:00' })).body['detail']).toContain('between 22:00 and 21:00')
    expect((await settings({ wakingFrom: '07:30', wakingUntil: '19:00' })).body).toEqual({
      mailContent: 'full',
      wakingFrom: '07:30',
      wakingUntil: '19:00',
    })
    expect((await (await river.as('Ana')).get(river.path('review-settings'))).body).toMatchObject({
      wakingFrom: '07:30',
    })
  })
})

describe('whoever is suspended or no reviewer any more', () => {
  it('has neither link nor confirmed device from then on; back in the group they can be asked again', async () => {
    const post = await river.sent({ wish: at('2026-11-25T18:00') })
    const page = await river.open(post, 'Ben')
    await river.press(page, 'approve', { ticks: [] })
    await river.suspend('Ben')
    expect(
      await app.query(`select revoked_because as because from review_requests where member_id = $1`, [
        river.memberId('Ben'),
      ]),
    ).toEqual([{ because: 'member' }])
    // Also past the application, which gives the post to others.
    await app.query(`update members set roles = '{editor}' where id = $1`, [river.memberId('Cleo')])
    expect(
      await app.query(`select revoked_because as because from review_requests where member_id = $1`, [
        river.memberId('Cleo'),
      ]),
    ).toEqual([{ because: 'member' }])
    await app.query(`update members set status = 'active' where id = $1`, [river.memberId('Ben')])
    expect((await river.page(page.visitor, page.path)).status).toBe(410)
    const { status, body } = await river.command<{ url: string }>(post, 'review', 'Ben')
    expect(status).toBe(200)
    expect((await river.press(await river.page(await river.as('Ben'), body.url), 'approve')).status).toBe(303)
  })

  it('and a contributor gets no review page of their own post', async () => {
    const post = await river.sent({ wish: at('2026-11-25T18:00') })
    const answer = await river.command<Record<string, unknown>>(post, 'review', 'Ana')
    expect(answer.status).toBe(403)
    expect(answer.body['detail']).toContain('You worked on this post yourself')
  })
})
