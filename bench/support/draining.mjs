import { setTimeout as pause } from 'node:timers/promises'

import { end, startWorker } from './children.mjs'
import { quantile, withClient } from './server.mjs'

/** All fall due at this moment of the database's clock, which each run sets close to it. */
export const dueMs = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 7 * 86_400_000

/**
 * Drains a copy of a filled database: workers start before anything is due, then the clock is set to just before the
 * moment at which all is.
 * @param look what else to ask the database when all is out; its answer is `seen`
 * @returns publications a second, and how late each was written down as published
 */
export async function drain(
  server,
  template,
  { count, processes, delayMs = 0, nodeOptions = '', look = async () => undefined },
) {
  const name = `drain_${Math.random().toString(36).slice(2)}`
  const database = await server.database(name, template)
  const crew = await Promise.all(
    Array.from({ length: processes }, () =>
      startWorker(server.directory, database, { NETWORK_DELAY: String(delayMs), NODE_OPTIONS: nodeOptions }),
    ),
  )
  let seen
  const result = await withClient(database.ownerUrl, async (client) => {
    await client.query('checkpoint')
    await client.query(
      `update clock_settings set shift_ms = $1::bigint - 1500 - extract(epoch from clock_timestamp()) * 1000`,
      [dueMs],
    )
    await client.query('notify seconder_due')
    for (;;) {
      await pause(500)
      const { rows } = await client.query(
        `select exists (select 1 from publications where state in ('planned', 'publishing', 'in_doubt') and slot < clock() + interval '1 hour') as more`,
      )
      if (!rows[0].more) break
    }
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
  return { rate, p50: Number(quantile(result, 0.5).toFixed(2)), p99: Number(quantile(result, 0.99).toFixed(2)), seen }
}
