import { DateTime } from 'luxon'
import { DataSource } from 'typeorm'

import { RetentionService } from '../../src/database/retention.service.js'
import { newId } from '../../src/kernel/ids.js'
import { startApp, type TestApp } from '../support/app.js'
import { fakeBluesky, TestGroup } from '../support/group-fixture.js'
import { publishedPost } from '../support/published-post.js'

let app: TestApp
let river: TestGroup
let now: DateTime

beforeAll(async () => {
  app = await startApp({ ticking: false })
  app.app.useLogger(false)
  fakeBluesky(app)
  river = await TestGroup.make(app, 'River')
  now = app.clock.now()
})
afterAll(() => app?.close())

const retire = () => app.app.get(RetentionService).retire()
/** With no more rights than the application has. */
const asApplication = (sql: string, values: unknown[] = []): Promise<unknown> =>
  app.app.get(DataSource).query(sql, values)

async function out(daysAgo: number, given: object = {}): Promise<string> {
  const { publicationId } = await publishedPost(app, {
    groupId: river.id,
    channelId: river.bluesky.id,
    author: { id: river.memberId('Ana'), personId: river.members['Ana']!.personId },
    reviewer: { id: river.memberId('Ben'), personId: river.members['Ben']!.personId },
    slot: now.minus({ days: daysAgo }),
    ...given,
  })
  return publicationId
}

async function attemptsOf(publication: string): Promise<number> {
  return (await app.query('select 1 from attempts where publication_id = $1', [publication])).length
}

/** Puts a publication where the product would not have left it for so long. */
async function put(publication: string, change: string): Promise<void> {
  await app.query(
    `begin; set local session_replication_role = replica;
     alter table publications disable trigger publications_moves;
     update publications set ${change} where id = '${publication}';
     alter table publications enable always trigger publications_moves; commit`,
  )
}

async function mail(daysAgo: number, state: string, onceKey: string | null = null): Promise<string> {
  const at = now.minus({ days: daysAgo })
  const id = newId(at.toMillis())
  await app.query(
    `insert into mails (id, group_id, recipient, kind, subject, sealed_content, once_key, state, created_at)
     values ($1, $2, 'x@example.org', 'test', 'Test', 'sealed', $3, $4, $5)`,
    [id, river.id, onceKey, state, at.toJSDate()],
  )
  return id
}

async function mailNow(id: string): Promise<string> {
  const [row] = await app.query<{ content: string | null }>(
    'select sealed_content as content from mails where id = $1',
    [id],
  )
  if (!row) return 'gone'
  return row.content === null ? 'emptied' : 'kept'
}

