import pg from 'pg'

import { AuditLog } from '../../src/audit/audit-log.service.js'
import { ChannelsService } from '../../src/channels/channels.service.js'
import { Transaction } from '../../src/database/transaction.js'
import { Clock } from '../../src/kernel/clock.js'
import { ClaimRefused, ClaimsStore } from '../../src/scheduler/claims.store.js'
import { OutcomesService } from '../../src/scheduler/outcomes.service.js'
import { PublishingService } from '../../src/scheduler/publishing.service.js'
import { SendingService } from '../../src/scheduler/sending.service.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { moveLate, runDue, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import { until } from '../support/until.js'

// What is on its way, while the channel, the process or the clock under it changes.

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

const publicHere = () => network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)
const remove = async () => (await river.as('Dee')).delete(river.path(`channels/${river.bluesky.id}`))
const locksOut = { kind: 'unauthorized', cause: 'The app password was withdrawn.' } as const

/** One more process on the same database. */
function another(sending = app.app.get(SendingService)): PublishingService {
  const from = app.app.get.bind(app.app)
  const [transaction, claims, outcomes] = [from(Transaction), from(ClaimsStore), from(OutcomesService)]
  return new PublishingService(transaction, claims, outcomes, sending, from(AuditLog), from(Clock))
}

async function connectAgain(): Promise<void> {
  const path = river.path(`channels/${river.bluesky.id}/reconnect`)
  const answers = { handle: `${river.group.slug}.test` }
  expect((await (await river.as('Dee')).post(path, { answers })).status).toBe(200)
}

async function stateOf(post: { id: string }): Promise<string> {
  return (await river.publication(post)).state
}

describe('a channel', () => {
  it('that posts still count on is not removed, though they have no slot yet', async () => {
    const post = await river.sent({ wish: { kind: 'as_soon_as_approved' } })
    const refused = await remove()
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'channel-in-use', unfinished: 1 })
    expect((await river.command(post, 'cancel')).status).toBe(200)
    expect((await remove()).status).toBe(204)
  })

  it('that was removed gets nothing more that missed its time', async () => {
    const post = await river.approved()
    await river.toSlot(post, { days: 3 })
    await app.query(`update publications set state = 'missed' where post_id = $1`, [post.id])
    expect((await remove()).status).toBe(204)
    const { id } = await river.publication(post)
    const again = await (await river.as('Ana')).post(river.path(`publications/${id}/next-slot`))
    expect(again.body).toMatchObject({ status: 409, code: 'channel-removed' })
    expect(await stateOf(post)).toBe('missed')
  })

  it('that was removed at the very moment of planning keeps nothing in secret: its people are told', async () => {
    const post = await river.approved()
    // As when both were at it at once.
    await app.query(`update channels set removed_at = clock(), state = 'paused' where id = $1`, [river.bluesky.id])
    await river.toSlot(post, { hours: 5 })
    await moveLate(app)
    expect(await river.publication(post)).toMatchObject({ state: 'missed' })
    expect(await river.mails('Ana', 'post-moved', post)).toHaveLength(1)
  })

  it('that nobody connects again leaves nothing in doubt for ever: after a day somebody is asked to look', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    network.next('request lost')
    await runDue(app)
    await app.query(`update channels set state = 'to_reconnect', cause = 'Withdrawn.' where id = $1`, [
      river.bluesky.id,
    ])
    network.findSays = { kind: 'cannot-tell', cause: 'The app password was withdrawn.' }
    await app.letPass({ hours: 20 })
    await runDue(app)
    expect(await stateOf(post)).toBe('in_doubt')
    await app.letPass({ hours: 5 })
    await runDue(app)
    expect(await stateOf(post)).toBe('unconfirmed')
    expect(await river.mails('Ana', 'publication-unconfirmed', post)).toHaveLength(1)
  })
})

describe('a post that gets another slot', () => {
  it('bears the time at which it goes out, not that of a try of days before', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    network.next(locksOut)
    await runDue(app)
    expect(await stateOf(post)).toBe('planned')
    await app.letPass({ days: 3 })
    await connectAgain()
    await moveLate(app)
    const { slot } = await river.publication(post)
    await river.toSlot(post)
    await runDue(app)
    const [first] = publicHere()
    expect(first!.createdAt >= slot).toBe(true)
  })
})

describe('outcomes of several sends', () => {
  it('are each written down, whatever breaks with one of them', async () => {
    const posts: PostDetail[] = []
    const dee = await river.as('Dee')
    for (const handle of ['one.test', 'two.test']) {
      const { body } = await dee.post<{ id: string }>(river.path('channels'), {
        network: 'bluesky',
        answers: { handle },
      })
      posts.push(
        await river.approved({ text: handle, channels: [body.id], wish: { kind: 'exact', at: '2026-11-23T12:02' } }),
      )
    }
    await setClock(app, '2026-11-23T12:02:30Z')
    const claims = await app.app
      .get(Transaction)
      .run((manager) => app.app.get(ClaimsStore).claimDue(manager, 'worker', 50, 5, []))
    expect(claims).toHaveLength(2)
    const channels = app.app.get(ChannelsService)
    const get = channels.get.bind(channels)
    channels.get = (groupId, id, manager) =>
      id === claims[0]!.publication.channelId ? Promise.reject(new Error('It broke')) : get(groupId, id, manager)
    const rejected = { kind: 'rejected', cause: 'No.', field: null } as const
    try {
      await expect(
        app.app.get(OutcomesService).settleAll(claims.map((claim) => ({ claim, outcome: rejected }))),
      ).rejects.toThrow('It broke')
    } finally {
      channels.get = get
    }
    const states = await app.query<{ state: string }>(
      'select state from publications where group_id = $1 order by state',
      [river.id],
    )
    expect(states.map(({ state }) => state)).toEqual(['failed', 'publishing'])
    expect(posts).toHaveLength(2)
  })
})

