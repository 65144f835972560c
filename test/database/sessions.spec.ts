import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import pg from 'pg'

import { hears } from '../../src/database/hearing.js'
import { checkSessions, refusedByPooler } from '../../src/database/sessions.js'
import { startApp, type TestApp } from '../support/app.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { fakeBluesky, TestGroup } from '../support/group-fixture.js'

/** What a session keeps from one transaction to the next, which a pooler in transaction mode gives to somebody else. */
const ofSessions: readonly (readonly [string, RegExp])[] = [
  ['a lock of a session', /\bpg_(try_)?advisory_lock(_shared)?\b|\bpg_advisory_unlock/i],
  ['listening', /^\s*(un)?listen\b/i],
  ['a setting that stays', /^\s*(set|SET)\s+(session\s+|SESSION\s+)?(?!local\b|LOCAL\b)[\w.]+\s*(=|\bto\b|\bTO\b)/],
  [
    'a setting that stays',
    /^\s*(set\s+(session\s+)?(role|authorization|time zone|characteristics)\b|discard\s+\w+\s*$|reset\s+\w+\s*$)/i,
  ],
  ['a setting that stays', /\bset_config\([^()]*,\s*false\s*\)/i],
  ['a temporary table', /\bcreate\s+(local\s+|global\s+)?temp(orary)?\s/i],
  ['a prepared statement', /^\s*(prepare|deallocate)\s/i],
  ['a cursor that stays', /\bwith\s+hold\b/i],
]

/** Each of a text's statements that a session would have to remember. A function's own settings end with it. */
function needsSession(text: string): string[] {
  const withoutBodies = text.replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, '')
  return withoutBodies
    .split(';')
    .flatMap((statement) => ofSessions.filter(([, found]) => found.test(statement)).map(([what]) => what))
}

describe('a pooler that lends a session for one transaction', () => {
  const said: { readonly of: string; readonly what: string; readonly text: string }[] = []
  const query = pg.Client.prototype.query
  let app: TestApp

  beforeAll(async () => {
    pg.Client.prototype.query = function (this: pg.Client & { connectionParameters: { application_name: string } }) {
      const [asked] = arguments as unknown as [string | { text?: string; name?: string }]
      const text = typeof asked === 'string' ? asked : (asked.text ?? '')
      const named = typeof asked === 'object' && asked.name ? ['a prepared statement'] : []
      for (const what of [...named, ...needsSession(text)]) {
        said.push({ of: this.connectionParameters.application_name, what, text: text.trim().slice(0, 120) })
      }
      return Reflect.apply(query, this, arguments)
    } as typeof query
    app = await startApp()
    fakeBluesky(app)
  })

  afterAll(async () => {
    await app?.close()
    pg.Client.prototype.query = query
  })

  it('is asked for nothing that outlives a transaction, from the start to a post that is out', async () => {
    const river = await TestGroup.make(app, 'River')
    await river.approved({ text: 'Through a pooler.' })
    await river.queue('Ana')
    await app.letPass({ days: 2 })
    // by libraries either: side jobs, sign-in and TypeORM are all in it
    expect(said.filter(({ of }) => of === 'seconder')).toEqual([])
    expect(new Set(said.filter(({ of }) => of === 'seconder notices').map(({ what }) => what))).toEqual(
      new Set(['listening']),
    )
  })

  it('meets no such statement in the sources but on connections of their own', () => {
    const root = join(import.meta.dirname, '..', '..')
    const found = ['src', 'migrations'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
        .flatMap((file) => {
          const source = readFileSync(join(root, folder, file), 'utf8')
          // what is inside of quotes, each by itself
          const texts = [...source.matchAll(/`([^`]*)`|'([^'\n]*)'/g)].map(([, long, short]) => long ?? short ?? '')
          const what = new Set(texts.filter((text) => /\s|\(/.test(text)).flatMap(needsSession))
          return [...what].map((each) => `${folder}/${file}: ${each}`)
        }),
    )
    expect(found.toSorted()).toEqual([
      'src/database/embedded/embedded-server.ts: a lock of a session',
      'src/database/hearing.ts: listening',
      'src/database/notices.ts: listening',
    ])
  })
})

describe('a session', () => {
  let database: TestDatabase
  const open: pg.Client[] = []

  beforeAll(async () => {
    database = await cloneDatabase()
  })

  afterAll(async () => {
    for (const client of open) await client.end()
    await database.drop()
  })

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    open.push(client)
    return client
  }

  it('hears what another one announces', async () => {
    const [here, there] = [await connect(), await connect()]
    expect(await hears(here, (channel) => there.query('select pg_notify($1, $2)', [channel, '']), 10_000)).toBe(true)
  })

  it('is known to hear nothing when announcements come to another', async () => {
    const [here, there] = [await connect(), await connect()]
    // as behind a pooler, where the next transaction is in another session
    const announce = async (channel: string) => {
      await here.query('unlisten *')
      await there.query('select pg_notify($1, $2)', [channel, ''])
    }
    expect(await hears(here, announce, 300)).toBe(false)
  })

  it('is as asked for without a pooler', async () => {
    expect(await checkSessions(database.url)).toEqual([])
  })

  it('is refused where a pooler leaves another time zone, and noted where nothing ends what hangs', async () => {
    // what a pooler does by "ignore_startup_parameters": the last word on settings is the address's
    const asServerHasIt = (settings: string) => {
      const url = new URL(database.url)
      url.searchParams.set('options', settings)
      return url.href
    }
    await expect(checkSessions(asServerHasIt('-c timezone=Europe/London'))).rejects.toThrow(
      "The database counts days in the time zone Europe/London, because a pooler leaves out what Seconder asks for when it connects. Run \"alter role seconder_app set timezone = 'UTC'\", then RECONNECT in the pooler's console, and start again.",
    )
    expect(await checkSessions(asServerHasIt('-c timezone=UTC'))).toEqual([
      "Note: the database ends no statement or transaction that hangs, because a pooler leaves out what Seconder asks for when it connects. Run \"alter role seconder_app set statement_timeout = '60s'\" and \"alter role seconder_app set idle_in_transaction_session_timeout = '60s'\", then RECONNECT in the pooler's console.",
    ])
  })

  it('that a pooler refuses is answered with the setting it needs', () => {
    expect(refusedByPooler(new Error('unsupported startup parameter: options'))?.message).toContain(
      'Write "ignore_startup_parameters = options" into its configuration',
    )
    expect(refusedByPooler(new Error('password authentication failed'))).toBeNull()
  })
})
