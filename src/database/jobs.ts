import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import { type Db, type Job, PgBoss, type Queue } from 'pg-boss'
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm'

import { Notices } from './notices.js'

/**
 * A queue of side jobs: its name and how its jobs are kept and repeated. `Data` is what one job carries;
 * it is stored in the clear, so it holds ids only.
 * @example export const mailJobs = new JobQueue<{ mailId: string }>('mail', { retryLimit: 3 })
 */
export class JobQueue<Data extends object> {
  declare readonly data: Data

  constructor(
    readonly name: string,
    readonly options: Omit<Queue, 'name'> = {},
  ) {}
}

/** When a job may start, and what makes it the same job as another. */
export interface JobOptions {
  /** Seconds from now before the job may start. */
  readonly afterSeconds?: number
  /** On a queue of policy `short`, a second job with the key of one that still waits is dropped. */
  readonly key?: string
}

/** How a process works a queue. */
export interface WorkingOptions {
  /** How many jobs of the queue run at once in this process; 1 when left out. */
  readonly concurrency?: number
  /** Seconds between questions to the database while nothing wakes the worker; 60 when left out. */
  readonly pollSeconds?: number
}

/** Where the tables of the side jobs are. */
export const jobSchema = 'pgboss'

/**
 * Side jobs in the product's own database (pg-boss, schema `pgboss`, made with the other tables).
 * A job is sent in the transaction that causes it, and a worker of this process is woken when that has committed. Where
 * this process works no jobs of the kind, those that do are told; where nothing is heard, through a pooler, they find it
 * at their next poll. A job that throws is repeated as its queue says.
 */
