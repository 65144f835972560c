import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'

import { DomainError } from '../../kernel/domain-error.js'
import { type Binaries, canRun, copyBinaries, findBinaries, provesToRun } from './binaries.js'
import { applicationRole, type Cluster, openCluster, serverRole } from './cluster.js'
import { locate } from './location.js'
import { connectionSettings, findRunning, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.js'
import type { ServerUser } from './server-user.js'

/** Where and how to run the embedded PostgreSQL. */
export interface EmbeddedServerOptions {
  /** The installation's data folder, created when missing. The files are in `postgres` inside it. */
  readonly dataDir: string
  /** The database to create and to point the URL at; "seconder" unless told otherwise. */
  readonly database?: string
  /** Gets full sentences for the person at the terminal. */
  readonly log?: (line: string) => void
  /** PostgreSQL settings on top of our own, for example `{ fsync: 'off' }` for a cluster that is thrown away. */
  readonly extra?: Readonly<Record<string, string>>
  /** Where root keeps the files when PostgreSQL's account cannot enter `dataDir`. */
  readonly refuge?: string
}

/** An embedded PostgreSQL that answers. */
export interface EmbeddedServer {
  /** Loopback only, with the random password of its owner. Stays the same for the life of this object. */
  readonly url: string
  /** The same by the application's own role, which is made with the tables. */
  readonly applicationUrl: string
  readonly pid: number
  /** It was running already, for example because the application before us was killed. */
  readonly adopted: boolean
  /** Where the files really are. */
  readonly dataDirectory: string
  /** Ends it; call after the pool is closed. */
  stop(): Promise<void>
}

/** Another process may be on its way out: this long it is given to let go. Milliseconds. */
const grace = 6_000
/** Two numbers that no other advisory lock in the database "postgres" uses. */
const ownerLock = '23123, 1'

/**
 * Starts the embedded PostgreSQL on `dataDir` for the application, or adopts the one that outlived an application
 * that was killed. The caller owns it until `stop()`: a second application on the same folder is refused. When
 * PostgreSQL dies meanwhile, it is started again on the same port.
 * @throws DomainError with a sentence for the operator; see the files beside this one for the codes.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const installation = open(options)
  let { server, owner } = await own(installation)
  const { port, adopted } = server
  if (adopted) installation.log(`Found the database still running (process ${server.pid}) and took it over.`)
  await createDatabase(installation, port)
  let stopping = false

  const guard = (client: pg.Client) => client.once('end', () => void restart())
  const restart = async () => {
    if (stopping) return
    installation.log('The built-in PostgreSQL ended unexpectedly; starting it again.')
    try {
      const next = await own(installation, port)
      if (stopping) return
      ;({ server, owner } = next)
      guard(owner)
      installation.log(`The built-in PostgreSQL is running again (process ${server.pid}).`)
    } catch (error) {
      installation.log(`The built-in PostgreSQL could not be started again. ${(error as Error).message}`)
    }
  }
  guard(owner)

  return {
    url: urlOf(installation, port),
    applicationUrl: applicationUrlOf(installation, port),
    get pid() {
      return server.pid
    },
    adopted,
    dataDirectory: installation.cluster.directory,
    async stop() {
      if (stopping) return
      stopping = true
      await stopPostmaster(installation.cluster, installation.binaries)
      await owner.end().catch(() => undefined)
    },
  }
}

/**
 * For the command line and other processes of the same installation: the running server, or one that is started now.
 * `stop()` ends it only in the second case, and only if no application has taken it over in between.
 */
export async function connectToEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const installation = open(options)
  const { cluster, binaries } = installation
  const { pid, port, adopted } = await ensureRunning(installation)
  await createDatabase(installation, port)
  const stop = async () => {
    if (adopted) return
    const owner = await tryToOwn(cluster, port)
    if (!owner) return
    await stopPostmaster(cluster, binaries)
    await owner.end().catch(() => undefined)
  }
  return {
    url: urlOf(installation, port),
    applicationUrl: applicationUrlOf(installation, port),
    pid,
    adopted,
    dataDirectory: cluster.directory,
    stop,
  }
}

