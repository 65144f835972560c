import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { LoggerService } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { DateTime } from 'luxon'
import { DataSource } from 'typeorm'

import { AuditLog } from '../../../src/audit/audit-log.service.js'
import { loadConfig } from '../../../src/config/load-config.js'
import { createDataSource } from '../../../src/database/data-source.js'
import { Transaction } from '../../../src/database/transaction.js'
import type { Group } from '../../../src/groups/group.js'
import { GroupsService } from '../../../src/groups/groups.service.js'
import { Clock } from '../../../src/kernel/clock.js'
import { Sealing } from '../../../src/kernel/sealing.js'
import { Mailer } from '../../../src/mail/mailer.service.js'
import type { NewMail } from '../../../src/mail/new-mail.js'
import { PlatformRegistry } from '../../../src/platforms/platform-registry.js'
import { ClaimsStore } from '../../../src/scheduler/claims.store.js'
import { Deadline } from '../../../src/scheduler/deadline.js'
import { OutcomesService } from '../../../src/scheduler/outcomes.service.js'
import { PublishingService } from '../../../src/scheduler/publishing.service.js'
import { SendingService } from '../../../src/scheduler/sending.service.js'
import { createApp } from '../../../src/start.js'
import { cloneDatabase, type TestDatabase } from '../../support/database.js'
import type { Step } from './faults.js'
import type { SimulatedNetwork } from './network.js'
import { watchDatabase, type VirtualTime } from './virtual-time.js'

/** What one seed puts on the stage. */
export interface Scene {
  readonly time: VirtualTime
  readonly network: SimulatedNetwork
  /** One effect on the database, with what may go wrong around it. */
  effect<T>(work: () => Promise<T>): Promise<T>
  /** The product wrote an error into its log. */
  onError(message: string): void
}

/** Before the first seed. */
const openingMs = Date.UTC(2026, 9, 1)
let nowMs = () => openingMs
watchDatabase(() => nowMs())

const steps = new AsyncLocalStorage<Step>()

/** What the process that just asks the database is about. */
export function stepNow(): Step {
  return steps.getStore() ?? 'other'
}

/** Lets it be known what a process is about while it does this. */
function name(owner: object, method: string, step: Step): void {
  const methods = owner as Record<string, (...given: unknown[]) => unknown>
  const original = methods[method]
  if (!original) throw new Error(`There is no ${method} any more`)
  methods[method] = function named(...given) {
    return steps.run(step, () => original.apply(this, given))
  }
}

name(PublishingService.prototype, 'claim', 'claim')
name(PublishingService.prototype, 'reconcileDoubtful', 'look')
name(PublishingService.prototype, 'reconcile', 'claim again')
name(OutcomesService.prototype, 'settleAll', 'settle')
name(OutcomesService.prototype, 'settleFound', 'settle')
name(SendingService.prototype, 'settle', 'settle part')

/** The product's clock: virtual, and for each process as wrong as that process's clock is. */
class SimulatedClock extends Clock {
  scene: Scene | undefined

  override now(): DateTime {
    const { nowMs, actor } = this.scene?.time ?? { nowMs: openingMs, actor: undefined }
    return DateTime.fromMillis(Math.round(nowMs + (actor?.skewMs ?? 0)), { zone: 'utc' })
  }

  override monotonicMs(): number {
    return this.scene?.time.nowMs ?? 0
  }
}

/** The real services and the real database, with time, networks and faults of the scene. */
export class Stage {
  readonly mails: NewMail[] = []
  readonly sealedCredentials: string
  private readonly ends = new WeakMap<AbortSignal, number>()

  private constructor(
    readonly app: NestExpressApplication,
    readonly owner: DataSource,
    private readonly clock: SimulatedClock,
    private readonly database: TestDatabase,
    private readonly dataDir: string,
  ) {
    this.sealedCredentials = this.seal()
    app.get(Mailer).enqueue = (_manager, mail) => {
      this.mails.push(mail)
      return Promise.resolve()
    }
    const registry = app.get(PlatformRegistry)
    const real = registry.get.bind(registry)
    registry.get = (network) => (network === 'noticeboard' ? real(network) : this.scene.network)
    const transaction = app.get(Transaction)
    const run = transaction.run.bind(transaction)
    transaction.run = (work) => this.scene.effect(() => run(work))
    const ends = this.ends
    const time = () => this.scene.time
    Deadline.prototype.signal = function signal(this: Deadline) {
      const controller = new AbortController()
      const { endMs } = this as unknown as { endMs: number }
      ends.set(controller.signal, endMs)
      if (endMs <= time().nowMs) controller.abort()
      return controller.signal
    }
  }

