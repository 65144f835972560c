import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { root } from '../scripts/prepare.mjs'
import { rounded } from './support/asking.mjs'
import { end, startWorker } from './support/children.mjs'
import { drain, dueMs } from './support/draining.mjs'
import { fill } from './support/filling.mjs'
import { freePort, poolerVersion, startPooler } from './support/pooler.mjs'
import { Figures, openServer, prepare, quantile, say, withClient } from './support/server.mjs'

// The product behind a PgBouncer in transaction mode with few sessions, so that one transaction and the next are hardly
// ever in the same: how it refuses, the main job as people do it (`npm run journey`), publishing by two workers, and how
// soon a worker is told, with and without an address past the pooler. Ends with an error where something does not hold.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    pgbouncer: { type: 'string', default: 'pgbouncer' },
    sessions: { type: 'string', default: '5' },
    count: { type: 'string', default: '2000' },
    wakes: { type: 'string', default: '4' },
  },
})
const [sessions, count, wakes] = [options.sessions, options.count, options.wakes].map(Number)
const version = poolerVersion(options.pgbouncer)
if (version === null) {
  say(`There is no "${options.pgbouncer}" to run. Install PgBouncer, or say where it is: --pgbouncer /usr/sbin/pgbouncer`)
  process.exit(2)
} // prettier-ignore
prepare()
const server = await openServer()
const figures = new Figures('pooler', { postgres: await server.version(), pgbouncer: version, sessions })
const direct = await server.database('journey')
const asOwner = (sql, values) => withClient(direct.ownerUrl, (client) => client.query(sql, values))

// Refusals, each with what to do.
const strict = await startPooler(options.pgbouncer, [direct.url, direct.ownerUrl], { sessions, ignore: '' })
await refused({ DATABASE_URL: strict.through(direct.url) }, 'ignore_startup_parameters = options')
await strict.stop()
const pooler = await startPooler(options.pgbouncer, [direct.url, direct.ownerUrl], { sessions })
const pooled = { DATABASE_URL: pooler.through(direct.url), DATABASE_OWNER_URL: direct.ownerUrl }
await asOwner(`alter role seconder_app set timezone = 'Europe/Berlin'`)
await refused(pooled, `alter role seconder_app set timezone = 'UTC'`)
await asOwner(`alter role seconder_app set timezone = 'UTC'`)
await pooler.reconnect()

// One process for all, which tells the story of the demonstration first; tables through the pooler too.
const first = await startProduct('all', { ...pooled, DATABASE_OWNER_URL: pooler.through(direct.ownerUrl) })
holds(first.log().includes('statement_timeout'), 'the process says that nothing ends what hangs', first)
await until('the process to notice that it hears nothing', () => first.log().includes('DATABASE_DIRECT_URL'), 30)
await journey('all', first.origin)
await stop(first)
await asOwner(`alter role seconder_app set statement_timeout = '60s'`)
await asOwner(`alter role seconder_app set idle_in_transaction_session_timeout = '60s'`)
await pooler.reconnect()

// A web process and two workers; the workers start when the clock of the demonstration stands still again.
const web = await startProduct('web', pooled)
holds(!web.log().includes('statement_timeout'), 'nothing is missed any more')
await journey('web', web.origin)
const crew = [await startProduct('worker', pooled), await startProduct('worker', pooled)]
await pause(5000)
for (const each of [...crew, web]) await stop(each)

const { rows: locks } = await asOwner(
  `select count(*)::integer as left from pg_locks l join pg_database d on d.oid = l.database where locktype = 'advisory' and datname = current_database()`,
)
holds(locks[0].left === 0, 'no lock stays behind in a session of the pooler')

// Publishing, beside the same without a pooler.
const filled = await server.database('filled')
await withClient(filled.ownerUrl, (client) =>
  fill(client, { groups: Math.ceil(count / 50), channels: count, count, slotMs: () => dueMs, gapMinutes: 60 }),
)
const by = (database) => ({ ...database, url: pooler.through(database.url) })
const beside = (database) => ({ DATABASE_URL: by(database).url, DIRECT_URL: database.url })
for (const { key, environment, words } of [
  { key: 'direct', environment: () => ({}), words: 'without the pooler' },
  { key: 'pooled', environment: beside, words: 'through the pooler, told past it' },
]) {
  const { rate, p50, p99, cpuMs } = await drain(server, 'filled', { count, processes: 2, environment })
  figures.note(`${key} rate`, rate, `published a second, 2 workers, ${words}; late ${p50} s (p50), ${p99} s (p99); ${cpuMs} ms of a core each`)
  figures.values[`${key} late`] = [p50, p99]
  figures.values[`${key} cpuMs`] = cpuMs
} // prettier-ignore

