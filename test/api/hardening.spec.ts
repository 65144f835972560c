import { get } from 'node:http'

import { SignInService } from '../../src/groups/sign-in/sign-in.service.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import { emailOf, type TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { moveLate, runDue, sentences, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

// Each test was an attack, or a corner of one, that once got through.

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

function publicHere() {
  return network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)
}

function triedHere() {
  return network.tried.filter((sent) => sent.account === river.bluesky.remoteAccountId)
}

/** A post that was sent once without an answer, and never arrived. */
async function lost(): Promise<PostDetail> {
  const post = await river.approved()
  await river.toSlot(post)
  network.next('request lost')
  await runDue(app)
  expect((await river.publication(post)).state).toBe('in_doubt')
  return post
}

async function lookAgain(): Promise<void> {
  await app.letPass({ seconds: 6 })
  await runDue(app)
}

describe('a post in doubt that the network has not got', () => {
  it.each([
    ['was put on hold meanwhile', () => river.command(theirs, 'hold', 'Cleo')],
    ['lost its reviewer meanwhile', () => river.suspend('Ben')],
  ])('is not sent again when it %s; somebody is asked to look', async (_what, change) => {
    theirs = await lost()
    await change()
    await lookAgain()
    expect(publicHere()).toEqual([])
    expect(await river.publication(theirs)).toMatchObject({ state: 'unconfirmed', mayAnswer: true })
    expect(await river.mails('Ana', 'publication-unconfirmed', theirs)).toHaveLength(1)
  })
  let theirs: PostDetail

  it('is not sent again by the database either, once it is on hold', async () => {
    const post = await lost()
    await river.command(post, 'hold', 'Cleo')
    await expect(
      app.query(`update publications set state = 'publishing' where post_id = $1`, [post.id]),
    ).rejects.toThrow('gate: the post is held')
  })

  it('waits while its channel is paused, and is sent once the channel goes on', async () => {
    const post = await lost()
    const pause = async (paused: boolean) =>
      (await river.as('Dee')).patch(river.path(`channels/${river.bluesky.id}`), { paused })
    expect((await pause(true)).status).toBe(200)
    await lookAgain()
    expect((await river.publication(post)).state).toBe('in_doubt')
    expect(triedHere()).toHaveLength(1)
    await pause(false)
    await app.letPass({ minutes: 2 })
    await runDue(app)
    expect(publicHere()).toHaveLength(1)
  })

  it('is not sent again when its time is over; somebody is asked to look', async () => {
    const post = await lost()
    await app.letPass({ hours: 5 })
    await runDue(app)
    expect(publicHere()).toEqual([])
    expect((await river.publication(post)).state).toBe('unconfirmed')
  })

  it('is not sent again and again: after five sends somebody is asked to look', async () => {
    const post = await lost()
    network.next(...Array.from({ length: 10 }, () => 'request lost' as const))
    for (let look = 0; look < 10; look += 1) await lookAgain()
    expect(triedHere()).toHaveLength(5)
    expect((await river.publication(post)).state).toBe('unconfirmed')
  })

  it('is left alone when the network wants a pause, or the password is not taken any more', async () => {
    await lost()
    const until = new Date(Date.parse(triedHere()[0]!.createdAt) + 600_000).toISOString()
    network.next({ kind: 'limited', cause: 'Too many.', until, scope: 'channel' })
    await lookAgain()
    await lookAgain()
    await lookAgain()
    expect(triedHere()).toHaveLength(2)
    network.next({ kind: 'unauthorized', cause: 'Revoked.' })
    await app.letPass({ minutes: 11 })
    await runDue(app)
    await lookAgain()
    await lookAgain()
    expect(triedHere()).toHaveLength(3)
    const [channel] = await app.query<{ state: string }>('select state from channels where id = $1', [river.bluesky.id])
    expect(channel!.state).toBe('to_reconnect')
    expect(await river.mails('Dee', 'publication-to-reconnect')).toHaveLength(1)
  })
})