describe('retiring', () => {
  it('removes the attempts of what has long been over, and not its entries in the log', async () => {
    const old = await out(402)
    const refused = await out(403, { refused: 'Too long.' })
    const young = await out(398)
    const [log] = await app.query('select count(*)::int as n from audit_entries')
    expect(await retire()).toMatchObject({ attempts: 2 })
    expect([await attemptsOf(old), await attemptsOf(refused), await attemptsOf(young)]).toEqual([0, 0, 1])
    expect(await app.query('select count(*)::int as n from audit_entries')).toEqual([log])
    expect(await app.query('select 1 from publications where id = any ($1)', [[old, refused, young]])).toHaveLength(3)
  })

  let distant = 600
  it.each([
    `state = 'planned'`,
    `state = 'publishing'`,
    `state = 'in_doubt', doubt = true`,
    `state = 'unconfirmed', doubt = true`,
    `state = 'retracting'`,
    `state = 'missed'`,
    `doubt = true`,
    `updated_at = clock() - interval '399 days'`,
  ])('keeps the attempts of a publication with %s, however old they are, whoever asks', async (change) => {
    // A slot of its own.
    const publication = await out((distant += 1))
    await put(publication, change)
    await retire()
    expect(await attemptsOf(publication)).toBe(1)
    await expect(app.query('delete from attempts where publication_id = $1', [publication])).rejects.toThrow(
      'settled once',
    )
    await put(publication, `state = 'cancelled', doubt = false, updated_at = clock() - interval '401 days'`)
    expect(await retire()).toEqual({ attempts: 1 })
  })

  it('removes the parts of what is no longer out, and keeps those that can still be taken down', async () => {
    let day = 510
    const partOf = async (change: string, days = (day += 1)) => {
      const publication = await out(days)
      await app.query(
        `begin; alter table publication_parts disable trigger publication_parts_kept;
         insert into publication_parts (group_id, publication_id, number, kind, revision_id, remote_id, published_at, created_at)
         select group_id, id, 1, 'post', revision_id, 'x', slot, slot from publications where id = '${publication}';
         alter table publication_parts enable always trigger publication_parts_kept; commit`,
      )
      await put(publication, `updated_at = clock() - interval '${days > 400 ? 401 : 399} days', ${change}`)
      return publication
    }
    const gone = [
      await partOf(`state = 'retracted'`),
      await partOf(`state = 'cancelled'`),
      await partOf(`state = 'failed', remote_id = null`),
    ]
    const kept = [
      await partOf(`state = 'published'`),
      await partOf(`state = 'failed'`),
      await partOf(`state = 'in_doubt', doubt = true`),
      await partOf(`state = 'retracted'`, 350),
    ]
    expect(await retire()).toMatchObject({ parts: 3 })
    const left = await app.query<{ id: string }>(
      'select publication_id as id from publication_parts where publication_id = any ($1)',
      [[...gone, ...kept]],
    )
    expect(left.map((row) => row.id).sort()).toEqual(kept.sort())
    // whatever is left behind here is of no interest to the others
    for (const publication of kept) await put(publication, `state = 'published', doubt = false, updated_at = clock()`)
  })

  it('keeps an attempt that was never settled', async () => {
    const publication = await out(700)
    await app.query(
      `insert into attempts (group_id, publication_id, number, publish_key, revision_id, worker, started_at, lease_until, state, ended_at)
       select group_id, publication_id, 2, publish_key, revision_id, worker, started_at, lease_until, 'sending', ended_at from attempts where publication_id = $1
       union all select group_id, publication_id, 3, publish_key, revision_id, worker, started_at, lease_until, 'unknown', null from attempts where publication_id = $1`,
      [publication],
    )
    expect(await retire()).toEqual({ attempts: 1 })
    expect(await app.query('select number from attempts where publication_id = $1 order by 1', [publication])).toEqual([
      { number: 2 },
      { number: 3 },
    ])
  })

  it('keeps the last reading of the counters, and the first ones where there is no later', async () => {
    const read = { reactions: 3 }
    const full = await out(800, { counters: { '1h': read, '24h': read, '48h': read } })
    const half = await out(801, { counters: { '1h': read, '24h': read } })
    const young = await out(390, { counters: { '1h': read, '24h': read, '48h': read } })
    expect(await retire()).toMatchObject({ samples: 2 })
    const ages = async (id: string) =>
      (
        await app.query<{ age: string }>(
          'select age from engagement_samples where publication_id = $1 order by taken_at',
          [id],
        )
      ).map(({ age }) => age)
    expect(await ages(full)).toEqual(['48h'])
    expect(await ages(half)).toEqual(['1h', '24h'])
    expect(await ages(young)).toEqual(['1h', '24h', '48h'])
  })

  it('empties and removes old mails, never one that waits, and remembers for longer what is sent once only', async () => {
    const mails = {
      sent: await mail(91, 'sent'),
      young: await mail(89, 'sent'),
      failed: await mail(91, 'failed', 'once-a'),
      youngFailed: await mail(89, 'failed'),
      waiting: await mail(900, 'waiting'),
      once: await mail(399, 'sent', 'once-b'),
      onceLongAgo: await mail(401, 'sent', 'once-c'),
    }
    expect(await retire()).toEqual({ 'mail-contents': 1, mails: 2 })
    const left = await Promise.all(Object.entries(mails).map(async ([name, id]) => [name, await mailNow(id)]))
    expect(Object.fromEntries(left)).toEqual({
      sent: 'gone',
      young: 'kept',
      failed: 'emptied',
      youngFailed: 'kept',
      waiting: 'kept',
      once: 'kept',
      onceLongAgo: 'gone',
    })
  })

  it('removes devices and limits that ended, and no others', async () => {
    await app.query(
      `insert into review_devices (group_id, id, member_id, token_hash, words, last_used_on, created_at, expires_at)
       select $1, gen_random_uuid(), $2, 'hash-' || days, 'a phone', current_date, clock(), clock() + days * interval '1 day'
       from unnest(array[-91, -89, 30]) as days`,
      [river.id, river.memberId('Ben')],
    )
    await app.query(
      `insert into network_limits (network, until) values ('bluesky', clock() - interval '25 hours'), ('mastodon', clock() - interval '1 hour')`,
    )
    expect(await retire()).toEqual({ 'review-devices': 1, 'network-limits': 1 })
    expect(await app.query('select token_hash as hash from review_devices order by expires_at')).toEqual([
      { hash: 'hash--89' },
      { hash: 'hash-30' },
    ])
    expect(await app.query('select network from network_limits')).toEqual([{ network: 'mastodon' }])
  })

  it('removes what was typed while somebody agreed at a network, an hour after that was over', async () => {
    for (const [state, minutes] of [
      ['old', 61],
      ['new', 59],
    ] as const)
      await app.query(
        `insert into consents (group_id, id, state_hash, member_id, session_id, network, sealed_way, begun_at, expires_at)
         values ($1, gen_random_uuid(), $2, $3, 's', 'x', 'sealed', clock(), clock() - $4 * interval '1 minute')`,
        [river.id, state, river.memberId('Eli'), minutes],
      )
    expect(await retire()).toEqual({ consents: 1 })
    expect(await app.query('select state_hash as state from consents')).toEqual([{ state: 'new' }])
  })

  it('takes small bites, and takes them until nothing is left', async () => {
    await app.query(
      `insert into mails (id, recipient, kind, subject, state, created_at)
       select first_id_of(clock() - interval '200 days' + n * interval '1 second'), 'x@example.org', 'test', 'Test', 'sent', clock() - interval '200 days'
       from generate_series(1, 1700) n`,
    )
    expect(await app.query(`select retire_rows('mails', 7) as gone`)).toEqual([{ gone: 7 }])
    expect(await app.query(`select retire_rows('mails', 1000000) as gone`)).toEqual([{ gone: 1000 }])
    expect(await app.query(`select retire_rows('mails', -1) as gone`)).toEqual([{ gone: 0 }])
    expect(await retire()).toEqual({ mails: 693 })
  })

  it('waits for nobody: a row that somebody has in hand stays until the next time', async () => {
    const [held, free] = [await mail(300, 'sent'), await mail(301, 'sent')]
    const runner = app.owner.createQueryRunner()
    await runner.startTransaction()
    try {
      await runner.query('select 1 from mails where id = $1 for update', [held])
      expect(await retire()).toEqual({ mails: 1 })
    } finally {
      await runner.rollbackTransaction()
      await runner.release()
    }
    expect([await mailNow(held), await mailNow(free)]).toEqual(['kept', 'gone'])
    expect(await retire()).toEqual({ mails: 1 })
  })

  it('is done by one process at a time; another does nothing meanwhile', async () => {
    const old = await mail(300, 'sent')
    const runner = app.owner.createQueryRunner()
    await runner.startTransaction()
    try {
      await runner.query(`select retire_rows('attempts', 1)`)
      expect(await retire()).toEqual({})
      expect(await mailNow(old)).toBe('kept')
    } finally {
      await runner.rollbackTransaction()
      await runner.release()
    }
    expect(await retire()).toEqual({ mails: 1 })
  })
})