describe('a process that ends', () => {
  it('waits for what it has claimed, also while it is only about to send it', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    const sending = app.app.get(SendingService)
    let [reading, go] = [() => {}, () => {}]
    const isReading = new Promise<void>((done) => (reading = done))
    const mayGoOn = new Promise<void>((done) => (go = done))
    const slow = Object.create(sending) as SendingService
    slow.prepare = async (publications) => {
      reading()
      await mayGoOn
      return sending.prepare(publications)
    }
    const publishing = another(slow)
    const round = publishing.runDue()
    await isReading
    let hasEnded = false
    const ending = publishing.stop().then(() => (hasEnded = true))
    await new Promise((done) => setImmediate(done))
    expect(hasEnded).toBe(false)
    go()
    await ending
    expect(await stateOf(post)).toBe('published')
    await round
  })
})

describe('a look of a process that ends', () => {
  it('is not followed by another send; whoever is there later goes on', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    network.next('request lost')
    await runDue(app)
    await app.letPass({ seconds: 6 })
    const ending = another()
    const find = network.find.bind(network)
    network.find = (...asked) => {
      void ending.stop()
      return find(...asked)
    }
    await ending.runDue()
    network.find = find
    expect(publicHere()).toEqual([])
    expect(await stateOf(post)).toBe('in_doubt')
    await app.letPass({ seconds: 55 })
    await runDue(app)
    expect(await stateOf(post)).toBe('published')
  })
})

describe('the gap of a channel', () => {
  it('counts from when nobody could tell by the clock of the database, however wrong that of the process is', async () => {
    const post = await river.approved()
    await river.toSlot(post)
    network.next('request lost')
    network.findSays = { kind: 'cannot-tell', cause: 'The network does not tell.' }
    await runDue(app)
    await app.letPass({ seconds: 6 })
    // The process is two hours behind.
    await app.query('update clock_settings set shift_ms = shift_ms + 7200000')
    await runDue(app)
    const [row] = await app.query<{ state: string; near: boolean }>(
      `select state, updated_at > clock() - interval '1 minute' as near from publications where post_id = $1`,
      [post.id],
    )
    expect(row).toEqual({ state: 'unconfirmed', near: true })
  })

  it('is kept between two workers too, of which one looks for long and the other sends meanwhile', async () => {
    const dee = await river.as('Dee')
    await dee.patch(river.path(`channels/${river.bluesky.id}`), { gapMinutes: 20, dailyCap: 50 })
    const [first, second] = [
      await river.approved({ text: 'First.', wish: { kind: 'exact', at: '2026-11-23T12:02' } }),
      await river.approved({ text: 'Second.', wish: { kind: 'exact', at: '2026-11-23T12:22' } }),
    ]
    const cooling = await river.approved({
      channels: [river.board.id],
      wish: { kind: 'exact', at: '2026-11-23T12:01' },
    })
    await setClock(app, '2026-11-23T12:23:00Z')
    await app.query('update posts set approved_at = clock() where id = $1', [cooling.id])
    // So that the look of one worker takes for as long as the test wants.
    const [{ was }] = (await app.query<{ was: string }>(
      `select pg_get_functiondef('may_go_from(uuid, uuid)'::regprocedure) as was`,
    )) as [{ was: string }]
    await app.query(`create or replace function may_go_from(for_group uuid, for_post uuid) returns timestamptz
      language plpgsql stable as $$ begin perform pg_advisory_xact_lock_shared(4711); return 'infinity'; end $$`)
    const holder = new pg.Client(app.database.ownerUrl)
    await holder.connect()
    const claim = (worker: string, skip: string[]) =>
      app.app.get(Transaction).run((manager) => app.app.get(ClaimsStore).claimDue(manager, worker, 50, 5, skip))
    try {
      await holder.query('select pg_advisory_lock(4711)')
      const slow = claim('slow', []).catch((error: unknown) => {
        if (error instanceof ClaimRefused) return []
        throw error
      })
      await until('the slow worker looks', async () => {
        const waiting = await app.query(
          `select 1 from pg_locks where locktype = 'advisory' and objid = 4711 and not granted`,
        )
        return waiting.length > 0
      })
      const quick = await claim('quick', [(await river.publication(cooling)).id])
      expect(quick.map(({ publication }) => publication.postId)).toEqual([first.id])
      const outcome = { kind: 'published', remoteId: 'at://first', url: 'https://bsky.test/1', at: '' } as const
      await app.app.get(OutcomesService).settleAll(quick.map((each) => ({ claim: each, outcome })))
      await holder.query('select pg_advisory_unlock(4711)')
      expect(await slow).toEqual([])
    } finally {
      await holder.end()
      await app.query(was)
    }
    expect(await stateOf(second)).toBe('planned')
  })
})