describe('asking for sign-in links', () => {
  it('by many at once for one address leaves the others their connections to the database', async () => {
    const asking = Array.from({ length: 40 }, () => app.app.get(SignInService).mailLink(emailOf('Ana')))
    const late = new Promise((done) => setTimeout(done, 60_000, 'nobody was answered').unref())
    expect(await Promise.race([Promise.all(asking).then(() => app.visitor().get('/api/session')), late])).toMatchObject(
      {
        status: 200,
      },
    )
    expect(await river.mails('Ana', 'sign-in')).toHaveLength(5)
  })
})

describe('somebody who can write rows', () => {
  const byHand = (change: string, post: { id: string }) =>
    app.query(`update publications set ${change} where post_id = $1`, [post.id])

  it('cannot talk a doubt away, to plan or end what may be public', async () => {
    const post = await lost()
    await expect(byHand('doubt = false', post)).rejects.toThrow(/doubt/)
    await byHand(`state = 'publishing'`, post)
    await expect(byHand(`state = 'planned', doubt = false`, post)).rejects.toThrow(/doubt/)
    await expect(byHand(`state = 'failed'`, post)).rejects.toThrow(/doubt/)
    await expect(byHand(`state = 'failed', doubt = false`, post)).rejects.toThrow(/doubt/)
    await byHand(`state = 'in_doubt'`, post)
    const other = await river.approved({ text: 'Other words.', channels: [river.board.id] })
    await river.toSlot(other)
    await byHand(
      `state = 'publishing', publish_key = 'x', revision_id = (select current_revision_id from posts where id = publications.post_id),
       hash = (select r.hash from posts p join revisions r on r.id = p.current_revision_id where p.id = publications.post_id)`,
      other,
    )
    await expect(byHand(`state = 'in_doubt'`, other)).rejects.toThrow('doubt is written down')
  })

  it('cannot bring an earlier version back with the approvals that it had, nor take another post’s', async () => {
    const first = await river.approved()
    const [{ id: approved }] = (await app.query<{ id: string }>(
      'select current_revision_id as id from posts where id = $1',
      [first.id],
    )) as [{ id: string }]
    const edited = (await river.save(first, { text: 'Other words.' })).body
    await river.send(edited)
    const back = 'update posts set current_revision_id = $2 where id = $1'
    await expect(app.query(back, [first.id, approved])).rejects.toThrow('a post goes on to a later version of its own')
    await expect(app.query(back, [first.id, null])).rejects.toThrow('a post goes on to a later version of its own')
    const other = await river.sent({ text: 'A third.' })
    await expect(app.query(back, [other.id, approved])).rejects.toThrow('a post goes on to a later version of its own')
  })
})

describe('signing out everywhere', () => {
  it('also ends what a lost device could still review', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    await river.press(page, 'stop')
    await river.type(page, 'stop', await river.code('Ben'))
    const next = await river.sent({ text: 'The next one.' })
    expect((await river.press(await river.open(next, 'Ben', page.visitor), 'hand_over')).status).toBe(303)
    const last = await river.sent({ text: 'The last one.' })
    await (await river.as('Ben')).post('/api/sign-out-everywhere')
    const answer = await river.press(await river.open(last, 'Ben', page.visitor), 'approve')
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('name="code"')
    expect((await river.see(last)).verdicts).toEqual([])
  })
})

describe('codes by mail', () => {
  it('are sent few times, so that a link does not fill its owner’s inbox', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    for (let press = 0; press < 12; press += 1) await river.press(page, 'stop')
    expect(sentences((await river.press(page, 'stop')).body)).toContain('no new one was')
    expect(await river.mails('Ben', 'review-code')).toHaveLength(10)
    // The newest still works, and later there is a new one.
    expect((await river.type(page, 'stop', await river.code('Ben'))).status).toBe(303)
    await app.letPass({ minutes: 16 })
    const other = await river.open(await river.sent({ text: 'Another.' }), 'Ben')
    await river.press(other, 'stop')
    expect(await river.mails('Ben', 'review-code')).toHaveLength(11)
  })
})

