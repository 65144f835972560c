import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { root } from '../scripts/prepare.mjs'
import { fill, fillAround } from './support/filling.mjs'
import { Figures, openServer, prepare, say, secret, withClient } from './support/server.mjs'

// What an instance does that has nothing to do: statements and transactions a minute, share of a core, memory; with an
// empty database and with many publications that are not due. Linux only, because of how memory is counted.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: { minutes: { type: 'string', default: '3' }, standing: { type: 'string', default: '0,200000' } },
})
const minutes = Number(options.minutes)
prepare()
const server = await openServer({ log_statement: 'all', logging_collector: 'off', log_line_prefix: '%d|' })
const logFile = join(server.directory, 'postgres', 'postgres.log')
const figures = new Figures('idle', { postgres: await server.version(), minutes })
for (const standing of options.standing.split(',').map(Number)) {
  const name = `idle_${standing}`
  const database = await server.database(name)
  await withClient(database.ownerUrl, async (client) => {
    await fill(client, { groups: 20, channels: 1000, count: 1000, slotMs: (n) => Date.now() + 40 * 86_400_000 + n * 1000 })
    if (standing) await fillAround(client, { future: standing, past: standing, fromMs: Date.now() })
  }) // prettier-ignore
  const child = spawn(process.execPath, [...JSON.parse(flags()), join(root, 'dist', 'src', 'main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'development',
      DEMO: 'no',
      PORT: '0',
      SECRET: secret,
      DATA_DIR: mkdtempSync(join(server.directory, 'idle-')),
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
    },
  })
  process.once('exit', () => child.kill('SIGKILL'))
  // Starting is not idling.
  await pause(90_000)
  const before = { log: statements(name), cpu: cpuSeconds(child.pid) }
  await pause(minutes * 60_000)
  const after = { log: statements(name), cpu: cpuSeconds(child.pid) }
  const fresh = after.log.slice(before.log.length)
  const real = fresh.filter((text) => !/^(begin|start transaction|commit|rollback)/i.test(text))
  const as = standing ? `with ${standing} in the future and as many in the past` : 'with 1000 not due for a long time'
  const key = standing || 'empty'
  figures.note(`statements ${key}`, Math.round(real.length / minutes), `statements a minute, ${as}`)
  figures.note(`withBegin ${key}`, Math.round(fresh.length / minutes), 'with begin and commit')
  figures.note(`core ${key}`, Number((((after.cpu - before.cpu) / minutes / 60) * 100).toFixed(2)), '% of a core')
  figures.note(`memoryMb ${key}`, memoryMb(child.pid), 'MB of memory of the application')
  const kinds = new Map()
  for (const text of real) kinds.set(text.slice(0, 110), (kinds.get(text.slice(0, 110)) ?? 0) + 1)
  for (const [text, times] of [...kinds].toSorted((a, b) => b[1] - a[1]).slice(0, 25))
    say(`${(times / minutes).toFixed(1).padStart(12)}  ${text}`)
  child.kill('SIGTERM')
  await pause(3000)
}
await server.close()
figures.end()

/** The options of Node that `npm start` gives. */
function flags() {
  const script = readFileSync(join(root, 'scripts', 'start.mjs'), 'utf8')
  const list = /\[([^\]]*)'dist\/src\/main\.js'\]/.exec(script)?.[1] ?? ''
  return `[${list.replaceAll("'", '"').replace(/,\s*$/, '')}]`
}

/** All that the database was told to do so far. */
function statements(name) {
  const found = readFileSync(logFile, 'utf8').matchAll(/^(\w+)\|LOG: {2}(?:statement|execute [^:]*): (.*(?:\n\s.*)*)/gm)
  return [...found].filter(([, database]) => database === name).map(([, , text]) => text.replace(/\s+/g, ' '))
}

function cpuSeconds(pid) {
  const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(parts[11]) + Number(parts[12])) / 100
}

function memoryMb(pid) {
  const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
  return Math.round(Number(kilobytes) / 1000)
}
