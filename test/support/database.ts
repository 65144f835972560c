import { randomUUID } from 'node:crypto'

import pg from 'pg'

import { connectToEmbeddedServer } from '../../src/database/embedded/embedded-server.js'
import { migrate } from '../../src/database/migrate.js'

/** A database of its own for one test file, with the product's tables and nothing in them. */
export interface TestDatabase {
  /** By the application's own role, so that a right that it lacks is noticed. */
  readonly url: string
  /** By the role that owns the tables, for arranging what the application never does. */
  readonly ownerUrl: string
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>
}

const template = 'seconder_template'
/** Nothing of these clusters outlives the run, so nothing needs to reach the disk. */
const throwaway = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/**
 * Clones the migrated template. The first call of a run starts a throwaway PostgreSQL and migrates the template;
 * `global-teardown.js` ends it.
 */
export async function cloneDatabase(): Promise<TestDatabase> {
  const { url, applicationUrl } = await connectToEmbeddedServer({
    dataDir: clusterOfThisRun(),
    database: 'postgres',
    extra: throwaway,
  })
  return withConnection(url, async (client) => {
    await makeTemplate(client, url, applicationUrl)
    // not by the product's ids: a simulation draws those, the same ones in every process
    const name = `test_${randomUUID().replaceAll('-', '_')}`
    await client.query(`create database ${pg.escapeIdentifier(name)} template ${template}`)
    return {
      url: databaseUrl(applicationUrl, name),
      ownerUrl: databaseUrl(url, name),
      drop: () => dropDatabase(url, name),
    }
  })
}

function clusterOfThisRun(): string {
  const directory = process.env['SECONDER_TEST_DIRECTORY']
  if (!directory) throw new Error('run the tests with jest.config.js: its global setup makes the directory')
  return directory
}

async function dropDatabase(url: string, name: string): Promise<void> {
  await withConnection(url, (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  )
}

/** Several jest workers ask at once: one migrates, under a name that nobody clones until it is finished. */
async function makeTemplate(client: pg.Client, url: string, applicationUrl: string): Promise<void> {
  await client.query('select pg_advisory_lock(23123, 2)')
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount) return
    const unfinished = `${template}_unfinished`
    await client.query(`drop database if exists ${unfinished} with (force)`)
    await client.query(`create database ${unfinished}`)
    await migrate({ url: databaseUrl(applicationUrl, unfinished), ownerUrl: databaseUrl(url, unfinished) }, true)
    await client.query(`alter database ${unfinished} rename to ${template}`)
  } finally {
    await client.query('select pg_advisory_unlock(23123, 2)')
  }
}

function databaseUrl(url: string, name: string): string {
  const result = new URL(url)
  result.pathname = `/${name}`
  return result.href
}

async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
