import { readFileSync, readlinkSync } from 'node:fs'

/** True while a process of this id exists and has not ended (a dead process that nobody reaped has ended). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    // the name in parentheses may hold spaces and parentheses: the state follows the last one (proc(5))
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').slice(0, 3))
  } catch {
    return false
  }
}

/** The working directory of a process, or null where the system does not tell. PostgreSQL's is its data directory. */
export function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}
