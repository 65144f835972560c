import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import pg from 'pg'

import { end, startChild, startWorker } from './support/children.mjs'
import { fill } from './support/filling.mjs'
import { Figures, openServer, prepare, quantile, say, withClient } from './support/server.mjs'

// Worker processes and PostgreSQL are killed with SIGKILL at random moments while they publish; then it is counted what
// became public, from the memory of a network that nothing of ours can reach, against what the database says.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    short: { type: 'boolean', default: false },
    count: { type: 'string' },
    kills: { type: 'string' },
    seconds: { type: 'string' },
    workers: { type: 'string', default: '3' },
    /** Mean milliseconds that the network takes to answer. */
    delay: { type: 'string', default: '400' },
    /** Share of answers that never arrive although the post is public. */
    lost: { type: 'string', default: '0.01' },
    /** Move the clock on at the end instead of waiting for the leases of those who were killed. */
    'move-clock': { type: 'boolean', default: false },
  },
})
const count = Number(options.count ?? (options.short ? 300 : 10_000))
const kills = Number(options.kills ?? (options.short ? 5 : 60))
const seconds = Number(options.seconds ?? (options.short ? 18 : 240))
const workers = Number(options.workers)
const moveClock = options.short || options['move-clock']

prepare()
const server = await openServer()
const figures = new Figures('kills', {
  postgres: await server.version(),
  publications: count,
  workers,
  seconds,
  clockMoved: moveClock,
})
const network = await startChild('network.mjs', [String(Number(options.delay) / 2), options.lost])
const database = await server.database('kills')
const settings = { NETWORK_PORT: network.said }
const crew = await Promise.all(Array.from({ length: workers }, () => startWorker(server.directory, database, settings)))

const channels = Math.ceil(count / 5)
const fromMs = Date.now() + (count > 1000 ? 40_000 : 6000)
const { publications } = await withClient(database.ownerUrl, (client) =>
  fill(client, {
    groups: Math.ceil(channels / 40),
    channels,
    count,
    slotMs: () => fromMs + Math.floor(Math.random() * seconds * 1000),
  }),
)
say(`${count} publications on ${channels} channels fall due in ${seconds} seconds; ${kills} kills.`)
await pause(Math.max(fromMs - Date.now(), 0))

const killed = { worker: 0, postgres: 0 }
const moments = Array.from({ length: kills }, () => fromMs + Math.random() * seconds * 1000).toSorted((a, b) => a - b)
for (const [number, moment] of moments.entries()) {
  await pause(Math.max(moment - Date.now(), 0))
  if (number % 3 === 2) killPostgres()
  else await killWorker()
}

const { last, shiftedAt } = await calm()
for (const worker of crew) await end(worker)
const seen = await (await fetch(`http://127.0.0.1:${network.said}/public`)).json()
report(last)
await end(network)
await server.close()

function killPostgres() {
  try {
    process.kill(server.pid, 'SIGKILL')
    killed.postgres += 1
  } catch {
    // The one before has not been replaced yet.
  }
}

async function killWorker() {
  // One that is still starting has nothing in its hands.
  await Promise.race(crew.map(({ first }) => first))
  const running = crew.filter(({ started }) => started)
  const worker = running[Math.floor(Math.random() * running.length)]
  crew.splice(crew.indexOf(worker), 1)
  worker.child.kill('SIGKILL')
  killed.worker += 1
  crew.push(await startWorker(server.directory, database, settings, { patient: false }))
}

/** Waits until nothing moves any more. @returns every publication as it is then, and since when the clock was moved */
async function calm() {
  let quietSince = Date.now()
  let before = ''
  let shiftedAt = null
  for (;;) {
    await pause(250)
    const found = await ask(
      `select state, count(*)::integer as n, max(updated_at) as at from publications
       where state in ('planned', 'publishing', 'in_doubt') group by 1 order by 1`,
    )
    if (!found) continue
    if (found.length === 0) break
    const now = JSON.stringify(found)
    if (now !== before) {
      quietSince = Date.now()
      before = now
    }
    if (Date.now() - quietSince > 180_000) break
    const left = fromMs + seconds * 1000 - Date.now()
    if (moveClock && left < 0 && Date.now() - quietSince > 3000) {
      shiftedAt ??= Date.now()
      await ask(`update clock_settings set shift_ms = shift_ms + 55000`)
      await ask(`notify seconder_due`)
      quietSince = Date.now()
    }
  }
  const last = await ask(
    `select p.id, p.state, p.tries, extract(epoch from p.published_at - p.slot)::double precision as late,
       (select min(extract(epoch from p.published_at - a.started_at)) from attempts a where a.group_id = p.group_id
         and a.publication_id = p.id and a.state = 'unknown' and a.cause like 'The worker%')::double precision as back
     from publications p`,
  )
  return { last, shiftedAt }
}

/** Null while the database is away. */
async function ask(sql) {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(sql)
    return rows
  } catch {
    return null
  } finally {
    await client.end().catch(() => undefined)
  }
}

function report(rows) {
  const slots = new Map(publications.map(({ publication, slot }) => [publication, slot]))
  const told = new Set(['unconfirmed', 'missed', 'failed'])
  const times = (id) => seen[id] ?? []
  const twice = rows.filter(({ id }) => times(id).length > 1)
  const early = rows.filter(({ id }) => times(id).some((at) => at < slots.get(id) && (!shiftedAt || at < shiftedAt)))
  const lost = rows.filter(({ id, state }) => times(id).length === 0 && state !== 'published' && !told.has(state))
  const forgotten = rows.filter(({ id, state }) => times(id).length > 0 && state !== 'published' && !told.has(state))
  const invented = rows.filter(({ id, state }) => times(id).length === 0 && state === 'published')
  const late = rows.flatMap((each) => (each.state === 'published' ? [each.late] : []))
  const back = rows.flatMap((each) => (each.back === null ? [] : [each.back]))
  figures.note('workersKilled', killed.worker, 'kills of a worker process (SIGKILL)')
  figures.note('postgresKilled', killed.postgres, 'kills of PostgreSQL (SIGKILL of the whole server)')
  figures.note('public', Object.keys(seen).length, 'publications public, by the memory of the network')
  figures.note('published', rows.filter(({ state }) => state === 'published').length, 'published, by the database')
  figures.note('told', rows.filter(({ state }) => told.has(state)).length, 'that a person was asked about')
  figures.note('abandoned', back.length, 'sends that were under way when their worker was killed')
  figures.note('triedAgain', rows.filter(({ tries }) => tries > 1).length, 'publications with more than one attempt')
  figures.note('twice', twice.length, 'public twice')
  figures.note('lost', lost.length, 'neither public nor told about')
  figures.note('forgotten', forgotten.length, 'public, and not known to be')
  figures.note('invented', invented.length, 'said to be public, and not')
  figures.note('early', early.length, 'public before their slot')
  if (!moveClock) figures.note('lateP50', round(quantile(late, 0.5)), 's after the slot until written down, median')
  if (!moveClock) figures.note('lateP99', round(quantile(late, 0.99)), 's after the slot, 99th of a hundred')
  if (!moveClock && back.length > 0)
    figures.note('backMax', round(Math.max(...back)), 's from the send that was killed until it was settled, longest')
  const broken = twice.length + lost.length + forgotten.length + invented.length + early.length
  if (rows.length !== count || broken > 0) process.exitCode = 1
  figures.end()
}

function round(number) {
  return Number(number.toFixed(2))
}
