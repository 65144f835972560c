import { Transaction } from '../../src/database/transaction.js'
import { SubmissionService } from '../../src/reviewers/asking/submission.service.js'
import type { BulkPreview, BulkProgress } from '../../src/workspace/bulk.dto.js'
import { BulkService } from '../../src/workspace/bulk.service.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { forgetLimits, runDue, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import { until } from '../support/until.js'
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

/** Twenty placements and more a post: on a busy machine that takes a while. */
const longest = 90_000

const texts = (count: number) => Array.from({ length: count }, (_, index) => ({ text: `Post number ${index + 1}.` }))

async function start<Body = BulkProgress>(input: object, name = 'Ana'): Promise<Answer<Body>> {
  return (await river.as(name)).post<Body>(river.path('posts/bulk'), {
    key: 'request-1',
    send: true,
    channelIds: [river.bluesky.id],
    ...input,
  })
}

async function progress(id: string): Promise<BulkProgress> {
  return (await (await river.as('Ana')).get<BulkProgress>(river.path(`bulk/${id}`))).body
}

function finished(id: string): Promise<BulkProgress> {
  return until(
    'the request is dealt with',
    async () => {
      const now = await progress(id)
      return now.state === 'running' ? null : now
    },
    longest - 10_000,
  )
}

/** Nothing deals with the request at this moment: whatever was in hand is written down, or has come to nothing. */
async function rests(id: string): Promise<void> {
  const inHand = `select 1 from pgboss.job where name = 'bulk' and state = 'active' and data ->> 'bulkId' = $1`
  await until('nobody deals with it', async () => (await app.query(inHand, [id])).length === 0, longest - 10_000)
}

async function countPosts(): Promise<number> {
  const [row] = await app.query<{ count: string }>('select count(*) from posts where group_id = $1', [river.id])
  return Number(row?.count)
}

