import fc from 'fast-check'
import { DataSource } from 'typeorm'

import { AuditLog } from '../../src/audit/audit-log.service.js'
import { type AuditHead, beginning, entryHash } from '../../src/audit/chain.js'
import { commitment } from '../../src/audit/commitment.js'
import { verifyExport } from '../../src/audit/export.js'
import { Transaction } from '../../src/database/transaction.js'
import { newId } from '../../src/kernel/ids.js'
import type { TestApp } from '../support/app.js'
import { startQuietApp } from '../support/group-fixture.js'
import { rewrite, tamper } from '../support/tampering.js'

let app: TestApp
let audit: AuditLog
/** The log of a group that nothing else writes to. */
let log: string

beforeAll(async () => {
  ;({ app } = await startQuietApp())
  audit = app.app.get(AuditLog)
})
beforeEach(() => {
  log = newId(Date.now())
})
afterAll(() => app?.close())

const append = (member: string | number) =>
  app.app
    .get(Transaction)
    .run((manager) => audit.append(manager, log, { kind: 'post-held', post: log, member: String(member) }))

async function appendMany(count: number): Promise<AuditHead> {
  for (let number = 1; number <= count; number += 1) await append(number)
  return audit.head(log)
}

/** As the owner, with ordinary triggers and foreign keys switched off, as a replica or a restore does it. */
const asReplica = (text: string, parameters: unknown[] = []) =>
  app.owner.transaction(async (manager) => {
    await manager.query('set local session_replication_role = replica')
    return manager.query(text, parameters)
  })
const asOwner = (text: string, parameters: unknown[] = []) => app.owner.query(text, parameters)
const asApplication = (text: string, parameters: unknown[] = []) => app.app.get(DataSource).query(text, parameters)

async function exported(): Promise<string[]> {
  let text = ''
  await audit.export({ id: log, name: 'River' }, '2026-11-23T09:30:00Z', async (part) => {
    text += part
  })
  return text.split('\n').slice(0, -1)
}

describe('the chain', () => {
  it('is one chain, however many write at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, number) => append(number)))
    const found = await audit.verify(log)
    expect(found).toMatchObject({ kind: 'whole', head: { seq: 40 } })
  })

  it('has no gap where a transaction was rolled back', async () => {
    await appendMany(2)
    const broke = app.app.get(Transaction).run(async (manager) => {
      await audit.append(manager, log, { kind: 'post-held' })
      throw new Error('after all')
    })
    await expect(broke).rejects.toThrow('after all')
    await append(3)
    expect(await audit.verify(log)).toMatchObject({ kind: 'whole', head: { seq: 3 } })
  })

  it('has the same hashes in the database and outside it', async () => {
    const texts = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''))
    const entry = fc.record({
      groupId: fc.uuid(),
      seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      previousHash: fc.stringMatching(/^[0-9a-f]{64}$/),
      at: texts,
      payload: texts,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 20, maxLength: 60 }), async (entries) => {
        const rows: { hash: string }[] = await app.owner.query(
          `select audit_hash(g, s, p, a, t) as hash
           from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[]) with ordinality as e (g, s, p, a, t, n) order by n`,
          [
            entries.map((each) => each.groupId),
            entries.map((each) => each.seq),
            entries.map((each) => each.previousHash),
            entries.map((each) => each.at),
            entries.map((each) => each.payload),
          ],
        )
        expect(rows.map((row) => row.hash)).toEqual(entries.map((each) => entryHash(each.groupId, each)))
      }),
      { numRuns: 20 },
    )
  })

  it('tells entries apart whose texts would run together to the same', () => {
    const entry = { seq: 1, previousHash: 'ab', at: 'cd', payload: 'ef' }
    const hashes = [
      entry,
      { ...entry, previousHash: 'a', at: 'bcd' },
      { ...entry, at: 'cde', payload: 'f' },
      { ...entry, payload: 'ef ' },
      { ...entry, seq: 2 },
    ].map((each) => entryHash(log, each))
    expect(new Set([...hashes, entryHash(newId(1), entry)]).size).toBe(6)
  })
})

