import pg from 'pg'

// A process that works no-op jobs of another queue, or the bare statements of a queue in one table. Told to go over IPC,
// it says now and then how many it has done.
const [kind, url] = process.argv.slice(2)
let done = 0
setInterval(() => process.send({ done, at: Date.now() }), 50)
const kinds = {
  async 'pg-boss'() {
    const { PgBoss } = await import('pg-boss')
    const boss = new PgBoss({ connectionString: url, schedule: false, supervise: false, migrate: false })
    boss.on('error', () => undefined)
    await boss.start()
    return async () => {
      for (;;) {
        const jobs = await boss.fetch('bench', { batchSize: 100 })
        if (jobs.length === 0) return
        await boss.complete('bench', jobs.map(({ id }) => id)) // prettier-ignore
        done += jobs.length
      }
    }
  },
  'graphile-worker': () => graphile({}),
  'graphile-worker, local queue': () =>
    graphile({ preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } } }),
  async 'bare statements'() {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return async () => {
      for (;;) {
        const { rows } = await client.query({
          name: 'claim',
          text: `with c as materialized (select id from bare where state = 'planned' and due <= clock_timestamp()
               order by due limit 100 for update skip locked)
             update bare b set state = 'publishing', tries = tries + 1, lease = clock_timestamp() + interval '1 minute'
             from c where b.id = c.id returning b.id`,
        })
        if (rows.length === 0) return
        await client.query({
          name: 'settle',
          text: `update bare set state = 'published', lease = null where id = any ($1)`,
          values: [rows.map(({ id }) => id)],
        })
        done += rows.length
      }
    }
  },
}

const work = await kinds[kind]()
process.once('message', () => work())
process.stdout.write('ready\n')
process.once('disconnect', () => process.exit())

async function graphile(options) {
  const { run } = await import('graphile-worker')
  const quiet = { logger: undefined }
  const { Logger } = await import('graphile-worker')
  quiet.logger = new Logger(() => () => undefined)
  return async () => {
    const runner = await run({
      connectionString: url,
      concurrency: 10,
      noHandleSignals: true,
      ...quiet,
      ...options,
      taskList: {
        bench: () => {
          done += 1
        },
      },
    })
    await runner.promise
  }
}
