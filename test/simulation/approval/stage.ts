import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { NestExpressApplication } from '@nestjs/platform-express'
import { DateTime } from 'luxon'
import type { DataSource } from 'typeorm'

import { AuditLog } from '../../../src/audit/audit-log.service.js'
import { loadConfig } from '../../../src/config/load-config.js'
import { createDataSource } from '../../../src/database/data-source.js'
import { Transaction } from '../../../src/database/transaction.js'
import { Clock } from '../../../src/kernel/clock.js'
import { Sealing } from '../../../src/kernel/sealing.js'
import { Mailer } from '../../../src/mail/mailer.service.js'
import type { NewMail } from '../../../src/mail/new-mail.js'
import { ClaimsStore } from '../../../src/scheduler/claims.store.js'
import { OutcomesService } from '../../../src/scheduler/outcomes.service.js'
import { PublishingService } from '../../../src/scheduler/publishing.service.js'
import { SendingService } from '../../../src/scheduler/sending.service.js'
import { createApp } from '../../../src/start.js'
import { cloneDatabase, type TestDatabase } from '../../support/database.js'
import { fakeBluesky, mondayMorning } from '../../support/group-fixture.js'
import { RememberingNetwork } from './network.js'
import { installWitness } from './witness.js'

/** A clock that goes on only when it is told to, so that a sequence is the same when it is played again. */
class StoppedClock extends Clock {
  at: DateTime = DateTime.fromISO(mondayMorning, { zone: 'utc' })

  override now(): DateTime {
    return this.at
  }
}

/** The real application without its web server, on a throwaway database with a witness in it. */
export class Stage {
  /** What was mailed since the last look; nothing is sent. */
  readonly mails: NewMail[] = []
  /** Two processes that share the work. */
  readonly workers: readonly [PublishingService, PublishingService]
  readonly sealedCredentials: string

  private constructor(
    readonly app: NestExpressApplication,
    readonly clock: StoppedClock,
    readonly network: RememberingNetwork,
    /** The database by the role that owns the tables; the application has its own. */
    readonly owner: DataSource,
    private readonly database: TestDatabase,
    private readonly dataDir: string,
  ) {
    app.get(Mailer).enqueue = (_manager, mail) => {
      this.mails.push(mail)
      return Promise.resolve()
    }
    const [first, ...parts] = [
      PublishingService,
      Transaction,
      ClaimsStore,
      OutcomesService,
      SendingService,
      AuditLog,
    ] as const
    const second = new PublishingService(
      app.get(parts[0]),
      app.get(parts[1]),
      app.get(parts[2]),
      app.get(parts[3]),
      app.get(parts[4]),
      clock,
    )
    this.workers = [app.get(first), second]
    this.sealedCredentials = app.get(Sealing).seal('{"password":"of the network"}', 'credentials')
  }

  static async open(): Promise<Stage> {
    const database = await cloneDatabase()
    const dataDir = mkdtempSync(join(tmpdir(), 'seconder-approval-'))
    const config = loadConfig({
      NODE_ENV: 'test',
      DEMO: 'no',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      SECRET: 'a secret of the proof alone, with nothing behind it',
    })
    const owner = await createDataSource(database.ownerUrl).initialize()
    const clock = new StoppedClock()
    const app = await createApp(config, database, { quiet: true, ticking: false, clock })
    // what breaks on purpose is counted, not reported
    app.useLogger(false)
    await app.init()
    const network = fakeBluesky({ app }, new RememberingNetwork(() => clock.at.toMillis())) as RememberingNetwork
    const stage = new Stage(app, clock, network, owner, database, dataDir)
    await stage.query(installWitness)
    return stage
  }

  query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.owner.query(sql, parameters)
  }

  /** Puts the clock of the process and of the database to one instant. */
  async setClock(at: DateTime): Promise<void> {
    this.clock.at = at.toUTC()
    await this.query('update witness_settings set now = $1', [this.clock.at.toJSDate()])
  }

  /** How long a claim waits, all counted and not yet committed, for something else to come in between. */
  async pauseClaims(milliseconds: number): Promise<void> {
    await this.query('update witness_settings set pause_ms = $1', [milliseconds])
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.owner.destroy()
    await this.database.drop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}
