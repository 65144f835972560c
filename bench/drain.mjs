import { parseArgs } from 'node:util'

import { drain, dueMs } from './support/draining.mjs'
import { fill } from './support/filling.mjs'
import { drainPeer, installPeers, peers } from './support/peers.mjs'
import { Figures, openServer, prepare, withClient } from './support/server.mjs'

// Everything due at one instant, from claim to written down, beside other queues that do nothing with as many jobs.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    counts: { type: 'string', default: '10000,100000' },
    workers: { type: 'string', default: '1,2' },
    delays: { type: 'string', default: '0,50' },
    alone: { type: 'boolean', default: false },
  },
})
const numbers = (text) => text.split(',').map(Number)

prepare()
if (!options.alone) installPeers()
const server = await openServer()
const figures = new Figures('drain', { postgres: await server.version() })
for (const count of numbers(options.counts)) {
  const template = `filled_${count}`
  const filled = await server.database(template)
  await withClient(filled.ownerUrl, (client) =>
    fill(client, { groups: Math.ceil(count / 50), channels: count, count, slotMs: () => dueMs, gapMinutes: 60 }),
  )
  for (const processes of numbers(options.workers)) {
    const as = `${count} with ${processes} ${processes === 1 ? 'worker' : 'workers'}`
    const key = `${count}x${processes}`
    let own = { rate: 0, cpuMs: 0 }
    for (const delayMs of numbers(options.delays)) {
      const { rate, p50, p99, cpuMs } = await drain(server, template, { count, processes, delayMs })
      if (delayMs === 0) own = { rate, cpuMs }
      figures.note(`seconder ${key} ${delayMs}ms`, rate, `a second: Seconder, ${as}, a network that takes ${delayMs} ms; late ${p50} s (p50), ${p99} s (p99); ${cpuMs} ms of a core each`)
      figures.values[`cpuMs ${key} ${delayMs}ms`] = cpuMs
      figures.values[`late ${key} ${delayMs}ms`] = [p50, p99]
    } // prettier-ignore
    if (options.alone) continue
    for (const kind of peers) {
      const { rate, cpuMs } = await drainPeer(server, kind, { count, processes })
      figures.note(
        `${kind} ${key}`,
        rate,
        `a second: ${kind}, ${as}; ${cpuMs} ms of a core each; Seconder does ${(own.rate / rate).toFixed(3)} of it, for ${(own.cpuMs / cpuMs).toFixed(1)} times the work`,
      )
      figures.values[`cpuMs ${kind} ${key}`] = cpuMs
    }
  }
  await server.drop(template)
}
await server.close()
figures.end()
