import { parseArgs } from 'node:util'

import { drain, dueMs } from './support/draining.mjs'
import { fill, fillAround } from './support/filling.mjs'
import { drainPeer, installPeers } from './support/peers.mjs'
import { Figures, openServer, prepare, withClient } from './support/server.mjs'

// How the cost of publishing grows with what only stands around: publications in the future and in the past.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    count: { type: 'string', default: '3000' },
    standing: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '2' },
    alone: { type: 'boolean', default: false },
  },
})
const [count, standing, processes] = [options.count, options.standing, options.workers].map(Number)

prepare()
if (!options.alone) installPeers()
const server = await openServer({ max_wal_size: '8GB' })
const figures = new Figures('future', { postgres: await server.version(), count, standing, workers: processes })
const filled = await server.database('filled')
const due = { groups: Math.ceil(count / 50), channels: count, count, slotMs: () => dueMs, gapMinutes: 60 }
await withClient(filled.ownerUrl, (client) => fill(client, due))
const empty = await drain(server, 'filled', { count, processes })
figures.note(
  'empty',
  empty.rate,
  `a second: ${count} due, nothing else; late ${empty.p50} s (p50), ${empty.p99} s (p99); ${empty.cpuMs} ms of a core each`,
)
await withClient(filled.ownerUrl, (client) => fillAround(client, { future: standing, past: standing, fromMs: dueMs }))
const full = await drain(server, 'filled', { count, processes })
figures.note(
  'full',
  full.rate,
  `a second: with ${standing} in the future and as many in the past; late ${full.p50} s, ${full.p99} s; ${full.cpuMs} ms of a core each`,
)
figures.note('costRatio', Number((full.cpuMs / empty.cpuMs).toFixed(2)), 'times the work of the empty tables')
figures.note('timeRatio', Number((empty.rate / full.rate).toFixed(2)), 'times as long as with the empty tables')
for (const kind of options.alone ? [] : ['pg-boss', 'graphile-worker, local queue', 'bare statements']) {
  const { rate: alone } = await drainPeer(server, kind, { count: 10_000, processes })
  const { rate: among } = await drainPeer(server, kind, { count: 10_000, processes, standing })
  figures.note(kind, among, `a second: ${kind}, with ${standing} jobs in the future; ${alone} without`)
  figures.values[`${kind} empty`] = alone
}
await server.close()
figures.end()