describe('the application’s role', () => {
  it('removes attempts, readings and devices in no other way, and nothing else in this one', async () => {
    const publication = await out(900)
    await out(2, { counters: { '1h': { reactions: 1 } } })
    for (const table of ['attempts', 'engagement_samples', 'review_devices', 'publications', 'network_limits'])
      await expect(asApplication(`delete from ${table}`)).rejects.toThrow(`permission denied for table ${table}`)
    for (const kind of ['publications', 'audit_entries', 'verdicts', "mails; delete from attempts; --'", ''])
      await expect(asApplication('select retire_rows($1, 100)', [kind])).rejects.toThrow('is ever retired')
    const before = await app.everything()
    expect(await asApplication(`select retire_rows('attempts', 100) as gone`)).toEqual([{ gone: 1 }])
    const after = await app.everything()
    expect(Object.keys(after).filter((table) => after[table] !== before[table])).toEqual(['attempts'])
    expect(await attemptsOf(publication)).toBe(0)
  })

  it('cannot put a table or function of its own in front of what the function uses', async () => {
    const publication = await out(3)
    await app.app.get(DataSource).transaction(async (manager) => {
      await manager.query(`create temporary table publications as select * from public.publications`)
      await manager.query(`update pg_temp.publications set updated_at = clock() - interval '900 days'`)
      await manager.query(`select retire_rows('attempts', 100)`)
    })
    expect(await attemptsOf(publication)).toBe(1)
  })
})
