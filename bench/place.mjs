import { DateTime } from 'luxon'

import { rounded } from './support/asking.mjs'
import { fill } from './support/filling.mjs'
import { Figures, openServer, prepare, product, quantile, secret, withClient } from './support/server.mjs'

// How long it takes to find a slot on a channel with a thousand taken ones: the rules alone, and as the product does it,
// with reading what is taken, reserving, and a transaction for each post that waits for the disk.
const taken = 1000
const rounds = 3000

prepare()
const { place } = await product('src/scheduler/plan.js')
const figures = new Figures('place', { taken, rounds })
const now = DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' })
const days = [1, 2, 3, 4, 5, 6, 7]
const windows = [
  { days, start: '07:00', end: '09:00', name: 'before work' },
  { days, start: '12:00', end: '14:00', name: 'lunch' },
  { days, start: '17:00', end: '19:00', name: 'after work' },
  { days, start: '20:00', end: '21:00', name: 'evening' },
]
const rules = {
  zone: 'Europe/London',
  windows,
  gapMinutes: 60,
  dailyCap: 40,
  quiet: { start: '21:30', end: '07:00' },
  leadMinutes: 60,
  silences: [],
}
const slots = (stepMinutes, from) =>
  Array.from({ length: taken }, (_, number) => ({
    at: from.plus({ minutes: number * stepMinutes }),
    windowName: null,
    labels: [],
  }))
// Most of what a channel has is out already, or far away. A queue that is full for weeks has to be looked through to its
// end; so has one where every window is empty and every minute too close to a neighbour.
const cases = {
  spread: { slotsTaken: slots(7 * 60, now.minus({ days: 280 })), rules },
  full: { slotsTaken: slots(70, now), rules },
  close: { slotsTaken: slots(6 * 60, now.startOf('day').plus({ minutes: 270 })), rules: { ...rules, gapMinutes: 170 } },
}
for (const [name, { slotsTaken, rules: rulesOfCase }] of Object.entries(cases)) {
  const times = []
  let kind = ''
  for (let round = 0; round < rounds; round += 1) {
    const request = { postId: `post ${round}`, channelId: 'channel', wish: { kind: 'queue' }, labels: [] }
    const begun = performance.now()
    kind = place(request, rulesOfCase, slotsTaken, now).kind
    if (round >= rounds / 3) times.push((performance.now() - begun) * 1000)
  }
  figures.note(`${name}P50`, Math.round(quantile(times, 0.5)), `microseconds, half of the time: ${taken} slots, ${name} (${kind})`)
  figures.note(`${name}P99`, Math.round(quantile(times, 0.99)), `microseconds, 99 of a hundred: ${taken} slots, ${name}`)
} // prettier-ignore

const server = await openServer()
figures.values.postgres = await server.version()
const database = await server.database('placing')
const most = 20
const many = await withClient(database.ownerUrl, async (client) => {
  // Each channel has what the pure case "spread" has: one in seven hours, most of it behind it.
  const filled = await fill(client, {
    groups: 1,
    channels: most,
    count: most * taken,
    slotMs: (number) => Date.now() + (Math.floor(number / most) * 7 - 280 * 24) * 3_600_000,
    gapMinutes: 20,
  })
  const [{ id: group }] = filled.groups
  // A window takes one post: as many as are wanted below.
  await client.query('delete from windows')
  await client.query(
    `insert into windows (group_id, id, days, starts, ends, name)
     select $1, gen_random_uuid(), '{1,2,3,4,5,6,7}', to_char(hour, 'FM00') || ':00', to_char(hour + 1, 'FM00') || ':00', 'hour ' || hour
     from generate_series(7, 20) as hour`,
    [group],
  )
  const { rows } = await client.query(
    `insert into posts (group_id, id, author_id, content, wish, created_at, updated_at)
     select group_id, gen_random_uuid(), author_id, content, wish, clock(), clock() from posts where group_id = $1 limit 400 returning id`,
    [group],
  )
  const found = await client.query('select id from channels where group_id = $1 order by id', [group])
  return { group, posts: rows.map(({ id }) => id), channels: found.rows.map(({ id }) => id) }
})
const { loadConfig } = await product('src/config/load-config.js')
const { createApp } = await product('src/start.js')
const { Transaction } = await product('src/database/transaction.js')
const { PlanningService } = await product('src/scheduler/planning.service.js')
const { PostsStore } = await product('src/drafts/posts.store.js')
const { GroupsService } = await product('src/groups/groups.service.js')
const { ChannelsService } = await product('src/channels/channels.service.js')
const settings = {
  NODE_ENV: 'test',
  ROLE: 'web',
  DEMO: 'no',
  PORT: '0',
  SECRET: secret,
  DATA_DIR: server.directory,
  DATABASE_URL: database.url,
}
const app = await createApp(loadConfig(settings), database, { quiet: true, ticking: false })
await app.init()
const [transaction, planning, posts] = [Transaction, PlanningService, PostsStore].map((each) => app.get(each))
const group = await app.get(GroupsService).get(many.group)
const channels = await app.get(ChannelsService).list(many.group)
for (const [wide, count] of [[1, 200], [most, 100]]) {
  const times = []
  const on = channels.filter(({ id }) => many.channels.slice(0, wide).includes(id))
  const begun = performance.now()
  for (const id of many.posts.splice(0, count)) {
    const from = performance.now()
    const placed = await transaction.run(async (manager) => planning.plan(manager, group, await posts.get(manager, many.group, id), on))
    if (placed.length !== wide) throw new Error(`${placed.length} of ${wide} slots were found`)
    times.push(performance.now() - from)
  }
  const rate = Math.round((count * 1000) / (performance.now() - begun))
  figures.note(`database ${wide} rate`, rate, `posts a second through the database, one after the other, ${wide} channels each; ${rounded(quantile(times, 0.5))} ms (p50), ${rounded(quantile(times, 0.99))} ms (p99) a post`)
  figures.values[`database ${wide} ms`] = [rounded(quantile(times, 0.5)), rounded(quantile(times, 0.99))]
} // prettier-ignore
await app.close()
await server.close()
figures.end()
