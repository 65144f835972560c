import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { NestExpressApplication } from '@nestjs/platform-express'
import { Duration, type DurationLikeObject } from 'luxon'
import type { DataSource } from 'typeorm'

import type { Config } from '../../src/config/config.js'
import { loadConfig } from '../../src/config/load-config.js'
import { createDataSource } from '../../src/database/data-source.js'
import { Transaction } from '../../src/database/transaction.js'
import { ClockShift } from '../../src/groups/clock-shift.service.js'
import type { Group } from '../../src/groups/group.js'
import { GroupsService } from '../../src/groups/groups.service.js'
import type { Member } from '../../src/groups/member.js'
import { MembersService } from '../../src/groups/members.service.js'
import type { Role } from '../../src/groups/roles.js'
import { SignInService } from '../../src/groups/sign-in/sign-in.service.js'
import { Clock } from '../../src/kernel/clock.js'
import { Sealing } from '../../src/kernel/sealing.js'
import { unpackContent } from '../../src/mail/new-mail.js'
import { cloneDatabase, type TestDatabase } from './database.js'
import { until } from './until.js'
import { Visitor } from './visitor.js'

/** Somebody of a test's group; the address is made of the name. */
export interface Someone {
  readonly name: string
  readonly roles: readonly Role[]
}

/** A mail in the outbox, opened. */
export interface OpenedMail {
  readonly to: string
  readonly kind: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

const development = { NODE_ENV: 'test', DEMO: 'no' }
const production = {
  NODE_ENV: 'production',
  PUBLIC_ORIGIN: 'https://seconder.test',
  // Nobody listens there: mails wait in the outbox.
  SMTP_URL: 'smtp://127.0.0.1:1',
}

/** The whole application on a database of its own, reached over HTTP only, with a few short cuts for arranging things. */
export class TestApp {
  constructor(
    readonly app: NestExpressApplication,
    readonly config: Config,
    readonly database: TestDatabase,
    /** The database by the role that owns the tables. The application has another, which may do less. */
    readonly owner: DataSource,
    /** Where it listens, such as `http://127.0.0.1:40123`. */
    readonly origin: string,
  ) {}

  get clock(): Clock {
    return this.app.get(Clock)
  }

  /** Somebody with a browser of their own who has not signed in. */
  visitor(): Visitor {
    return new Visitor(this.origin)
  }

  /** Somebody signed in, without the way over the mail. */
  async signedIn(email: string): Promise<Visitor> {
    const opened = await this.app.get(SignInService).openFor(email, {})
    if (!opened) throw new Error(`nobody signs in as ${email}`)
    const visitor = this.visitor()
    visitor.keep(opened.cookies)
    return visitor
  }

  /** A group with these people, in this order; Ana of "River" gets ana@example.org. */
  async makeGroup<const People extends readonly Someone[]>(
    given: { name: string; timeZone?: string; demo?: boolean },
    people: People,
  ): Promise<{ group: Group; members: { [Index in keyof People]: Member } }> {
    return this.app.get(Transaction).run(async (manager) => {
      const group = await this.app.get(GroupsService).create(manager, { timeZone: 'Europe/London', ...given })
      const members: Member[] = []
      for (const { name, roles } of people) {
        members.push(await this.app.get(MembersService).add(manager, group, { name, email: emailOf(name), roles }))
      }
      return { group, members: members as unknown as { [Index in keyof People]: Member } }
    })
  }

  /** Lets time pass at once, for the process and the database alike. */
  async letPass(time: DurationLikeObject): Promise<void> {
    await this.app.get(ClockShift).moveOn(Duration.fromObject(time).as('minutes'))
  }

  /** By the owner of the tables: arranges what the application never does itself. */
  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.owner.query(sql, parameters)
  }

  /** What waits in the outbox for this address, the oldest first. */
  async mailsTo(email: string): Promise<OpenedMail[]> {
    const rows = await this.query<{ recipient: string; kind: string; subject: string; sealed_content: string }>(
      `select recipient, kind, subject, sealed_content from mails
       where recipient = $1 and sealed_content is not null order by created_at, id`,
      [email],
    )
    return rows.map((row) => {
      const { text, html } = unpackContent(this.app.get(Sealing).open(row.sealed_content, 'mail'))
      return { to: row.recipient, kind: row.kind, subject: row.subject, text, html }
    })
  }

  /** The newest mail of this kind to this address, waited for. */
  mailTo(email: string, kind: string): Promise<OpenedMail> {
    return until(`a mail "${kind}" to ${email}`, async () =>
      (await this.mailsTo(email)).findLast((mail) => mail.kind === kind),
    )
  }

  /** Every table's content as one text each, to show that something changed nothing. */
  async everything(): Promise<Record<string, string>> {
    const tables = await this.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    )
    const contents: Record<string, string> = {}
    for (const { name } of tables) {
      const [row] = await this.query<{ content: string }>(
        `select coalesce(string_agg(r::text, E'\\n' order by r::text), '') as content from "${name}" r`,
      )
      contents[name] = row?.content ?? ''
    }
    return contents
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.owner.destroy()
    await this.database.drop()
    rmSync(this.config.dataDir, { recursive: true, force: true })
  }
}

/**
 * Starts the application on a free port of this machine, with an empty database of its own.
 * `settings` are variables on top of those of a test run.
 */
export async function startApp(
  options: {
    production?: boolean
    settings?: Record<string, string>
    prepare?: (databaseUrl: string) => Promise<void>
    /** Whether it does recurring work by itself, as a running installation does; yes when left out. */
    ticking?: boolean
  } = {},
): Promise<TestApp> {
  const database = await cloneDatabase()
  try {
    await options.prepare?.(database.ownerUrl)
    const config = loadConfig({
      ...(options.production ? production : development),
      PORT: '0',
      DATA_DIR: mkdtempSync(join(tmpdir(), 'seconder-app-')),
      DATABASE_URL: database.url,
      SECRET: 'a secret of the tests alone, with nothing behind it',
      ...options.settings,
    })
    // Jest cannot load an ES module that a CommonJS one (@nestjs/throttler) requires while it is itself being imported:
    // the framework has to be there before the application is.
    await import('@nestjs/core')
    const { createApp } = await import('../../src/start.js')
    const app = await createApp(config, database, { quiet: true, ticking: options.ticking ?? true })
    await app.listen(0, '127.0.0.1')
    const { port } = app.getHttpServer().address() as AddressInfo
    const origin = `http://127.0.0.1:${port}`
    if (!options.production) config.publicOrigin = origin
    return new TestApp(app, config, database, await createDataSource(database.ownerUrl).initialize(), origin)
  } catch (error) {
    await database.drop()
    throw error
  }
}

/** The address of somebody in a test's group. */
export function emailOf(name: string): string {
  return `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`
}