describe('the database', () => {
  it('takes an entry only as the next link, with the right hash, at the time that it is', async () => {
    const head = await appendMany(3)
    const [{ now }] = await asOwner(
      `select to_char(clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
    )
    const link = (change: object = {}) => {
      const entry = { seq: 4, previousHash: head.hash, at: String(now), payload: '{"kind":"post-held"}', ...change }
      const values = [log, entry.seq, entry.previousHash, entryHash(log, entry), entry.at, entry.payload]
      return { sql: 'insert into audit_entries values ($1, $2, $3, $4, $5, $6)', values }
    }
    const wrong = [
      link({ seq: 5 }),
      link({ seq: 3 }),
      link({ previousHash: 'f'.repeat(64) }),
      link({ at: '2026-11-22T09:30:00.000000Z' }),
      link({ at: String(now).replace('T', ' ') }),
      { ...link(), values: link().values.with(3, 'f'.repeat(64)) },
    ]
    for (const { sql, values } of wrong) {
      // the number of an entry that is there is taken: the table itself says so
      await expect(asOwner(sql, values)).rejects.toThrow(/not the next link|audit_entries_pkey/)
      await expect(asReplica(sql, values)).rejects.toThrow(/not the next link|audit_entries_pkey/)
    }
    const right = link()
    await expect(asApplication(right.sql, right.values)).rejects.toThrow('permission denied')
    await asOwner(right.sql, right.values)
    expect(await audit.verify(log)).toMatchObject({ kind: 'whole', head: { seq: 4 } })
  })

  it('takes many entries at once only when each is the next link of its own chain', async () => {
    const head = await appendMany(2)
    const other = newId(7)
    await app.query('select audit_append($1, $2)', [other, '{"kind":"post-held"}'])
    const second = await audit.head(other)
    const [{ now }] = await asOwner(
      `select to_char(clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
    )
    type Entry = { groupId: string; seq: number; previousHash: string; at: string; payload: string; hash: string }
    const entry = (groupId: string, seq: number, previousHash: string, change: Partial<Entry> = {}): Entry => {
      const made = { seq, previousHash, at: String(now), payload: `{"n":${seq}}`, ...change }
      return { groupId, hash: entryHash(groupId, made), ...made }
    }
    const a1 = entry(log, 3, head.hash)
    const a2 = entry(log, 4, a1.hash)
    const b1 = entry(other, 2, second.hash)
    const add = (entries: readonly Entry[]) => ({
      sql: `insert into audit_entries (group_id, seq, previous_hash, hash, at, payload)
        select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])`,
      values: (['groupId', 'seq', 'previousHash', 'hash', 'at', 'payload'] as const).map((key) =>
        entries.map((each) => each[key]),
      ),
    })
    const wrong = [
      [a1, entry(log, 5, a1.hash)],
      [a1, entry(log, 4, head.hash.replace(/^./, 'x'))],
      [a1, { ...a2, hash: 'f'.repeat(64) }],
      [a1, entry(log, 4, a1.hash, { at: '2026-11-22T09:30:00.000000Z' })],
      [a1, entry(other, 3, second.hash), a2],
      [b1, entry(log, 4, head.hash)],
      [b1, entry(newId(8), 1, '0'.repeat(64))],
    ]
    for (const { sql, values } of wrong.map(add)) {
      await expect(asOwner(sql, values)).rejects.toThrow('not the next link')
      await expect(asReplica(sql, values)).rejects.toThrow('not the next link')
    }
    // in whichever order they are written
    const right = add([a2, b1, a1])
    await asOwner(right.sql, right.values)
    expect(await audit.verify(log)).toEqual({ kind: 'whole', head: { seq: 4, hash: a2.hash }, anchorMet: true })
    expect(await audit.head(other)).toEqual({ seq: 2, hash: b1.hash })
  })

  it('does not let a hole in the log be filled', async () => {
    await appendMany(5)
    await tamper(app, async (manager) => {
      await manager.query('delete from audit_entries where group_id = $1 and seq in (3, 4)', [log])
      await manager.query(
        `update audit_heads h set seq = e.seq, hash = e.hash from audit_entries e
         where e.group_id = h.group_id and h.group_id = $1 and e.seq = 2`,
        [log],
      )
    })
    const [{ now }] = await asOwner(
      `select to_char(clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
    )
    const head = await audit.head(log)
    const entry = { seq: 3, previousHash: head.hash, at: String(now), payload: '{}' }
    await expect(
      asOwner('insert into audit_entries values ($1, $2, $3, $4, $5, $6)', [
        log,
        entry.seq,
        entry.previousHash,
        entryHash(log, entry),
        entry.at,
        entry.payload,
      ]),
    ).rejects.toThrow(/at its last entry/)
  })

  it.each([
    ['back', 'update audit_heads set seq = seq - 1 where group_id = $1'],
    ['on without an entry', 'update audit_heads set seq = seq + 1 where group_id = $1'],
    ['to another hash', `update audit_heads set hash = repeat('f', 64) where group_id = $1`],
    ['to another group', 'update audit_heads set group_id = gen_random_uuid() where group_id = $1'],
    ['away', 'delete from audit_heads where group_id = $1'],
    ['to where it is', 'update audit_heads set seq = seq where group_id = $1'],
  ])('does not let the head be moved %s by hand', async (_where, statement) => {
    await appendMany(2)
    for (const run of [asOwner, asReplica]) await expect(run(statement, [log])).rejects.toThrow('at its last entry')
    await expect(asApplication(statement, [log])).rejects.toThrow('permission denied')
  })

  it('does not let entries or heads be emptied, changed or removed, not even as a replica', async () => {
    await appendMany(2)
    for (const run of [asOwner, asReplica]) {
      await expect(run('truncate audit_entries')).rejects.toThrow('append-only')
      await expect(run('truncate audit_heads')).rejects.toThrow('append-only')
      await expect(run(`update audit_entries set payload = '{}' where group_id = $1`, [log])).rejects.toThrow(
        'append-only',
      )
      await expect(run('delete from audit_entries where group_id = $1', [log])).rejects.toThrow('append-only')
      await expect(run('insert into audit_heads (group_id, seq) values ($1, 5)', [newId(1)])).rejects.toThrow(
        'at its last entry',
      )
    }
  })
})

describe('verification', () => {
  const both = async () => {
    const inDatabase = await audit.verify(log)
    const { found } = await verifyExport(await exported())
    return { inDatabase, found }
  }

  it('finds what was changed, at its place, in the database and in an export', async () => {
    await appendMany(6)
    await tamper(app, (manager) =>
      manager.query(`update audit_entries set payload = replace(payload, '4', '5') where group_id = $1 and seq = 4`, [
        log,
      ]),
    )
    const { inDatabase, found } = await both()
    expect(inDatabase).toMatchObject({ kind: 'broken', brokenAt: 4, reason: 'the content was changed' })
    expect(found).toMatchObject({ kind: 'broken', brokenAt: 4, reason: 'the content was changed' })
  })

  it.each([
    ['the hash', `hash = repeat('f', 64)`, 3],
    ['the time', `at = replace(at, '2026', '2025')`, 3],
    ['the link', `previous_hash = repeat('f', 64)`, 3],
    ['everything, forged to fit', `payload = '{}', hash = audit_hash(group_id, seq, previous_hash, at, '{}')`, 4],
  ])('finds that %s was changed', async (_what, change, brokenAt) => {
    await appendMany(5)
    await tamper(app, (manager) =>
      manager.query(`update audit_entries set ${change} where group_id = $1 and seq = 3`, [log]),
    )
    const { inDatabase, found } = await both()
    expect(inDatabase).toMatchObject({ kind: 'broken', brokenAt })
    expect(found).toMatchObject({ kind: 'broken', brokenAt })
  })

  it('finds an entry that is missing, and entries that were cut off the end', async () => {
    await appendMany(6)
    await tamper(app, (manager) => manager.query('delete from audit_entries where group_id = $1 and seq = 3', [log]))
    expect(await audit.verify(log)).toMatchObject({ kind: 'broken', brokenAt: 3, reason: 'an entry is missing' })
    log = newId(Date.now())
    await appendMany(6)
    await tamper(app, (manager) => manager.query('delete from audit_entries where group_id = $1 and seq > 4', [log]))
    const { inDatabase, found } = await both()
    expect(inDatabase).toMatchObject({ kind: 'broken', brokenAt: 5, reason: 'entries at the end are missing' })
    expect(found).toMatchObject({ kind: 'broken', brokenAt: 5 })
  })

  it('a tail that was cut off together with the head is given away by the anchor alone', async () => {
    const anchor = await appendMany(6)
    await tamper(app, async (manager) => {
      await manager.query('delete from audit_entries where group_id = $1 and seq > 4', [log])
      await manager.query(
        'update audit_heads h set seq = e.seq, hash = e.hash from audit_entries e where e.group_id = h.group_id and h.group_id = $1 and e.seq = 4',
        [log],
      )
    })
    expect(await audit.verify(log, { anchor })).toMatchObject({ kind: 'whole', anchorMet: false })
    await append('after it')
    await append('after it')
    expect(await audit.verify(log, { anchor })).toMatchObject({ kind: 'whole', head: { seq: 6 }, anchorMet: false })
    const offline = await verifyExport(await exported(), anchor)
    expect(offline).toMatchObject({ found: { kind: 'whole' }, anchorMet: false })
  })

  it('a chain that was written anew from one entry on is given away by the anchor alone', async () => {
    const earlier = await appendMany(2)
    const anchor = await appendMany(4)
    expect(await audit.verify(log, { anchor })).toMatchObject({ kind: 'whole', anchorMet: true })
    await tamper(app, (manager) => rewrite(manager, log, 3, '{"kind":"post-cancelled"}'))
    expect(await audit.verify(log)).toMatchObject({ kind: 'whole', head: { seq: 6 } })
    expect(await audit.verify(log, { anchor })).toMatchObject({ kind: 'whole', anchorMet: false })
    expect(await audit.verify(log, { anchor: earlier })).toMatchObject({ kind: 'whole', anchorMet: true })
    expect(await verifyExport(await exported(), anchor)).toMatchObject({ anchorMet: false })
    expect(await verifyExport(await exported(), earlier)).toMatchObject({ anchorMet: true })
  })

  it('from a later entry on leaves out what is before it', async () => {
    const from = await appendMany(3)
    await appendMany(3)
    await tamper(app, (manager) =>
      manager.query(`update audit_entries set payload = '{}' where group_id = $1 and seq = 2`, [log]),
    )
    expect(await audit.verify(log)).toMatchObject({ kind: 'broken', brokenAt: 2 })
    expect(await audit.verify(log, { from })).toMatchObject({ kind: 'whole', head: { seq: 6 } })
    await tamper(app, (manager) =>
      manager.query(`update audit_entries set payload = '{}' where group_id = $1 and seq = 5`, [log]),
    )
    expect(await audit.verify(log, { from })).toMatchObject({ kind: 'broken', brokenAt: 5 })
  })

  it('a log that nobody has written to is whole', async () => {
    expect(await audit.verify(log, { anchor: beginning })).toMatchObject({
      kind: 'whole',
      head: beginning,
      anchorMet: true,
    })
  })

  it('sees one moment, while others go on writing', async () => {
    await appendMany(5)
    const writing = appendMany(30)
    const found = await Promise.all(Array.from({ length: 6 }, () => audit.verify(log)))
    await writing
    expect(found.every((each) => each.kind === 'whole')).toBe(true)
  })
})

describe('writing on', () => {
  it('works whatever was done to the log, so that a post can still be stopped and taken down', async () => {
    await appendMany(5)
    await tamper(app, (manager) => manager.query('update audit_heads set seq = 2 where group_id = $1', [log]))
    expect(await audit.verify(log)).toMatchObject({
      kind: 'broken',
      brokenAt: 3,
      reason: 'the head of the log stands before this entry',
    })
    await append('after the head was moved back')
    await tamper(app, (manager) => manager.query('delete from audit_heads where group_id = $1', [log]))
    expect(await audit.verify(log)).toMatchObject({ kind: 'broken', brokenAt: 1 })
    await append('after the head was removed')
    expect(await audit.verify(log)).toMatchObject({ kind: 'whole', head: { seq: 7 } })
    await tamper(app, (manager) => manager.query('delete from audit_entries where group_id = $1 and seq > 3', [log]))
    await append('after the tail was cut')
    expect(await audit.verify(log)).toMatchObject({ kind: 'broken', brokenAt: 4 })
    await tamper(app, (manager) => manager.query('delete from audit_entries where group_id = $1', [log]))
    await append('after all was removed')
    expect(await audit.verify(log)).toMatchObject({ kind: 'broken', brokenAt: 1 })
  })
})

describe('a text that belongs to an entry', () => {
  it('is only committed to in the chain, and can be erased from beside it', async () => {
    const personId = newId(1)
    await app.app
      .get(Transaction)
      .run((manager) =>
        audit.append(manager, log, { kind: 'retract-asked' }, { reason: { text: 'A name in it', personId } }),
      )
    const [entry] = await app.query<{ payload: string }>('select payload from audit_entries where group_id = $1', [log])
    const [detail] = await app.query<{ salt: string; text: string }>(
      'select * from audit_details where group_id = $1',
      [log],
    )
    expect(entry!.payload).not.toContain('A name')
    expect(JSON.parse(entry!.payload)).toEqual({
      kind: 'retract-asked',
      reasonCommitment: commitment(detail!.salt, 'A name in it'),
    })
    expect(commitment(detail!.salt, 'Another name in it')).not.toBe(JSON.parse(entry!.payload).reasonCommitment)
    await expect(asOwner(`update audit_details set text = 'other' where group_id = $1`, [log])).rejects.toThrow(
      'append-only',
    )
    await asApplication('delete from audit_details where person_id = $1', [personId])
    expect(await audit.verify(log)).toMatchObject({ kind: 'whole' })
  })
})

describe('an export', () => {
  it('is verified from its text alone, and says what it is', async () => {
    const head = await appendMany(4)
    const lines = await exported()
    expect(lines).toHaveLength(5)
    expect(await verifyExport(lines, head)).toEqual({
      header: {
        format: 'seconder-audit',
        version: 1,
        group: log,
        name: 'River',
        head: `${head.seq}:${head.hash}`,
        exportedAt: '2026-11-23T09:30:00Z',
      },
      found: { kind: 'whole', head },
      anchorMet: true,
    })
  })

  it('no byte of it that matters can be changed, and no line left out', async () => {
    await appendMany(4)
    const lines = await exported()
    for (const [index, line] of lines.entries()) {
      if (index === 0) continue
      const without = lines.toSpliced(index, 1)
      expect((await verifyExport(without)).found).toMatchObject({ kind: 'broken', brokenAt: index })
      for (const part of ['hash', 'previousHash', 'at', 'payload'] as const) {
        const entry = JSON.parse(line) as Record<string, string>
        const changed = JSON.stringify({ ...entry, [part]: `${entry[part]!}0` })
        expect((await verifyExport(lines.with(index, changed))).found.kind).toBe('broken')
      }
    }
    const otherGroup = lines.with(0, lines[0]!.replace(log, newId(1)))
    expect((await verifyExport(otherGroup)).found).toMatchObject({ kind: 'broken', brokenAt: 1 })
  })

  it('what is none is not taken for a broken one', async () => {
    await appendMany(1)
    const [header, entry] = await exported()
    for (const lines of [[], ['{}'], ['no JSON'], [entry!], [header!, '{"seq":1}'], [header!, 'no JSON']])
      await expect(verifyExport(lines)).rejects.toThrow(/first line|cannot be read|no entry|empty/)
  })
})
