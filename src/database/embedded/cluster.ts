import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import { DomainError } from '../../kernel/domain-error.js'
import { type Binaries, program } from './binaries.js'
import { clusterDirectory, type Location, notWritable } from './location.js'
import { isAlive } from './process.js'

/** The role that owns an embedded cluster, and the default name of the database in it. */
export const serverRole = 'seconder'

/** The role that the application itself has there. It can alter no table. */
export const applicationRole = 'seconder_app'

/** A cluster on disk, ready to be started. */
export interface Cluster {
  readonly directory: string
  readonly password: string
  readonly logFile: string
}

/**
 * Opens the cluster at this location, creating it the first time.
 * It is made in a folder beside and renamed, so a kill in the middle never leaves half a cluster.
 * @throws DomainError when it was made by another major version, or cannot be written.
 */
export function openCluster(location: Location, binaries: Binaries): Cluster {
  const directory = clusterDirectory(location.home)
  try {
    const isNew = !existsSync(directory)
    removeUnfinished(location.home)
    if (!isNew) refuseOtherMajor(directory, binaries)
    const password = openPassword(location.home, isNew)
    if (isNew) createCluster(location, binaries, directory, password)
    return { directory: realpathSync(directory), password, logFile: join(location.home, 'postgres.log') }
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw notWritable(location.home, error)
    }
    throw error
  }
}

/** Leftovers carry the process id of their maker; those of a process that still runs are its business. */
function removeUnfinished(home: string): void {
  for (const name of readdirSync(home)) {
    const maker = Number(/^(?:db\.new|password\.new)-(\d+)$/.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(maker) || (maker !== process.pid && isAlive(maker))) continue
    rmSync(join(home, name), { recursive: true, force: true })
  }
}

/**
 * Reads the password, or makes one. The link makes it appear complete and 0600 from the first moment, and lets one
 * of two processes that start together win.
 */
function openPassword(home: string, isNew: boolean): string {
  const file = join(home, 'password')
  if (!existsSync(file)) {
    if (!isNew) {
      throw new DomainError(
        'database-password-missing',
        `The file ${file} with the password of the built-in database is missing. Put it back from a backup.`,
      )
    }
    const draft = join(home, `password.new-${process.pid}`)
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }
  return readFileSync(file, 'utf8').trim()
}

function createCluster({ home, user }: Location, binaries: Binaries, directory: string, password: string): void {
  const unfinished = join(home, `db.new-${process.pid}`)
  const passwordFile = join(unfinished, 'initial-password')
  const cluster = join(unfinished, 'db')
  const { uid, gid } = user
  for (const folder of [unfinished, cluster]) {
    mkdirSync(folder, { mode: 0o700 })
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  }
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  if (uid !== undefined && gid !== undefined) chownSync(passwordFile, uid, gid)
  const access = ['-U', serverRole, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
  // PostgreSQL's own collation: neither the system's locale nor ICU can change under an index
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const { status, stderr, error } = spawnSync(program(binaries, 'initdb'), ['-D', cluster, ...access, ...locale], {
    uid,
    gid,
    cwd: '/',
    env: serverEnvironment(),
    encoding: 'utf8',
  })
  if (status !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    if (/No space left/.test(stderr ?? '')) throw notWritable(home, Object.assign(new Error(), { code: 'ENOSPC' }))
    throw new Error(`initdb could not create the database in ${directory}: ${error?.message ?? stderr}`)
  }
  try {
    renameSync(cluster, directory)
  } catch (cause) {
    // another process that started at the same moment was first: its cluster has the same password
    if (!existsSync(join(directory, 'PG_VERSION'))) throw cause
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function refuseOtherMajor(directory: string, binaries: Binaries): void {
  const file = join(directory, 'PG_VERSION')
  if (!existsSync(file)) {
    throw new DomainError(
      'database-files-incomplete',
      `${directory} exists but is no database. Move it away and start again, or put your backup there.`,
    )
  }
  const made = Number(readFileSync(file, 'utf8'))
  if (made === binaries.major) return
  const way =
    'Start it with the Seconder that made it, copy it with pg_dump into a PostgreSQL of your own ' +
    '("npm run cli -- database:address" prints where it is), and set DATABASE_URL to that one.'
  throw new DomainError(
    'database-of-another-version',
    `The database in ${directory} was made by PostgreSQL ${made}, which is ${made > binaries.major ? 'newer' : 'older'} ` +
      `than the built-in PostgreSQL ${binaries.major}. Nothing was changed. ${way}`,
    'conflict',
  )
}

/** PostgreSQL gets nothing of our environment: no PG* variables, no locale, no library path. Windows cannot do without. */
export function serverEnvironment(): NodeJS.ProcessEnv | undefined {
  return process.platform === 'win32' ? undefined : { LC_ALL: 'C', TZ: 'UTC' }
}
