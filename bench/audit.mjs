import '../test/support/run-typescript.js'

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'

import { makeDirectory, removeCluster } from '../test/support/throwaway-cluster.js'

// How long a check of a long audit log takes: in the database, and of its export. The PostgreSQL is thrown away.
const entries = 100_000
const appends = 2000
const post = '018f0000-0000-7000-8000-00000000abcd'
const group = '018f0000-0000-7000-8000-000000000001'

const results = {
  bench: 'audit',
  at: new Date().toISOString(),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  entries,
}
const directory = makeDirectory()
process.env.SECONDER_TEST_DIRECTORY = directory
try {
  const { cloneDatabase } = await import('../test/support/database.ts')
  const { createDataSource } = await import('../src/database/data-source.ts')
  const { AuditLog } = await import('../src/audit/audit-log.service.ts')
  const { AuditStore } = await import('../src/audit/audit.store.ts')
  const { Transaction } = await import('../src/database/transaction.ts')
  const { verifyExport } = await import('../src/audit/export.ts')

  const database = await cloneDatabase()
  const source = await createDataSource(database.ownerUrl ?? database.url).initialize()
  const store = new AuditStore()
  const log = new AuditLog(store, new Transaction(source))

  await build(source, entries - appends)
  const { seconds: appending } = await timed(async () => {
    for (let number = 0; number < appends; number += 1)
      await log.append(source.manager, group, { kind: 'post-held', post, member: group })
  })
  note('appendMs', Number(((appending * 1000) / appends).toFixed(2)), 'ms to append an entry, one after the other')
  await source.query('analyze audit_entries')

  const online = await timed(() => log.verify(group))
  insist(online.result)
  note('verifySeconds', online.seconds, `seconds to verify ${entries} entries in the database`)
  const from = online.result.head
  note('verifyNewSeconds', (await timed(() => log.verify(group, { from }))).seconds, 'seconds from the last entry on')

  const file = join(directory, 'log.ndjson')
  const exporting = await timed(async () => {
    const out = createWriteStream(file)
    await log.export({ id: group, name: 'Bench' }, results.at, async (text) => {
      if (!out.write(text)) await once(out, 'drain')
    })
    out.end()
    await finished(out)
  })
  note('exportSeconds', exporting.seconds, 'seconds to export them')
  note('exportMb', Number((statSync(file).size / 1e6).toFixed(1)), 'MB of the file')
  const offline = await timed(() =>
    verifyExport(createInterface({ input: createReadStream(file), crlfDelay: Infinity }), from),
  )
  insist(offline.result.found)
  if (!offline.result.anchorMet) throw new Error('The anchor was not met.')
  note('verifyFileSeconds', offline.seconds, 'seconds to verify the file without the database')

  const page = (filter) => timed(() => store.find(source.manager, group, filter, 50))
  note('pageMs', milliseconds(await page({})), 'ms for the newest page')
  note('pageOfPostMs', milliseconds(await page({ post: group.replace(/1$/, '9') })), 'ms to find nothing about a post')
  note('memoryMb', Math.round(process.memoryUsage().rss / 1e6), 'MB of memory at the end')
  await source.destroy()
} finally {
  removeCluster(directory)
}
process.stdout.write(`${JSON.stringify(results)}\n`)

/** As the database would append them, without taking the way of each through its guards. */
async function build(source, count) {
  const { seconds } = await timed(() =>
    source.transaction(async (manager) => {
      await manager.query('alter table audit_entries disable trigger user')
      await manager.query('alter table audit_heads disable trigger user')
      await manager.query(
        `do $$ declare last text := repeat('0', 64); right_hash text; payload text; at_text text; begin
           for number in 1..${count} loop
             payload := '{"attempt":1,"kind":"attempt-ended","outcome":"published","post":"' || gen_random_uuid() || '","publication":"' || gen_random_uuid() || '","remote":"at://did:plc:abc/app.bsky.feed.post/' || number || '"}';
             at_text := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
             right_hash := audit_hash('${group}', number, last, at_text, payload);
             insert into audit_entries values ('${group}', number, last, right_hash, at_text, payload);
             last := right_hash;
           end loop;
           insert into audit_heads values ('${group}', ${count}, last);
         end $$`,
      )
      const guards = {
        audit_entries: ['append_only', 'no_truncate', 'next_link', 'move_head'],
        audit_heads: ['move_on', 'no_truncate'],
      }
      for (const [table, names] of Object.entries(guards))
        for (const name of names) await manager.query(`alter table ${table} enable always trigger ${table}_${name}`)
    }),
  )
  say(`${String(seconds).padStart(8)}  seconds to make ${count} entries`)
}

async function timed(work) {
  const begun = performance.now()
  const result = await work()
  return { result, seconds: Number(((performance.now() - begun) / 1000).toFixed(2)) }
}

function milliseconds({ seconds }) {
  return Math.round(seconds * 1000)
}

function insist(found) {
  if (found.kind !== 'whole' || found.head.seq !== entries)
    throw new Error(`The log is not whole: ${JSON.stringify(found)}`)
}

/** Notes a figure and says it. */
function note(name, value, words) {
  results[name] = value
  say(`${String(value).padStart(8)}  ${words}`)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}