interface Installation {
  readonly cluster: Cluster
  readonly binaries: Binaries
  readonly user: ServerUser
  readonly database: string
  readonly extra: Readonly<Record<string, string>>
  readonly log: (line: string) => void
}

function open(options: EmbeddedServerOptions): Installation {
  const { dataDir, database = serverRole, extra = {}, refuge = '/var/lib/seconder' } = options
  const log = options.log ?? (() => undefined)
  const location = locate(join(dataDir, 'postgres'), refuge, log)
  const { user, home } = location
  const installed = findBinaries()
  // the account may be shut out of the programs too, when they lie under the same closed folder
  const binaries = user.uid === undefined || canRun(installed, user) ? installed : copyBinaries(installed, home)
  provesToRun(binaries, user)
  return { cluster: openCluster(location, binaries), binaries, user, database, extra, log }
}

async function ensureRunning(installation: Installation, port?: number): Promise<Postmaster> {
  return (await findRunning(installation.cluster)) ?? (await startPostmaster({ ...installation, port }))
}

/**
 * Makes this process the owner. The proof is a lock in PostgreSQL itself, held by a connection: it vanishes with the
 * process, however that ends, and cannot be confused by process ids that are used again.
 */
async function own(installation: Installation, port?: number): Promise<{ server: Postmaster; owner: pg.Client }> {
  let adopted: boolean | undefined
  for (const start = performance.now(); ; await pause(100)) {
    const server = await ensureRunning(installation, port)
    adopted ??= server.adopted
    const owner = await tryToOwn(installation.cluster, server.port)
    if (owner) return { server: { ...server, adopted: server.adopted && adopted }, owner }
    if (performance.now() - start > grace) throw await inUse(installation, server.port)
  }
}

async function tryToOwn(cluster: Cluster, port: number): Promise<pg.Client | null> {
  const client = new pg.Client({
    ...connectionSettings(cluster, port, 'postgres'),
    application_name: `seconder owner ${process.pid}`,
    keepAlive: true,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${ownerLock}) as mine`)
    if (rows[0]?.mine) return client
  } catch {
    // it went away between two looks: the caller looks again
  }
  await client.end().catch(() => undefined)
  return null
}

async function inUse({ cluster }: Installation, port: number): Promise<DomainError> {
  const { rows } = await query<{ application_name: string }>(
    connectionSettings(cluster, port, 'postgres'),
    `select application_name from pg_stat_activity where application_name like 'seconder owner %'`,
  )
  const pid = rows[0]?.application_name.replace('seconder owner ', '')
  return new DomainError(
    'data-directory-in-use',
    `Another Seconder${pid ? ` (process ${pid})` : ''} is running on the data in ${cluster.directory}. ` +
      'Stop that one first, or set DATA_DIR to another folder for this one.',
    'conflict',
  )
}

async function createDatabase({ cluster, database }: Installation, port: number): Promise<void> {
  const settings = connectionSettings(cluster, port, 'postgres')
  const { rowCount } = await query(settings, 'select 1 from pg_database where datname = $1', [database])
  if (rowCount) return
  try {
    await query(settings, `create database ${pg.escapeIdentifier(database)}`)
  } catch (error) {
    // 42P04, 23505: another process of this installation made it in the same moment
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  }
}

async function query<Row extends pg.QueryResultRow>(settings: pg.ClientConfig, text: string, values: unknown[] = []) {
  const client = new pg.Client(settings)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await client.query<Row>(text, values)
  } finally {
    await client.end()
  }
}

function urlOf({ cluster, database }: Installation, port: number): string {
  return `postgres://${serverRole}:${cluster.password}@127.0.0.1:${port}/${database}`
}

/** Its password follows from the owner's: it keeps mistakes of the application in bounds, not whoever reads the files. */
function applicationUrlOf({ cluster, database }: Installation, port: number): string {
  const password = createHash('sha256').update(`application ${cluster.password}`).digest('base64url')
  return `postgres://${applicationRole}:${password}@127.0.0.1:${port}/${database}`
}
