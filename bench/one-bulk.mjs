import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Asker, bulkDone } from './support/asking.mjs'
import { end, startChild } from './support/children.mjs'
import { fillCrowd } from './support/crowd.mjs'
import { openServer, root, secret, withClient } from './support/server.mjs'
const bulk = Number(process.argv[3])
const server = await openServer({ shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all' }).catch(() => openServer({}))
const database = await server.database('crowd')
const crowd = await withClient(database.ownerUrl, (client) => fillCrowd(client, { count: 10000, nowMs: Date.now(), say: () => {} }))
const stats = await withClient(database.ownerUrl, (client) => client.query('create extension if not exists pg_stat_statements').then(() => true, () => false))
const group = crowd.large
const email = `ana-${group.ana[0]}@example.org`
const instance = (role) => startChild('web.mjs', [], { ROLE: role, DEMO: 'no', PORT: '0', SECRET: secret, DATA_DIR: server.directory, DATABASE_URL: database.url, OWNER_URL: database.ownerUrl, PEOPLE: email })
const web = await instance('web')
const { origin, cookies } = JSON.parse(web.said)
const asker = new Asker(origin, cookies[email])
const posts = Array.from({ length: bulk }, (_, n) => ({ text: `One of several, number ${n}` }))
const ask = (key, count) => asker.ask('POST', `/api/groups/${group.slug}/posts/bulk`, { key, send: true, channelIds: group.channels.slice(0, 20), posts: posts.slice(0, count) })
const worker = await instance('worker')
// Warm
const first = await ask('warm', 5)
await bulkDone(asker, group.slug, first.body.id)
if (stats) await withClient(database.ownerUrl, (c) => c.query('select pg_stat_statements_reset()'))
const cpu = () => process.cpuUsage()
const accepted = await ask('measured', bulk)
const begun = performance.now()
const done = await bulkDone(asker, group.slug, accepted.body.id)
const ms = (performance.now() - begun) / bulk
let calls = null, dbms = null, top = []
if (stats) await withClient(database.ownerUrl, async (c) => {
  const { rows } = await c.query(`select calls, round(total_exec_time::numeric,1) as ms, left(regexp_replace(query, '\\s+', ' ', 'g'), 150) as q, toplevel from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = 'crowd' order by total_exec_time desc`)
  const t = rows.filter((r) => r.toplevel)
  calls = t.reduce((n, r) => n + Number(r.calls), 0) / bulk
  dbms = t.reduce((n, r) => n + Number(r.ms), 0) / bulk
  top = t
})
const { rows: mails } = await withClient(database.ownerUrl, (c) => c.query(`select count(*) from mails`))
process.stdout.write(`${root}: ${ms.toFixed(1)} ms a post, ${calls?.toFixed(0)} statements, ${dbms?.toFixed(1)} ms of the database; ${done.sentence}; ${mails[0].count} mails\n`)
if (process.env.TOP) for (const r of top.slice(0, Number(process.env.TOP))) process.stdout.write(`   ${String(r.calls).padStart(6)} ${String(r.ms).padStart(8)}  ${r.q}\n`)
await end(worker); await end(web)
await server.close()
process.exit(0)