describe('several posts in one request', () => {
  it(
    'are accepted at once and written one after the other; nothing of them goes out without a review',
    async () => {
      const { status, body } = await start({ posts: texts(25) })
      expect(status).toBe(202)
      expect(body).toMatchObject({ state: 'running', total: 25 })
      const done = await finished(body.id)
      expect(done).toMatchObject({ state: 'done', created: 25, sent: 25, finished: 25, problems: [] })
      expect(done.sentence).toBe('25 of 25 dealt with: 25 written, 25 sent for review.')
      expect(await countPosts()).toBe(25)
      const states = await app.query<{ state: string }>('select distinct state from posts where group_id = $1', [
        river.id,
      ])
      expect(states).toEqual([{ state: 'in_review' }])
      const days = await app.query<{ most: string }>(
        `select max(n) as most from (select count(*) as n from publications where group_id = $1
       group by (slot at time zone 'Europe/London')::date) days`,
        [river.id],
      )
      expect(Number(days[0]?.most)).toBeLessThanOrEqual(river.bluesky.dailyCap)
      await setClock(app, '2026-11-30T12:00:00Z')
      expect(await runDue(app)).toBe(0)
      expect(await river.audit('bulk-started')).toEqual([
        expect.objectContaining({ count: 25, member: river.memberId('Ana') }),
      ])
    },
    longest,
  )

  it(
    'can be stopped: what is sent stays, the rest is not written, and somebody is named',
    async () => {
      for (const name of ['Ben', 'Eli', 'Ana']) await river.as(name)
      const { body } = await start({ posts: texts(200) })
      await until('some are sent', async () => ((await progress(body.id)).sent > 0 ? true : null), longest - 10_000)
      const stop = async (name: string) => (await river.as(name)).post<BulkProgress>(river.path(`bulk/${body.id}/stop`))
      expect((await stop('Ben')).status).toBe(403)
      const stopped = await stop('Eli')
      expect(stopped).toMatchObject({ status: 200, body: { state: 'stopped' } })
      expect(stopped.body.sentence).toMatch(/^Eli stopped it\. \d+ of 200 dealt with/)
      await rests(body.id)
      const written = await countPosts()
      // The one that was being written is finished.
      expect(written).toBeLessThanOrEqual(stopped.body.created + 1)
      await app.app.get(BulkService).work({ groupId: river.id, bulkId: body.id })
      expect(await countPosts()).toBe(written)
      expect((await stop('Ana')).body.sentence).toMatch(/^Eli stopped it/)
      expect(await river.audit('bulk-stopped')).toHaveLength(1)
    },
    longest,
  )

  it(
    'go on with the rest after they were stopped, for whoever asked for them, and are found again by who comes back',
    async () => {
      await river.as('Eli')
      const { body } = await start({ send: false, posts: [...texts(59), { text: ' ' }] })
      const act = async (name: string, what: 'stop' | 'go-on') =>
        (await river.as(name)).post<BulkProgress & Problem>(river.path(`bulk/${body.id}/${what}`))
      const stopped = await act('Eli', 'stop')
      expect(stopped.body).toMatchObject({ state: 'stopped', by: 'Ana', mayGoOn: false })
      expect(stopped.body.finished).toBeLessThan(60)
      const refused = await act('Eli', 'go-on')
      expect([refused.status, refused.body.detail]).toEqual([403, 'Ana asked for these posts, so only Ana can go on.'])
      const list = async () => (await (await river.as('Ana')).get<BulkProgress[]>(river.path('bulk'))).body
      expect(await list()).toEqual([expect.objectContaining({ id: body.id, state: 'stopped', mayGoOn: true })])
      expect((await act('Ana', 'go-on')).body).toMatchObject({ id: body.id, mayGoOn: false })
      expect(await finished(body.id)).toMatchObject({ state: 'done', total: 60, created: 59, finished: 60 })
      expect(await countPosts()).toBe(59)
      // Once more, and nothing is left.
      expect((await act('Ana', 'go-on')).body).toMatchObject({ state: 'done', mayGoOn: false })
      expect(await river.audit('bulk-continued')).toHaveLength(1)
      await setClock(app, '2026-12-01T12:00:00Z')
      expect(await list()).toEqual([])
    },
    longest,
  )

  it(
    'come to a reviewer in few mails, none with more than twenty',
    async () => {
      const { body } = await start({ posts: texts(25) })
      await finished(body.id)
      const mails = await river.mails('Ben', 'review-request')
      const links = mails.map((mail) => new Set(mail.text.match(/\/r\/[\w-]{43}/g)).size)
      expect(links).toEqual([20, 5])
    },
    longest,
  )

  it(
    'stay drafts when that is wanted, and a post that cannot be sent stays one with the reason',
    async () => {
      const drafts = await start({ send: false, posts: texts(2) })
      expect(await finished(drafts.body.id)).toMatchObject({ created: 2, sent: 0, problems: [] })
      const posts = [
        { text: 'Fine.' },
        { text: 'x'.repeat(400) },
        { text: ' ' },
        { text: 'Late.', at: '2020-01-01T10:00' },
      ]
      const { body } = await start({ key: 'request-2', posts })
      const done = await finished(body.id)
      expect(done).toMatchObject({ state: 'done', total: 4, created: 3, sent: 1, finished: 4 })
      expect(done.problems).toEqual([
        { number: 2, postId: expect.any(String), problem: expect.stringMatching(/^It stays a draft\. .*300/) },
        { number: 3, postId: null, problem: 'It has no words. Write some, or take the row out.' },
        { number: 4, postId: expect.any(String), problem: expect.stringMatching(/^It stays a draft\. .*has passed/) },
      ])
    },
    longest,
  )

  it(
    'with the same key are one request, however often and at once it arrives',
    async () => {
      const answers = await Promise.all([1, 2, 3].map(() => start({ posts: texts(3) })))
      expect(new Set(answers.map((each) => each.body.id)).size).toBe(1)
      await finished(answers[0]!.body.id)
      expect((await start({ posts: texts(3) })).body).toMatchObject({ id: answers[0]!.body.id, state: 'done' })
      expect(await countPosts()).toBe(3)
    },
    longest,
  )

  it(
    'go on where they were after a process died, and none is written or sent twice',
    async () => {
      const submission = app.app.get(SubmissionService)
      const real = submission.send.bind(submission)
      let sends = 0
      submission.send = async (...given) => {
        const isSecond = (sends += 1) === 2
        await real(...given)
        // Cut off after the post was sent, before that was marked.
        if (isSecond) throw new Error('the process died')
      }
      try {
        const { body } = await start({ posts: texts(4) })
        await until('the second is sent', async () => (sends >= 2 ? true : null))
        const bulk = app.app.get(BulkService)
        await rests(body.id)
        expect(await progress(body.id)).toMatchObject({ state: 'running', finished: 1 })
        await Promise.all([1, 2].map(() => bulk.work({ groupId: river.id, bulkId: body.id })))
        expect(await finished(body.id)).toMatchObject({ created: 4, sent: 4, problems: [] })
        expect(await countPosts()).toBe(4)
        expect((await river.audit('sent-for-review')).length).toBe(4)
      } finally {
        submission.send = real
      }
    },
    longest,
  )

  it(
    'are not done while another process still deals with one of them',
    async () => {
      const { body } = await start({ send: false, posts: texts(1) })
      await finished(body.id)
      await app.query('update bulk_items set done = false where bulk_id = $1', [body.id])
      await app.query('update bulks set finished_at = null where id = $1', [body.id])
      const bulk = app.app.get(BulkService)
      const job = { groupId: river.id, bulkId: body.id }
      await app.app.get(Transaction).run(async (other) => {
        await other.query('select 1 from bulk_items where bulk_id = $1 for update', [body.id])
        await bulk.work(job)
        expect((await progress(body.id)).state).toBe('running')
        await other.query('update bulk_items set done = true where bulk_id = $1', [body.id])
      })
      await bulk.work(job)
      expect((await progress(body.id)).state).toBe('done')
    },
    longest,
  )

  it(
    'stop when whoever asked may no longer write here',
    async () => {
      const submission = app.app.get(SubmissionService)
      const real = submission.send.bind(submission)
      submission.send = async (...given) => {
        await real(...given)
        await app.query(`update members set status = 'suspended' where group_id = $1 and id = $2`, [
          river.id,
          river.memberId('Ana'),
        ])
      }
      try {
        const { body } = await start({ posts: texts(3) })
        const stopped = await until('it stopped', async () => {
          const { body: now } = await (await river.as('Eli')).get<BulkProgress>(river.path(`bulk/${body.id}`))
          return now.state === 'running' ? null : now
        })
        expect(stopped).toMatchObject({ state: 'stopped', created: 1, sent: 1 })
        expect(stopped.sentence).toMatch(/^Ana may no longer write posts here, so it stopped\./)
      } finally {
        submission.send = real
      }
    },
    longest,
  )

  it(
    'are looked at first: what stands in the way of each is said, and nothing is kept',
    async () => {
      const source = `text,time\nFine,\n"${'y'.repeat(400)}",\nWhen,tomorrow\n`
      const { body } = await (
        await river.as('Ana')
      ).post<BulkPreview>(river.path('posts/bulk/check'), { channelIds: [river.bluesky.id], source, form: 'table' })
      expect(body).toMatchObject({ unreadable: null, ready: 1 })
      expect(body.rows.map((row) => row.problems.length)).toEqual([0, 1, 1])
      expect(body.rows[2]?.problems).toEqual(['The time “tomorrow” has to look like 2026-11-24 17:20.'])
      expect(await countPosts()).toBe(0)
    },
    longest,
  )

  it(
    'are for editors and admins, and for channels of the group',
    async () => {
      expect((await start({ posts: texts(1) }, 'Cleo')).status).toBe(403)
      const lake = await TestGroup.make(app, 'Lake')
      const other = await start<Problem>({ posts: texts(1), channelIds: [lake.bluesky.id] })
      expect(other.body.code).toBe('no-such-channel')
      const { body } = await start({ posts: texts(1) })
      expect((await (await lake.as('Eli')).get(lake.path(`bulk/${body.id}`))).status).toBe(404)
      await finished(body.id)
    },
    longest,
  )
})
