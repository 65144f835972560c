import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'seconder-tests-'

/** Makes the directory of this test run's PostgreSQL. The server itself starts with the first test that needs one. */
export function makeDirectory() {
  removeDirectoriesOfDeadRuns()
  const directory = join(tmpdir(), `${prefix}${process.pid}`)
  removeCluster(directory)
  mkdirSync(directory)
  // under root the server runs as another user, who has to pass through
  chmodSync(directory, 0o711)
  return directory
}

/** Ends the PostgreSQL in `directory`, whatever it is doing, and removes all of it. */
export function removeCluster(directory) {
  const pid = serverProcess(directory)
  // SIGQUIT: every backend ends at once, and shared memory is given back (SIGKILL would leave it)
  if (pid && !endProcess(pid, 'SIGQUIT')) endProcess(pid, 'SIGKILL')
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

function serverProcess(directory) {
  try {
    return Number(readFileSync(join(directory, 'postgres', 'db', 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return 0
  }
}

/** Synchronous, because it also runs when the process exits. True when the process is gone within two seconds. */
function endProcess(pid, signal) {
  const bell = new Int32Array(new SharedArrayBuffer(4))
  try {
    process.kill(pid, signal)
    for (let waited = 0; waited < 2000; waited += 20) {
      if (isZombie(pid)) return true
      process.kill(pid, 0)
      Atomics.wait(bell, 0, 0, 20)
    }
    return false
  } catch {
    return true
  }
}

function isZombie(pid) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A run that was killed could not clean up behind itself. */
function removeDirectoriesOfDeadRuns() {
  for (const name of readdirSync(tmpdir())) {
    const run = Number(name.startsWith(prefix) ? name.slice(prefix.length) : 0)
    if (run > 0 && !exists(run)) removeCluster(join(tmpdir(), name))
  }
}

function exists(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
