import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'

// What somebody meets who tries Seconder: a fresh clone of the last commit, an empty npm cache, `npm start`;
// then the memory and the database work of the idle server. Linux only, because of how memory is counted.
const repository = join(import.meta.dirname, '..')
const idleSeconds = 30
const goesOut = 'the post goes out in its window'

const folder = mkdtempSync(join(tmpdir(), 'seconder-bench-'))
// Started as root, PostgreSQL steps down to an account that has to pass through here.
chmodSync(folder, 0o755)
const clone = join(folder, 'seconder')
const port = await freePort()
const origin = `http://localhost:${port}`
const environment = { ...process.env, PORT: String(port), npm_config_cache: join(folder, 'npm-cache') }
for (const setting of ['NODE_ENV', 'HOST', 'PUBLIC_ORIGIN', 'DATA_DIR', 'DATABASE_URL', 'SMTP_URL', 'SECRET', 'DEMO'])
  delete environment[setting]

const results = {
  bench: 'first-run',
  at: new Date().toISOString(),
  commit: git('-C', repository, 'rev-parse', '--short', 'HEAD'),
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
}
let server = null
try {
  git('clone', '--quiet', repository, clone)

  const begun = performance.now()
  await start()
  note(
    'firstPageSeconds',
    secondsFrom(begun),
    'seconds from `npm start` to the first page, nothing installed or cached',
  )
  const ready = performance.now()
  const out = await journey()
  note('journeySeconds', secondsFrom(ready, out), 'seconds more until a post was written, approved by mail and public')
  note('firstPostSeconds', secondsFrom(begun, out), 'seconds from `npm start` to the first published post')
  await stop()

  note('installedMb', megabytes(sizeOf(join(clone, 'node_modules'))), 'MB in node_modules')
  note('productionMb', megabytes(productionSize()), 'MB of it without what only development needs')

  const again = performance.now()
  await start()
  note('secondStartSeconds', secondsFrom(again), 'seconds from the second `npm start` to the first page')

  await pause(idleSeconds * 1000)
  const { application, database } = processes()
  note('applicationMb', megabytes(memoryOf(application)), `MB of memory of the application after ${idleSeconds} s idle`)
  note('databaseMb', megabytes(memoryOf(database)), 'MB of memory of its PostgreSQL, all processes together')
  note('idleTransactionsPerMinute', await idleTransactions(), 'database transactions in a minute of idling')
} finally {
  if (server) await stop()
  rmSync(folder, { recursive: true, force: true })
}
say(JSON.stringify(results))

/** Notes a figure and says it. */
function note(name, value, words) {
  results[name] = value
  say(`${String(value).padStart(8)}  ${words}`)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' }).trim()
}

/** `npm start` in the clone, until its first page is there. In a process group of its own, as in a terminal. */
async function start() {
  server = spawn('npm', ['start'], {
    cwd: clone,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server.stdout.resume()
  while (server.exitCode === null) {
    const answer = await fetch(origin).catch(() => null)
    if (answer?.ok && (await answer.text()).includes('<html')) return
    await pause(50)
  }
  throw new Error(`npm start ended with ${server.exitCode}`)
}

/** As Ctrl-C. */
async function stop() {
  const ended = server.exitCode === null ? once(server, 'exit') : null
  if (ended) process.kill(-server.pid, 'SIGINT')
  await ended
  server = null
}

/** Plays the main job. @returns the moment at which the post was public */
async function journey() {
  const played = spawn(process.execPath, ['scripts/journey.mjs', '--origin', origin], { cwd: clone })
  const ended = once(played, 'exit')
  let moment = null
  for await (const line of createInterface(played.stdout)) {
    if (line.includes(goesOut)) moment = performance.now()
    if (line.startsWith('FAIL')) throw new Error(`The journey failed: ${line}`)
  }
  const [status] = await ended
  if (status !== 0 || moment === null) throw new Error(`The journey ended with ${status}`)
  return moment
}

function productionSize() {
  const { packages } = JSON.parse(readFileSync(join(clone, 'node_modules', '.package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([, { dev, devOptional }]) => !dev && !devOptional)
    .reduce((sum, [path]) => sum + sizeOf(join(clone, path), 'node_modules'), 0)
}

/** Bytes of all files under `path`, leaving out folders of this name. */
function sizeOf(path, without = null) {
  const found = lstatSync(path)
  if (!found.isDirectory()) return found.size
  const names = readdirSync(path).filter((name) => name !== without)
  return names.reduce((sum, name) => sum + sizeOf(join(path, name), without), 0)
}

/** The process ids of the server and of its PostgreSQL. */
function processes() {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,pgid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const all = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line).slice(1))
  const running = all.filter(([, , group, args]) => Number(group) === server.pid && args.endsWith(' dist/src/main.js'))
  const [postmaster] = postmasterFile()
  return {
    application: running.map(([pid]) => pid),
    database: all.filter(([pid, parent]) => [pid, parent].includes(postmaster)).map(([pid]) => pid),
  }
}

/** Bytes of memory, what processes share counted once (the proportional set size of the kernel). */
function memoryOf(pids) {
  if (pids.length === 0) throw new Error('No such process runs.')
  const shares = pids.map((pid) => /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1])
  return shares.reduce((sum, kilobytes) => sum + Number(kilobytes) * 1024, 0)
}

async function idleTransactions() {
  const password = readFileSync(join(clone, 'data', 'postgres', 'password'), 'utf8').trim()
  const [, , , databasePort] = postmasterFile()
  // From another database, so that this look is not counted.
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(databasePort),
    user: 'seconder',
    password,
    database: 'postgres',
  })
  await client.connect()
  const count = async () => {
    await client.query('select pg_stat_clear_snapshot()')
    const { rows } = await client.query(`select xact_commit from pg_stat_database where datname = 'seconder'`)
    return Number(rows[0].xact_commit)
  }
  const before = await count()
  await pause(60_000)
  const after = await count()
  await client.end()
  return after - before
}

/** The lines of postmaster.pid: process id, directory, start, port and more. */
function postmasterFile() {
  return readFileSync(join(clone, 'data', 'postgres', 'db', 'postmaster.pid'), 'utf8').split('\n')
}

function secondsFrom(from, to = performance.now()) {
  return Number(((to - from) / 1000).toFixed(1))
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6)
}

async function freePort() {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port: free } = holder.address()
  holder.close()
  await once(holder, 'close')
  return free
}
