import { parseArgs } from 'node:util'

import { drain, dueMs } from './support/draining.mjs'
import { fill } from './support/filling.mjs'
import { Figures, openServer, prepare, say, withClient } from './support/server.mjs'

// What a publication takes on the disk, and an idle channel: rows and indexes, by table, after all went out.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: { count: { type: 'string', default: '20000' }, idle: { type: 'string', default: '20000' } },
})
const count = Number(options.count)
const idle = Number(options.idle)

prepare()
const server = await openServer()
const figures = new Figures('size', { postgres: await server.version(), count, idle })
try {
  const filled = await server.database('filled')
  await withClient((await server.database('idle')).ownerUrl, async (client) => {
    const before = await sizes(client)
    await fill(client, { groups: 1, channels: idle, count: 0, slotMs: () => dueMs })
    say(`An idle channel, one of ${idle}:`)
    tell('idle', await sizes(client), before, idle)
  })

  await withClient(filled.ownerUrl, async (client) => {
    const shape = { groups: Math.ceil(count / 50), channels: count, slotMs: () => dueMs, gapMinutes: 60 }
    const before = await sizes(client)
    await fill(client, { ...shape, count })
    say(`A publication that is approved and waits, one of ${count}, with its channel:`)
    tell('planned', await sizes(client), before, count)
  })
  const look = async (client) => {
    await client.query('vacuum')
    return sizes(client)
  }
  const after = await drain(server, 'filled', { count, processes: 1, look })
  await withClient(filled.ownerUrl, async (client) => {
    say(`What is added until it is out:`)
    tell('published', after.seen, await sizes(client), count)
  })
} finally {
  await server.close()
}
figures.end()

/** Bytes of rows (with what is stored outside them) and of indexes, by table. */
async function sizes(client) {
  const { rows } = await client.query(
    `select relname as table, pg_table_size(oid)::float8 as rows, pg_indexes_size(oid)::float8 as indexes
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  )
  return new Map(rows.map((row) => [row.table, row]))
}

function tell(key, now, before, each) {
  let all = 0
  const tables = {}
  for (const { table, rows, indexes } of now.values()) {
    const [inRows, inIndexes] = [rows - before.get(table).rows, indexes - before.get(table).indexes].map((bytes) =>
      Math.round(bytes / each),
    )
    if (inRows + inIndexes < 1) continue
    all += inRows + inIndexes
    tables[table] = [inRows, inIndexes]
    say(`${String(inRows + inIndexes).padStart(10)}  bytes in ${table}, ${inIndexes} of them in its indexes`)
  }
  figures.values[`${key} by table`] = tables
  figures.note(`${key} bytes`, all, 'bytes in all')
}
