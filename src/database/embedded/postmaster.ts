import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'

import { DomainError } from '../../kernel/domain-error.js'
import { type Binaries, program } from './binaries.js'
import { type Cluster, serverEnvironment, serverRole } from './cluster.js'
import { isAlive, workingDirectory } from './process.js'
import type { ServerUser } from './server-user.js'

/** A running PostgreSQL server. `adopted`: it was running already. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly adopted: boolean
}

/** Small on purpose: a group's database fits in memory, and the machine is often a shared one. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '60',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** How long a server may take to answer, for example while it recovers after a power cut. Milliseconds. */
const patience = 60_000
/** How long to wait for a dead server's remains (unreaped process, shared memory) to go away. Milliseconds. */
const aftermath = 15_000

/** Settings that let `pg` connect to this cluster on `port`. */
export function connectionSettings(cluster: Cluster, port: number, database: string): pg.ClientConfig {
  const { password } = cluster
  return { host: '127.0.0.1', port, user: serverRole, password, database, connectionTimeoutMillis: 15_000 }
}

/**
 * The server that runs on this cluster's files, whoever started it; null when none does.
 * Proved over a real connection: neither a process id nor a port in `postmaster.pid` means much after a crash.
 */
export async function findRunning(cluster: Cluster): Promise<Postmaster | null> {
  for (const start = performance.now(); ; await pause(50)) {
    const entry = readPidFile(cluster)
    if (!entry) return null
    const answer = await ask(cluster, entry.port)
    if (answer === cluster.directory) return { ...entry, adopted: true }
    const isOurs = workingDirectory(entry.pid) === cluster.directory
    if (answer === 'wrong password' && isOurs) {
      throw new DomainError(
        'database-password-wrong',
        `The built-in PostgreSQL in ${cluster.directory} refuses the password in the file "password" beside it. ` +
          'Put the matching file back from a backup.',
      )
    }
    if (answer !== 'busy' || performance.now() - start > patience) return null
  }
}

function readPidFile(cluster: Cluster): { pid: number; port: number } | null {
  const file = pidFile(cluster)
  if (!existsSync(file)) return null
  // lines: pid, data directory, start time, port, ... (miscadmin.h of PostgreSQL)
  const lines = readFileSync(file, 'utf8').split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid > 0 && port > 0 ? { pid, port } : null
}

function pidFile(cluster: Cluster): string {
  return join(cluster.directory, 'postmaster.pid')
}

/** Asks whoever listens on `port` for its data directory; otherwise 'busy', 'wrong password', or null for no answer. */
async function ask(cluster: Cluster, port: number): Promise<string | null> {
  const client = new pg.Client(connectionSettings(cluster, port, 'postgres'))
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0]?.data_directory ?? null
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === '57P03') return 'busy' // starting up or shutting down
    return code === '28P01' ? 'wrong password' : null
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** What `startPostmaster` needs: the cluster, the programs, who runs them, and settings on top of our own. */
export interface StartOptions {
  readonly cluster: Cluster
  readonly binaries: Binaries
  readonly user: ServerUser
  readonly extra: Readonly<Record<string, string>>
  /** Insist on this port; otherwise a free one is chosen. */
  readonly port?: number
}

/**
 * Starts PostgreSQL in a process group of its own: Ctrl-C in the terminal must not reach it before the application
 * has written down what it was doing.
 * @throws DomainError `database-does-not-start` with PostgreSQL's own words.
 */
export async function startPostmaster(options: StartOptions): Promise<Postmaster> {
  const { cluster } = options
  rotateLog(cluster.logFile)
  for (const start = performance.now(); ; await pause(250)) {
    const port = options.port ?? (await findFreePort())
    removeStalePidFile(cluster)
    const logStart = existsSync(cluster.logFile) ? statSync(cluster.logFile).size : 0
    const outcome = await launch(options, port)
    if (typeof outcome === 'number') return { pid: outcome, port, adopted: false }
    const words = readFileSync(cluster.logFile).subarray(logStart).toString('utf8').trim()
    // a process that started together with us may have been faster
    const running = await findRunning(cluster)
    if (running) return running
    const mayPass = /already exists|still in use|Address already in use|could not create any TCP/.test(words)
    if (!mayPass || performance.now() - start > aftermath) throw doesNotStart(cluster, words)
  }
}

async function launch({ cluster, binaries, user, extra }: StartOptions, port: number): Promise<number | 'ended'> {
  const log = openSync(cluster.logFile, 'a', 0o600)
  const { uid, gid } = user
  const flags = Object.entries({ ...settings, ...extra }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(program(binaries, 'postgres'), ['-D', cluster.directory, '-p', String(port), ...flags], {
    uid,
    gid,
    cwd: '/',
    env: serverEnvironment(),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let ended = false
  child.once('exit', () => (ended = true))
  child.once('error', () => (ended = true))
  for (const start = performance.now(); !ended; await pause(20)) {
    if ((await ask(cluster, port)) === cluster.directory && child.pid) return child.pid
    if (performance.now() - start > patience) break
  }
  if (!ended) child.kill('SIGINT')
  return 'ended'
}

/**
 * After a power cut the process id in `postmaster.pid` may belong to another program of the same user, and PostgreSQL
 * would refuse to start for ever. It is removed only when that process provably is not PostgreSQL on these files.
 */
function removeStalePidFile(cluster: Cluster): void {
  const entry = readPidFile(cluster)
  if (!entry || !isAlive(entry.pid)) return
  const directory = workingDirectory(entry.pid)
  // of the machine, not of the product: the file's time is the machine's too
  const bootedAt = performance.timeOrigin + performance.now() - uptime() * 1000
  const beforeBoot = statSync(pidFile(cluster)).mtimeMs < bootedAt
  if (beforeBoot || (directory !== null && directory !== cluster.directory)) rmSync(pidFile(cluster), { force: true })
}

function doesNotStart(cluster: Cluster, words: string): DomainError {
  const last = words.split('\n').slice(-4).join(' ') || 'it said nothing'
  const zombie = /already exists/.test(words)
    ? ' An earlier PostgreSQL has not quite ended: in a container, run it with an init process (init: true).'
    : ''
  return new DomainError(
    'database-does-not-start',
    `The built-in PostgreSQL did not start: ${last}.${zombie} Its log is ${cluster.logFile}.`,
  )
}

function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > 5_000_000) renameSync(file, `${file}.1`)
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}

/** Stops PostgreSQL: connections are ended, transactions rolled back, everything written. Resolves when it is gone. */
export async function stopPostmaster(cluster: Cluster, binaries: Binaries): Promise<void> {
  const entry = readPidFile(cluster)
  if (!entry) return
  if (process.platform === 'win32') {
    spawnSync(program(binaries, 'pg_ctl'), ['stop', '-D', cluster.directory, '-m', 'fast', '-w'])
    return
  }
  if (isAlive(entry.pid)) process.kill(entry.pid, 'SIGINT')
  for (const start = performance.now(); performance.now() - start < patience; await pause(20)) {
    if (!isAlive(entry.pid)) return
  }
  throw new Error(`PostgreSQL (process ${entry.pid}) did not stop within ${patience / 1000} s`)
}