  /** Credentials that a person got from the network, sealed: other ones each time. */
  seal(): string {
    return this.app.get(Sealing).seal('{"password":"of the network"}', 'credentials')
  }

  static async open(): Promise<Stage> {
    const database = await cloneDatabase()
    const dataDir = mkdtempSync(join(tmpdir(), 'seconder-simulation-'))
    const config = loadConfig({
      NODE_ENV: 'test',
      DEMO: 'no',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      SECRET: 'a secret of the simulation alone, with nothing behind it',
    })
    const owner = await createDataSource(database.ownerUrl).initialize()
    await owner.query(stoppedClock)
    const clock = new SimulatedClock()
    const app = await createApp(config, database, { quiet: true, ticking: false, clock })
    await app.init()
    const stage = new Stage(app, owner, clock, database, dataDir)
    app.useLogger(stage.logger())
    return stage
  }

  get scene(): Scene {
    const { scene } = this.clock
    if (!scene) throw new Error('nothing is played at the moment')
    return scene
  }

  /** Begins a seed: from here on its time is everybody's. */
  set time(time: VirtualTime) {
    nowMs = () => time.nowMs
  }

  set scene(scene: Scene) {
    this.clock.scene = scene
    this.mails.length = 0
  }

  endOf(signal: AbortSignal): number {
    return this.ends.get(signal) ?? Number.POSITIVE_INFINITY
  }

  /** A process that publishes, as it is after its start. */
  worker(): PublishingService {
    const { app, clock } = this
    return new PublishingService(
      app.get(Transaction),
      app.get(ClaimsStore),
      app.get(OutcomesService),
      app.get(SendingService),
      app.get(AuditLog),
      clock,
    )
  }

  query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.owner.query(sql, parameters)
  }

  /** A group with all that a new one has, but for people. */
  found(name: string): Promise<Group> {
    const groups = this.app.get(GroupsService)
    return this.app
      .get(DataSource)
      .transaction((manager) => groups.create(manager, { name, timeZone: 'Europe/London' }))
  }

  /** How often each edge between two states was walked since this was last asked: "publications planned>publishing". */
  async walked(): Promise<Map<string, number>> {
    const rows = await this.query<{ edge: string; times: number }>(
      'select edge, count(*)::integer as times from walked group by edge order by edge',
    )
    await this.query('delete from walked')
    return new Map(rows.map(({ edge, times }) => [edge, times]))
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.owner.destroy()
    await this.database.drop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  private logger(): LoggerService {
    const quiet = () => undefined
    const error = (said: unknown) => this.clock.scene?.onError(typeof said === 'string' ? said : JSON.stringify(said))
    return { log: quiet, warn: quiet, debug: quiet, verbose: quiet, error, fatal: error }
  }
}

/** The database's own "now" is told to each connection; vacuum, which comes when it likes, leaves the tables of the queue alone. */
const stoppedClock = `
  create or replace function clock() returns timestamptz language sql stable set search_path = public, pg_temp as
    'select current_setting(''simulation.now'')::timestamptz';
  create table walked (edge text not null) with (autovacuum_enabled = false);
  create function note_walk() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin
      insert into walked values (tg_table_name || ' ' || case when tg_op = 'INSERT' then '' else old.state end || '>' || new.state);
      return null;
    end $$;
  create trigger publications_walk after update of state on publications for each row
    when (old.state <> new.state) execute function note_walk();
  create trigger attempts_begin after insert on attempts for each row execute function note_walk();
  create trigger attempts_walk after update of state on attempts for each row when (old.state <> new.state) execute function note_walk();
  alter table publications set (autovacuum_enabled = false);
  alter table attempts set (autovacuum_enabled = false);
  alter table posts set (autovacuum_enabled = false);
`
