import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { secret } from './server.mjs'

process.setMaxListeners(0)

/** Starts a program of this folder and waits for its first line. */
export async function startChild(file, args = [], environment = {}, { ipc = false, patient = true } = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? ['ipc'] : [])],
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...environment },
  })
  const ended = once(child, 'exit')
  process.once('exit', () => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const first = once(lines, 'line').then(([line]) => line)
  const begun = { child, ended, first, started: false }
  void first.then(() => (begun.started = true))
  if (!patient) return begun
  const said = await Promise.race([first, ended.then(([code]) => Promise.reject(new Error(`${file} ended: ${code}`)))])
  return Object.assign(begun, { said })
}

/** A process that publishes from this database. */
export function startWorker(directory, database, environment = {}, options = {}) {
  return startChild(
    'worker.mjs',
    [],
    {
      ROLE: 'worker',
      DEMO: 'no',
      PORT: '0',
      SECRET: secret,
      DATA_DIR: mkdtempSync(join(directory, 'worker-')),
      DATABASE_URL: database.url,
      OWNER_URL: database.ownerUrl,
      ...environment,
    },
    options,
  )
}

export async function end({ child, ended }, signal = 'SIGTERM') {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await ended
  clearTimeout(late)
}