@Injectable()
export class Jobs implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('Jobs')
  private readonly boss: PgBoss
  private readonly known = new Map<string, Promise<void>>()
  private readonly workers = new Map<string, string[]>()
  private readonly toWake = new WeakMap<QueryRunner, Set<string>>()
  /** The queues that are being announced, and whether there was more to announce meanwhile. */
  private readonly announcing = new Map<string, boolean>()
  private started: Promise<PgBoss> | undefined

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Optional() private readonly notices?: Notices,
  ) {
    this.boss = new PgBoss({
      db: sharing(source),
      schema: jobSchema,
      // Recurring work is decided by (name, time bucket) rows, not here.
      schedule: false,
      // How soon a job of a process that died is found; and all else an idle process would ask too often.
      superviseIntervalSeconds: 120,
      monitorIntervalSeconds: 120,
      queueCacheIntervalSeconds: 600,
      bamIntervalSeconds: 600,
      flowIntervalSeconds: 3600,
    })
    this.boss.on('error', (error) => this.log.error({ message: 'The job queue met an error', error: error.message }))
    this.boss.on('warning', (warning) => this.log.warn({ message: warning.message }))
    source.subscribers.push({
      afterTransactionCommit: ({ queryRunner }) => {
        // The end of a savepoint is announced in the same way, with the transaction still open.
        if (!queryRunner.isTransactionActive) this.wakeAfter(queryRunner)
      },
    })
  }

  async onModuleInit(): Promise<void> {
    await this.start()
  }

  /** Lets running jobs finish, for at most 20 seconds. A job cut off is found and repeated by another process. */
  async onModuleDestroy(): Promise<void> {
    if (this.started === undefined) return
    await this.started.catch(() => undefined)
    await this.boss.stop({ graceful: true, timeout: 20_000 })
  }

  /** Adds a job in the transaction of `manager`: it exists if and only if that commits. */
  async send<Data extends object>(
    manager: EntityManager,
    queue: JobQueue<Data>,
    data: Data,
    options: JobOptions = {},
  ): Promise<void> {
    await this.make(queue)
    const runner = manager.queryRunner
    await this.boss.send(queue.name, data, {
      ...(options.afterSeconds === undefined ? {} : { startAfter: options.afterSeconds }),
      ...(options.key === undefined ? {} : { singletonKey: options.key }),
      ...(runner === undefined ? {} : { db: within(runner) }),
    })
    if ((options.afterSeconds ?? 0) > 0) return
    if (runner?.isTransactionActive) this.toWake.set(runner, (this.toWake.get(runner) ?? new Set()).add(queue.name))
    else this.wake(queue.name)
  }

  /** Works the queue in this process until it stops. */
  async work<Data extends object>(
    queue: JobQueue<Data>,
    handle: (data: Data) => Promise<unknown>,
    options: WorkingOptions = {},
  ): Promise<void> {
    await this.make(queue)
    const ids = this.workers.get(queue.name) ?? []
    this.workers.set(queue.name, ids)
    for (let each = 0; each < (options.concurrency ?? 1); each += 1) {
      const id: string = await this.boss.work<Data>(
        queue.name,
        { pollingIntervalSeconds: options.pollSeconds ?? 60 },
        async (jobs: Job<Data>[]) => {
          // A worker would wait a whole interval after each job; woken, it looks for the next at once.
          this.boss.notifyWorker(id)
          for (const job of jobs) await this.run(queue.name, job, handle)
        },
      )
      ids.push(id)
    }
    await this.notices?.listen(channelOf(queue.name), () => this.wakeOwn(queue.name))
  }

  private async run<Data extends object>(
    queue: string,
    job: Job<Data>,
    handle: (data: Data) => Promise<unknown>,
  ): Promise<void> {
    try {
      await handle(job.data)
    } catch (error) {
      this.log.error({
        message: 'A job broke',
        queue,
        job: job.id,
        error: error instanceof Error ? error.stack : 'not an Error',
      })
      throw error
    }
  }

  private start(): Promise<PgBoss> {
    this.started ??= this.boss.start()
    return this.started
  }

  private make(queue: JobQueue<object>): Promise<void> {
    let made = this.known.get(queue.name)
    if (made === undefined) {
      made = this.start().then(() => this.boss.createQueue(queue.name, queue.options))
      made.catch(() => this.known.delete(queue.name))
      this.known.set(queue.name, made)
    }
    return made
  }

  private wakeAfter(runner: QueryRunner): void {
    const queues = this.toWake.get(runner)
    this.toWake.delete(runner)
    for (const queue of queues ?? []) this.wake(queue)
  }

  private wake(queue: string): void {
    if (this.workers.has(queue)) this.wakeOwn(queue)
    else void this.announce(queue)
  }

  private wakeOwn(queue: string): void {
    for (const id of this.workers.get(queue) ?? []) this.boss.notifyWorker(id)
  }

  /** After the commit, since an announcement inside would make all commits that announce wait for each other. */
  private async announce(queue: string): Promise<void> {
    if (!this.notices) return
    const isUnderWay = this.announcing.has(queue)
    this.announcing.set(queue, true)
    if (isUnderWay) return
    try {
      // Again for what was sent meanwhile, for which somebody may have looked too early.
      while (this.announcing.get(queue)) {
        this.announcing.set(queue, false)
        await this.source.query('select pg_notify($1, $2)', [channelOf(queue), ''])
      }
    } catch {
      // Only a hint: the job is there, and found at the next poll.
    } finally {
      this.announcing.delete(queue)
    }
  }
}

/** What is announced for those who work a queue. */
function channelOf(queue: string): string {
  return `seconder_jobs_${queue}`
}

/** pg-boss on the product's own connections. */
export function sharing(source: DataSource): Db {
  return {
    executeSql: async (sql, values) => {
      const runner = source.createQueryRunner()
      try {
        return await within(runner).executeSql(sql, values)
      } catch (error) {
        // Some of its statements are whole "begin; ...; commit;" texts: a broken one leaves its transaction open.
        await runner.query('rollback').catch(() => undefined)
        throw error
      } finally {
        await runner.release()
      }
    },
  }
}

/** pg-boss inside one transaction. The structured result, because `query` alone answers `[rows, count]` after an update. */
function within(runner: QueryRunner): Db {
  return {
    executeSql: async (sql, values) => ({ rows: (await runner.query(sql, values, true)).records ?? [] }),
  }
}
