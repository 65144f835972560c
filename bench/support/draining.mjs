import { setTimeout as pause } from 'node:timers/promises'

import { end, startWorker } from './children.mjs'
import { processorSeconds } from './processor.mjs'
import { quantile, withClient } from './server.mjs'

/** All fall due at this moment of the database's clock, which each run sets close to it. */
export const dueMs = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 7 * 86_400_000

/**
 * Drains a copy of a filled database: workers start before anything is due, then the clock is set to just before the
 * moment at which all is.
 * @param environment more of it for its workers, made from the database
 * @param look what else to ask the database when all is out; its answer is `seen`
 * @returns publications a second, how late each was written down as published, and milliseconds of processor time for each
 *   (database and workers together), which hardly depend on what else the machine does
 */
export async function drain(
  server,
  template,
  { count, processes, delayMs = 0, nodeOptions = '', look = async () => undefined, environment = () => ({}) },
) {
  const name = `drain_${Math.random().toString(36).slice(2)}`
  const database = await server.database(name, template)
  const crew = await Promise.all(
    Array.from({ length: processes }, () =>
      startWorker(server.directory, database, {
        NETWORK_DELAY: String(delayMs),
        NODE_OPTIONS: nodeOptions,
        ...environment(database),
      }),
    ),
  )
  const pids = [server.pid, ...crew.map(({ child }) => child.pid)]
  let seen
  let used = 0
  const result = await withClient(database.ownerUrl, async (client) => {
    await client.query('checkpoint')
    const before = processorSeconds(pids)
    await client.query(
      `update clock_settings set shift_ms = $1::bigint - 1500 - extract(epoch from clock_timestamp()) * 1000`,
      [dueMs],
    )
    await client.query('notify seconder_due')
    for (;;) {
      await pause(500)
      // by the indexes of what waits: asking must not cost more than what is measured
      const { rows } = await client.query(
        `select exists (select 1 from publications where state = 'planned' and next_try_at < clock() + interval '1 hour')
           or exists (select 1 from publications where state in ('publishing', 'in_doubt') and lease_until is not null) as more`,
      )
      if (!rows[0].more) break
    }
    used = processorSeconds(pids) - before
    const { rows } = await client.query(
      `select extract(epoch from published_at - slot)::double precision as late from publications
       where state = 'published' and slot = to_timestamp($1::double precision / 1000)`,
      [dueMs],
    )
    seen = await look(client)
    return rows.map(({ late }) => late)
  })
  for (const worker of crew) await end(worker)
  await server.drop(name)
  if (result.length !== count) throw new Error(`${result.length} of ${count} were published`)
  const rate = Math.round(count / quantile(result, 1))
  const [p50, p99] = [0.5, 0.99].map((part) => Number(quantile(result, part).toFixed(2)))
  return { rate, p50, p99, cpuMs: Number(((used * 1000) / count).toFixed(3)), seen }
}
