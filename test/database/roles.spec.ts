import pg from 'pg'

import { migrate } from '../../src/database/migrate.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'

let database: TestDatabase

beforeEach(async () => {
  database = await cloneDatabase()
})
afterEach(() => database?.drop())

/** One statement by whoever the address names. */
async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const as = (user: string, password: string) => {
  const url = new URL(database.ownerUrl)
  url.username = user
  url.password = password
  return url.href
}

describe('two roles in the database', () => {
  it('the application’s role is made where it is missing, and can read and add but alter nothing', async () => {
    const url = as('another_app', 'it’s a "secret"')
    expect(await migrate({ url, ownerUrl: database.ownerUrl }, false)).toEqual({
      application: 'another_app',
      ownsTables: false,
    })
    expect(await run(url, 'select count(*)::integer as groups from groups')).toEqual([{ groups: 0 }])
    await expect(run(url, 'alter table verdicts disable trigger all')).rejects.toThrow(
      'must be owner of table verdicts',
    )
    await run(database.ownerUrl, 'drop owned by another_app; drop role another_app')
  })

  it('a right that was given by hand goes again at the next start', async () => {
    await run(database.ownerUrl, 'grant update, delete, truncate on verdicts, audit_entries to seconder_app')
    await migrate(database, true)
    for (const change of ['delete from verdicts', 'truncate audit_entries', `update verdicts set kind = 'approve'`])
      await expect(run(database.url, change)).rejects.toThrow('permission denied')
  })

  it('in production the application cannot move the clock', async () => {
    await run(database.url, 'update clock_settings set shift_ms = 0')
    await migrate(database, false)
    await expect(run(database.url, 'update clock_settings set shift_ms = 0')).rejects.toThrow('permission denied')
  })

  it('one role for everything still works, and is known for what it is', async () => {
    expect(await migrate({ url: database.ownerUrl }, false)).toMatchObject({ ownsTables: true })
  })

  it('without the owner’s address it starts as long as nothing has to be brought up to date, then says what it needs', async () => {
    expect(await migrate({ url: database.url }, false)).toMatchObject({ ownsTables: false })
    await run(database.ownerUrl, 'delete from schema_migrations where id = (select max(id) from schema_migrations)')
    await expect(migrate({ url: database.url }, false)).rejects.toThrow('Set DATABASE_OWNER_URL')
  })

  it('two addresses of different databases are refused', async () => {
    const url = new URL(database.url)
    url.pathname = '/elsewhere'
    await expect(migrate({ url: url.href, ownerUrl: database.ownerUrl }, false)).rejects.toThrow(
      'They are two ways into one database',
    )
  })

  it('an ordinary owner of a database of its own is told which role to make, and goes on from there', async () => {
    await run(database.ownerUrl, `create role small_owner login password 'x'`)
    await run(database.ownerUrl, 'create database of_small_owner owner small_owner')
    try {
      const within = (url: string) => url.replace(/[^/]+$/, 'of_small_owner')
      const addresses = { url: within(as('small_app', 'y')), ownerUrl: within(as('small_owner', 'x')) }
      await expect(migrate(addresses, false)).rejects.toThrow('Make it with: createuser -P small_app')
      await run(database.ownerUrl, `create role small_app login password 'y'`)
      expect(await migrate(addresses, false)).toEqual({ application: 'small_app', ownsTables: false })
      expect(await run(addresses.url, 'select count(*)::integer as groups from groups')).toEqual([{ groups: 0 }])
    } finally {
      await run(database.ownerUrl, 'drop database if exists of_small_owner with (force)')
      await run(database.ownerUrl, 'drop role if exists small_owner, small_app')
    }
  })
})
