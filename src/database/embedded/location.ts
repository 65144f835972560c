import { createHash } from 'node:crypto'
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { DomainError } from '../../kernel/domain-error.js'
import { canEnter, chooseServerUser, type ServerUser } from './server-user.js'

/** Where the files of one embedded server are, and who it runs as. */
export interface Location {
  /** Absolute, without symbolic links: holds the cluster, the password, the log and perhaps copied programs. */
  readonly home: string
  readonly user: ServerUser
}

/** A note in the data directory that says where the files went, so that later starts find them there. */
const note = 'moved-to'

/** The folder inside `home` that PostgreSQL calls its data directory. */
export function clusterDirectory(home: string): string {
  return join(home, 'db')
}

/**
 * Finds the place for the server's files: `dataDir`, unless Seconder runs as root and the account that PostgreSQL
 * steps down to cannot enter it (a clone under /root, which is closed to others). Then the files live under `refuge`.
 * @throws DomainError `data-directory-not-writable` naming the directory and the way out.
 */
export function locate(dataDir: string, refuge: string, log: (line: string) => void): Location {
  makeEnterable(dataDir)
  const here = realpathSync(dataDir)
  const moved = readNote(here)
  if (moved) {
    makeEnterable(moved)
    return { home: moved, user: chooseServerUser(clusterDirectory(moved)) }
  }
  const user = chooseServerUser(clusterDirectory(here))
  if (canEnter(user, here)) return { home: here, user }
  const home = join(refuge, createHash('sha256').update(here).digest('hex').slice(0, 12))
  makeEnterable(home)
  if (!canEnter(user, home)) throw unenterable(user, home)
  writeFileSync(join(here, note), `${home}\n`)
  log(
    `Seconder was started as root, so PostgreSQL runs as "${user.name}", which may not enter ${here}. ` +
      `The database is kept in ${home} instead; include it in backups. ${join(here, note)} remembers this.`,
  )
  return { home, user }
}

function readNote(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, note), 'utf8').trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Creates `directory` if needed; folders that root creates can be passed through, whatever the umask. */
function makeEnterable(directory: string): void {
  try {
    const first = mkdirSync(directory, { recursive: true })
    if (first && process.getuid?.() === 0) {
      for (let made = directory; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o711)
    }
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw notWritable(directory, cause)
  }
}

/** The refusal for a data directory that cannot be written, with the system's reason in words. */
export function notWritable(directory: string, cause: unknown): DomainError {
  const reasons: Record<string, string> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'it is on a read-only disk',
    ENOTDIR: 'a part of that path is a file, not a folder',
    EEXIST: 'there is a file of that name',
    ENOSPC: 'the disk is full',
  }
  const { code = '', message } = cause as NodeJS.ErrnoException
  const error = new DomainError(
    'data-directory-not-writable',
    `Seconder cannot keep its database in ${directory}: ${reasons[code] ?? message}. ` +
      'Make the folder writable for the user that starts Seconder, or set DATA_DIR to another folder.',
  )
  error.cause = cause
  return error
}

function unenterable(user: ServerUser, home: string): DomainError {
  return new DomainError(
    'data-directory-not-enterable',
    `PostgreSQL runs as "${user.name}", which may enter neither the data directory nor ${home}. ` +
      'Start Seconder as a normal user, or set DATA_DIR to a folder that everyone can enter, such as /srv/seconder.',
  )
}