// A channel is connected again and its post is due: how long until it is out.
for (const { key, environment, words } of [
  { key: 'deaf', environment: () => ({}), words: 'through the pooler alone' },
  { key: 'hearing', environment: (database) => ({ DIRECT_URL: database.url }), words: 'with DATABASE_DIRECT_URL past it' },
]) {
  const database = await server.database(`wakes_${key}`)
  const seconds = await told(database, environment(database))
  figures.note(`${key} seconds`, rounded(quantile(seconds, 1)), `s at most until a worker that is told published, ${words} (${seconds.map(rounded).join(', ')})`)
} // prettier-ignore
await pooler.stop()
await server.close()
figures.end()

async function told(database, environment) {
  await withClient(database.ownerUrl, async (client) => {
    await fill(client, { groups: wakes, channels: wakes, count: wakes, slotMs: () => Date.now() + 1000, gapMinutes: 60 })
    await client.query(`update channels set state = 'to_reconnect'`)
  }) // prettier-ignore
  const worker = await startWorker(server.directory, by(database), environment)
  const seconds = await withClient(database.ownerUrl, async (client) => {
    await pause(3000)
    const { rows } = await client.query('select id from channels order by id')
    const found = []
    for (const { id } of rows) {
      // Not in step with its looks.
      await pause(Math.random() * 5000)
      const begun = performance.now()
      await client.query(`update channels set state = 'connected' where id = $1`, [id])
      const out = `select 1 from publications where channel_id = $1 and state = 'published'`
      await until('it to be out', async () => (await client.query(out, [id])).rows.length > 0, 90)
      found.push((performance.now() - begun) / 1000)
    }
    return found
  })
  await end(worker)
  return seconds
}

async function startProduct(role, environment) {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'main.js')], {
    cwd: mkdtempSync(join(server.directory, 'product-')),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'development',
      ROLE: role,
      DEMO: 'yes',
      SECRET: 'a secret of this measurement alone, with nothing behind it',
      PORT: String(port),
      PUBLIC_ORIGIN: origin,
      DATA_DIR: mkdtempSync(join(server.directory, 'data-')),
      ...environment,
    },
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (words) => (log += words))
  const product = { child, origin, log: () => log }
  await until(`a process of ROLE=${role}`, () => log.includes('Seconder is ready') || child.exitCode !== null, 120)
  return product
}

async function stop({ child, log }) {
  if (child.exitCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  const broken = log()
    .split('\n')
    .filter((line) => /"level":"error"/.test(line))
  holds(broken.length === 0, `no error is logged ${broken.join('\n')}`)
}

async function refused(environment, advice) {
  const { child, log } = await startProduct('all', environment)
  const ended = child.exitCode !== null
  child.kill('SIGKILL')
  holds(ended && log().includes(advice), `it is refused with the advice: ${advice}${ended ? '' : ' (it runs)'}`)
}

async function journey(key, origin) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'journey.mjs'), '--origin', origin], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = []
  for await (const line of createInterface(child.stdout)) said.push(line)
  const done = /journey: done in ([\d.]+) s/.exec(said.at(-1) ?? '')
  if (!done) throw new Error(`The journey failed:\n${said.join('\n')}`)
  figures.note(`journey ${key}`, Number(done[1]), `s for the ${said.length - 1} steps of the main job, ROLE=${key}`)
}

function holds(truth, sentence, product) {
  if (!truth) throw new Error(`It does not hold that ${sentence}\n${product?.log() ?? ''}`)
  say(`        ok  ${sentence}`)
}

async function until(what, ask, most) {
  for (const begun = performance.now(); !(await ask()); await pause(100)) {
    if (performance.now() - begun > most * 1000) throw new Error(`Waited ${most} seconds for ${what}`)
  }
}
