import { install } from '../../scripts/prepare.mjs'
import { end, startChild } from './children.mjs'
import { processorSeconds } from './processor.mjs'
import { benchFolder, withClient } from './server.mjs'

/** The other queues, installed when they are not there. */
export function installPeers() {
  install(benchFolder, 'the other queues')
}

/** How each gets `count` jobs into a database of its own, and `standing` more that are not due for a long time. */
const fillers = {
  async 'pg-boss'(url, count, standing) {
    const { PgBoss } = await import('pg-boss')
    const boss = new PgBoss({ connectionString: url, schedule: false, supervise: false })
    boss.on('error', () => undefined)
    await boss.start()
    await boss.createQueue('bench')
    for (let left = count; left > 0; left -= 5000)
      await boss.insert('bench', Array.from({ length: Math.min(left, 5000) }, () => ({ data: {} }))) // prettier-ignore
    await boss.stop({ graceful: false })
    if (standing)
      await withClient(url, (client) =>
        client.query(
          `insert into pgboss.job (name, data, start_after) select 'bench', '{}', now() + interval '30 days' + n * interval '1 second'
           from generate_series(1, $1::integer) n`,
          [standing],
        ),
      )
  },
  'graphile-worker': fillGraphile,
  'graphile-worker, local queue': fillGraphile,
  async 'bare statements'(url, count, standing) {
    await withClient(url, async (client) => {
      await client.query(`create table bare (id uuid primary key default gen_random_uuid(), state text not null default 'planned',
        due timestamptz not null, lease timestamptz, tries integer not null default 0)`)
      await client.query(`create index on bare (due) where state = 'planned'`)
      await client.query('insert into bare (due) select clock_timestamp() from generate_series(1, $1::integer)', [
        count,
      ])
      await client.query(
        `insert into bare (due) select now() + interval '30 days' + n * interval '1 second' from generate_series(1, $1::integer) n`,
        [standing],
      )
    })
  },
}

export const peers = Object.keys(fillers)

async function fillGraphile(url, count, standing) {
  const { makeWorkerUtils } = await import('graphile-worker')
  const { Logger } = await import('graphile-worker')
  const utils = await makeWorkerUtils({ connectionString: url, logger: new Logger(() => () => undefined) })
  await utils.migrate()
  await utils.release()
  await withClient(url, async (client) => {
    await client.query(
      `select count(*) from graphile_worker.add_jobs((select array_agg(('bench', '{}'::json, null, null, null, null, null, null)::graphile_worker.job_spec)
       from generate_series(1, $1::integer)))`,
      [count],
    )
    if (standing)
      await client.query(
        `select count(*) from graphile_worker.add_jobs((select array_agg(('bench', '{}'::json, null, now() + interval '30 days', null, null, null, null)::graphile_worker.job_spec)
         from generate_series(1, $1::integer)))`,
        [standing],
      )
  })
}

/** Jobs a second of `processes` processes of one of the others, and milliseconds of processor time for each job. */
export async function drainPeer(server, kind, { count, processes, standing = 0 }) {
  const name = `peer_${Math.random().toString(36).slice(2)}`
  const database = await server.database(name, 'template1')
  await fillers[kind](database.ownerUrl, count, standing)
  await withClient(database.ownerUrl, async (client) => {
    await client.query('vacuum analyze')
    await client.query('checkpoint')
  })
  const children = await Promise.all(
    Array.from({ length: processes }, () => startChild('peer.mjs', [kind, database.ownerUrl], {}, { ipc: true })),
  )
  const done = new Map()
  const finished = new Promise((resolve) => {
    for (const { child } of children)
      child.on('message', (told) => {
        done.set(child.pid, told.done)
        if (done.values().reduce((sum, each) => sum + each, 0) >= count) resolve(told.at)
      })
  })
  const pids = [server.pid, ...children.map(({ child }) => child.pid)]
  const before = processorSeconds(pids)
  const begun = Date.now()
  for (const { child } of children) child.send('go')
  const seconds = ((await finished) - begun) / 1000
  const used = processorSeconds(pids) - before
  for (const each of children) await end(each, 'SIGKILL')
  await server.drop(name)
  return { rate: Math.round(count / seconds), cpuMs: Number(((used * 1000) / count).toFixed(3)) }
}