describe('a request of the wrong form', () => {
  it.each([
    ['no content', { content: undefined }],
    ['content that is a list', { content: [] }],
    ['content that is null', { content: null }],
    ['no wish', { wish: undefined }],
    ['a wish that is a list', { wish: [] }],
    ['an end that is no time', { usefulUntil: '2026-13-45T99:99' }],
  ])('with %s is refused in words', async (_what, wrong) => {
    const ana = await river.as('Ana')
    for (const path of ['posts', 'posts/check']) {
      const { status } = await ana.post(river.path(path), { ...river.input(), ...wrong })
      expect([path, status]).toEqual([path, 422])
    }
  })

  it.each(['2026-13-45T99:99', '9999-12-31T23:59', '0000-01-01T00:00'])(
    'for %s may be noted, and not sent',
    async (at) => {
      const wish = { kind: 'exact', at }
      const checked = await (await river.as('Ana')).post(river.path('posts/check'), river.input({ wish }))
      const { status } = await river.trySend(await river.write({ wish }))
      expect([checked.status < 500, status >= 400 && status < 500]).toEqual([true, true])
    },
  )

  it('with a character that no text can hold is refused in words', async () => {
    const ana = await river.as('Ana')
    const { status } = await ana.post(river.path('posts'), river.input({ text: 'A\u0000B' }))
    expect(status).toBe(422)
    const half = await ana.post(river.path('posts'), river.input({ text: 'A\ud83dB' }))
    expect(half.status).toBe(422)
    const notes = await ana.post(river.path('posts'), river.input({ notes: 'A\u0000B' }))
    expect(notes.status).toBe(422)
  })

  it('at an address that does not exist are answered in words, without the framework’s own', async () => {
    const { status, body } = await (await river.as('Ana')).get<{ code: string; detail: string }>('/api/nonsense')
    expect([status, body.code]).toEqual([404, 'no-such-path'])
    expect(body.detail).toContain('There is nothing here that answers GET /api/nonsense.')
  })

  it.each([
    'week?from=a&from=b',
    'week?from=0000-00-00',
    'week?from=9999-12-31',
    'week?from=%00',
    'engagement?week=a&week=b',
    'engagement.csv?from=9999-12-31&to=0001-01-01',
    'posts/not-an-id',
    'engagement.csv?from=a&from=b',
  ])('%s is answered without breaking', async (path) => {
    const { status } = await (await river.as('Ana')).get(river.path(path))
    expect(status).toBeLessThan(500)
  })

  it.each([
    '/r/%00',
    '/review/%00',
    '/noticeboard/%00',
    '/noticeboard/river/%00',
    '/unsubscribe/%00',
    '/mailbox/%00',
    '/sign-in/confirm?token=%00',
    '/api/groups/%00',
    '/noticeboard/river?before=a&before=b',
    '/sign-in/confirm?token=a&token=b',
    '/%ff',
    '/review/00000000-0000-0000-0000-00000000000-',
  ])('%s is answered without breaking', async (path) => {
    const visitor = await river.as('Cleo')
    expect((await visitor.get(path)).status).toBeLessThan(500)
    expect((await visitor.get('/sign-in/confirm')).status).toBeLessThan(500)
  })
})

describe('a name that somebody pointed at this machine', () => {
  const statusFor = (host: string) =>
    new Promise((done, fail) => {
      get(`${app.origin}/mailbox.json`, { headers: { host } }, (answer) => {
        answer.resume()
        done(answer.statusCode)
      }).on('error', fail)
    })

  it('reads neither mails nor anything else, outside production', async () => {
    expect(await statusFor('localhost:3000')).toBe(200)
    expect(await statusFor('rebound.evil.example')).toBe(403)
  })
})

describe('what could not go out in time', () => {
  it('is moved although one before it breaks', async () => {
    const [first, second] = [await river.sent({ text: 'First.' }), await river.sent({ text: 'Second.' })]
    await app.query(`alter table post_events add constraint no_event check (post_id <> '${first.id}') not valid`)
    await app.letPass({ days: 2 })
    await moveLate(app)
    await app.query('alter table post_events drop constraint no_event')
    expect((await river.publication(second)).slot > '2026-11-25').toBe(true)
    await moveLate(app)
    expect((await river.publication(first)).slot > '2026-11-25').toBe(true)
  })

  it('is not moved to the same hours of another zone, to which nobody agreed', async () => {
    const post = await river.approved()
    const zone = await (await river.as('Dee')).patch(river.path('').slice(0, -1), { timeZone: 'Asia/Tokyo' })
    expect(zone.status).toBe(200)
    await app.letPass({ days: 2 })
    await moveLate(app)
    expect((await river.publication(post)).state).toBe('missed')
  })
})
