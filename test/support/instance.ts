import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { cloneDatabase, type TestDatabase } from './database.js'
import { until } from './until.js'
import { Visitor } from './visitor.js'

/** Somebody to enter the demonstration as. */
export interface DemoPerson {
  readonly memberId: string
  readonly name: string
  readonly roles: readonly string[]
}

/** A mail in the mailbox, opened. */
export interface WaitingMail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly kind: string
  readonly text: string
  readonly links: readonly string[]
}

const root = join(import.meta.dirname, '..', '..')

/** The product as its operators run it: a process of its own with the demonstration in a database of its own. */
export class Instance {
  private written = ''

  private constructor(
    /** Where it listens, such as `http://127.0.0.1:40123`. */
    readonly origin: string,
    private readonly child: ChildProcess,
    private readonly database: TestDatabase,
    private readonly dataDir: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (words: string) => (this.written += words))
    }
  }

  /**
   * Starts it from dist/, which `npm test` has built, and waits until somebody can enter.
   * @param host by which it knows itself
   */
  static async start(settings: Record<string, string> = {}, host = '127.0.0.1'): Promise<Instance> {
    const database = await cloneDatabase()
    const dataDir = mkdtempSync(join(tmpdir(), 'seconder-instance-'))
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist', 'src', 'main.js')], {
      cwd: dataDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'development',
        PORT: String(port),
        PUBLIC_ORIGIN: `http://${host}:${port}`,
        DATABASE_URL: database.url,
        DATABASE_OWNER_URL: database.ownerUrl,
        DATA_DIR: dataDir,
        DEMO: 'yes',
        ...settings,
      },
    })
    const instance = new Instance(origin, child, database, dataDir)
    try {
      await instance.isReady()
      return instance
    } catch (error) {
      child.kill('SIGKILL')
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
      throw new Error(`It did not start:\n${instance.log}`, { cause: error })
    }
  }

  /** All that the process has said so far. */
  get log(): string {
    return this.written
  }

  /** Somebody with a browser of their own who has not signed in. */
  visitor(): Visitor {
    return new Visitor(this.origin)
  }

  /** Who can be entered as in the demonstration. */
  async people(): Promise<readonly DemoPerson[]> {
    const { body } = await this.visitor().get<{ demo: { people: DemoPerson[] } | null }>('/api/session')
    return body.demo?.people ?? []
  }

  /** Somebody of the demonstration, by the first name. */
  async enter(firstName: string): Promise<Visitor> {
    const person = (await this.people()).find(({ name }) => name.startsWith(firstName))
    const visitor = this.visitor()
    const { status } = await visitor.post('/api/demo/enter', { memberId: person?.memberId })
    if (status !== 204) throw new Error(`Entering as ${firstName} answered ${status}`)
    return visitor
  }

  /** What its database has, as its owner sees it. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.database.ownerUrl })
    await client.connect()
    try {
      return (await client.query<Row>(sql, values)).rows
    } finally {
      await client.end()
    }
  }

  /** Every mail that waits, the newest first, opened. */
  async mails(): Promise<WaitingMail[]> {
    const visitor = this.visitor()
    const { body } = await visitor.get<{ id: string }[]>('/mailbox.json')
    return Promise.all(body.map(async ({ id }) => (await visitor.get<WaitingMail>(`/mailbox/${id}.json`)).body))
  }

  /** Ends it as a terminal would. @returns the exit status: 0 when it ended by itself and in order */
  async stop(): Promise<number | null> {
    const { child } = this
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    try {
      await until('the process to end', () => child.exitCode !== null || child.signalCode !== null)
    } finally {
      child.kill('SIGKILL')
      await this.database.drop()
      rmSync(this.dataDir, { recursive: true, force: true })
    }
    return child.exitCode
  }

  private async isReady(): Promise<void> {
    await until(
      'the demonstration',
      async () => {
        if (this.child.exitCode !== null) throw new Error(`It ended with status ${this.child.exitCode}`)
        const { ok } = await fetch(`${this.origin}/health/ready`).catch(() => ({ ok: false }))
        return ok && (await this.people()).length > 0
      },
      150_000,
    )
  }
}

/**
 * A port that nothing listens on. Port 0 would do for listening, but the process has to know its address before. Below
 * those that systems give out by themselves, or another program would get it before the process listens.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(16_000, 32_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
