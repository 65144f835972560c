import type { INestApplicationContext } from '@nestjs/common'
import { SchedulerRegistry } from '@nestjs/schedule'
import { DataSource } from 'typeorm'

import { PublishingService } from '../../src/scheduler/publishing.service.js'
import type { TestApp } from '../support/app.js'
import { startApp } from '../support/app.js'
import { FakeNetwork } from '../support/fake-network.js'
import { fakeBluesky, setClock, TestGroup } from '../support/group-fixture.js'
import { until } from '../support/until.js'

const atOnce = { wish: { kind: 'as_soon_as_approved' } }
const hears = `select pid from pg_stat_activity where datname = current_database() and application_name = 'seconder notices'`

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  app = await startApp()
  lookNoMore(app.app)
  network = fakeBluesky(app)
  river = await TestGroup.make(app, 'River')
  const admin = await river.as('Dee')
  await admin.patch(river.path(`channels/${river.bluesky.id}`), { gapMinutes: 0, quietStart: null, quietEnd: null })
})

afterAll(() => app?.close())

let hour = 9

/** What is approved now goes out at the next full minute, ten seconds from now; every time at another hour. */
async function justBeforeTheMinute(of: TestApp): Promise<void> {
  await setClock(of, `2026-11-23T${String((hour += 1))}:29:50Z`)
}

/** From now on nothing is done because time has passed: what happens was told, or waited for by a timer of its own. */
function lookNoMore(of: INestApplicationContext): void {
  const ticking = of.get(SchedulerRegistry, { strict: false })
  const intervals = ticking.getIntervals()
  expect(intervals).toContain('publishing')
  for (const name of intervals) ticking.deleteInterval(name)
}

describe('a worker', () => {
  it('is told of an approval, and sends what is due long before it would look by itself', async () => {
    await justBeforeTheMinute(app)
    await river.approved({ text: 'Told at once.', ...atOnce })
    await until('it is public', () => network.publicTexts('Told at once.').length > 0)
  })

  it('sends what somebody had locked when it fell due as soon as they are done', async () => {
    const publishing = app.app.get(PublishingService)
    const next = publishing.next.bind(publishing)
    let lookedInVain = false
    publishing.next = async () => {
      const seen = await next()
      lookedInVain ||= seen.isLeft
      return seen
    }
    await justBeforeTheMinute(app)
    const post = await river.approved({ text: 'Somebody comments on it.', ...atOnce })
    const commenting = app.app.get(DataSource).createQueryRunner()
    await commenting.startTransaction()
    try {
      // As every row does that refers to the post.
      await commenting.query('select 1 from posts where id = $1 for key share', [post.id])
      await until('a worker looked', () => lookedInVain)
    } finally {
      await commenting.commitTransaction()
      await commenting.release()
    }
    await until('it is public', () => network.publicTexts('Somebody comments on it.').length > 0)
  })

  it('hears again after its connection for notices was cut', async () => {
    const [before] = await app.query<{ pid: number }>(hears)
    await app.query('select pg_terminate_backend($1)', [before!.pid])
    await until('another connection hears', async () => {
      const rows = await app.query<{ pid: number }>(hears)
      return rows.some(({ pid }) => pid !== before!.pid)
    })
    await justBeforeTheMinute(app)
    await river.approved({ text: 'Told once more.', ...atOnce })
    await until('it is public', () => network.publicTexts('Told once more.').length > 0)
  })

  it('is told when a channel that had to be connected again is back', async () => {
    const post = await river.sent({ text: 'Waits for its channel.', ...atOnce })
    await app.query(`update channels set state = 'to_reconnect' where id = $1`, [river.bluesky.id])
    await justBeforeTheMinute(app)
    await river.decide(post, 'Ben', 'approve')
    expect(network.publicTexts('Waits for its channel.')).toEqual([])
    await app.query(`update channels set state = 'connected' where id = $1`, [river.bluesky.id])
    await until('it is public', () => network.publicTexts('Waits for its channel.').length > 0)
  })

  it('looks up what is in doubt when the network has settled, by a timer', async () => {
    network.next('answer lost')
    await justBeforeTheMinute(app)
    const post = await river.approved({ text: 'Was it sent?', ...atOnce })
    await until('it was sent', () => network.publicTexts('Was it sent?').length > 0)
    await until('it was found', async () => (await river.publication(post)).state === 'published')
    expect(network.tried.filter((sent) => sent.text === 'Was it sent?')).toHaveLength(1)
  })
})

describe('the role of a process', () => {
  it('web answers people and publishes nothing; worker publishes and answers nobody but those who look whether it lives', async () => {
    const web = await startApp({ settings: { ROLE: 'web' } })
    try {
      const quiet = fakeBluesky(web, new FakeNetwork())
      const east = await TestGroup.make(web, 'East')
      await justBeforeTheMinute(web)
      await east.approved({ text: 'Waits for a worker.', ...atOnce })
      const { createApp } = await import('../../src/start.js')
      const worker = await createApp(
        { ...web.config, role: 'worker', production: false, mailboxOpen: true },
        web.database,
        {
          quiet: true,
        },
      )
      try {
        const busy = fakeBluesky({ app: worker }, new FakeNetwork())
        await worker.listen(0, '127.0.0.1')
        lookNoMore(worker)
        await until('the worker sent it', () => busy.publicTexts('Waits for a worker.').length > 0)
        expect(quiet.tried).toEqual([])
        const origin = await worker.getUrl()
        expect((await fetch(`${origin}/health/ready`)).status).toBe(200)
        const refused = await fetch(`${origin}/api/session`)
        expect(refused.status).toBe(404)
        expect(await refused.json()).toMatchObject({ code: 'only-works' })
        // Side jobs too: the worker is told of what the other process takes, and does not wait for its next look,
        // which comes after a minute.
        const channelIds = [east.bluesky.id]
        const wanted = { key: 'several-1', send: false, channelIds, posts: [{ text: 'One of several.' }] }
        const { body } = await (await east.as('Ana')).post<{ id: string }>(east.path('posts/bulk'), wanted)
        await until(
          'the worker wrote it',
          async () => {
            const seen = await (await east.as('Ana')).get<{ state: string }>(east.path(`bulk/${body.id}`))
            return seen.body.state === 'done'
          },
          45_000,
        )
      } finally {
        await worker.close()
      }
    } finally {
      await web.close()
    }
  })
})
