import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'

import { DomainError } from '../../kernel/domain-error.js'

/** Who PostgreSQL runs as. Ids are given only when they differ from this process's own, that is under root. */
export interface ServerUser {
  readonly name: string
  readonly uid?: number
  readonly gid?: number
}

/** Unprivileged accounts to run PostgreSQL as, in this order, when Seconder itself was started as root. */
const accounts = ['postgres', 'nobody']

/**
 * Chooses who runs the server whose files are in `clusterDirectory` (which need not exist yet).
 * PostgreSQL refuses to run as root and accepts only files of its own user, so root steps down to the owner of the
 * files, or to an unprivileged account while there are none.
 * @throws DomainError when no such account exists, or when the files belong to somebody else.
 */
export function chooseServerUser(clusterDirectory: string): ServerUser {
  const owner = ownerOf(clusterDirectory)
  const own = process.getuid?.()
  if (own === undefined) return { name: 'this user' }
  if (own !== 0) return ownUser(own, owner, clusterDirectory)
  if (owner && owner.uid !== 0) {
    const name = nameOf(owner.uid)
    if (name) return { name, uid: owner.uid, gid: owner.gid }
    throw new DomainError(
      'database-user-unknown',
      `The database files in ${clusterDirectory} belong to user number ${owner.uid}, which has no account on this ` +
        'machine. Give them to an account that exists, for example: chown -R nobody ' +
        clusterDirectory,
    )
  }
  for (const name of accounts) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (uid?.status === 0 && gid?.status === 0) return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new DomainError(
    'database-user-missing',
    'Seconder was started as root, and PostgreSQL does not run as root. There is no account "postgres" or "nobody" ' +
      'to run it as: start Seconder as a normal user.',
  )
}

function ownUser(own: number, owner: { uid: number } | null, clusterDirectory: string): ServerUser {
  if (owner && owner.uid !== own) {
    throw new DomainError(
      'database-files-of-another-user',
      `The database files in ${clusterDirectory} belong to ${nameOf(owner.uid) ?? `user number ${owner.uid}`}, ` +
        'probably because Seconder was first started as root. Start it as root again, or take the files over once: ' +
        `sudo chown -R ${own} ${dirname(clusterDirectory)}`,
    )
  }
  try {
    return { name: userInfo().username }
  } catch (cause) {
    const error = new DomainError(
      'database-user-unknown',
      `Seconder runs as user number ${own}, which has no account on this machine, and PostgreSQL needs one. ` +
        'Start it as a user with an account, or set DATABASE_URL to a PostgreSQL of your own.',
    )
    error.cause = cause
    throw error
  }
}

function ownerOf(path: string): { uid: number; gid: number } | null {
  try {
    return statSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function nameOf(uid: number): string | null {
  const { status, stdout } = spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** True when `user` can enter `directory`: every folder on the way must let it pass, which modes alone do not tell. */
export function canEnter(user: ServerUser, directory: string): boolean {
  if (user.uid === undefined) return true
  const { uid, gid } = user
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { uid, gid, cwd: '/' }).status === 0
}
