import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { type AuditEntry, type AuditHead, beginning } from './chain.js'

const pageSize = 5000

/** A text that an entry only commits itself to; it can be erased. */
export interface AuditDetail {
  readonly name: string
  readonly salt: string
  readonly text: string
  /** Whose data it is. */
  readonly personId: string | null
}

/** What the page of the log asks for; whatever is left out is not asked about. */
export interface AuditFilter {
  readonly kinds?: readonly string[]
  /** Entries that name at least one of these ids. */
  readonly ids?: readonly string[]
  readonly post?: string
  /** From this time on, as entries have it. */
  readonly from?: string
  readonly until?: string
  /** Older entries than this one. */
  readonly before?: number
}

interface Row {
  readonly seq: string
  readonly at: string
  readonly previous_hash: string
  readonly hash: string
  readonly payload: string
}

/** The hash chain, read and written by plain SQL: `audit_append` and the triggers behind it decide. */
@Injectable()
export class AuditStore {
  /** @returns the sequence of the new entry */
  async append(manager: EntityManager, groupId: string, payload: string): Promise<number> {
    const rows: { seq: string }[] = await manager.query('select audit_append($1, $2) as seq', [groupId, payload])
    return Number(rows[0]?.seq)
  }

  async addDetail(manager: EntityManager, groupId: string, seq: number, detail: AuditDetail): Promise<void> {
    await manager.query(
      'insert into audit_details (group_id, seq, name, salt, text, person_id) values ($1, $2, $3, $4, $5, $6)',
      [groupId, seq, detail.name, detail.salt, detail.text, detail.personId],
    )
  }

  async details(
    manager: EntityManager,
    groupId: string,
    seqs: readonly number[],
  ): Promise<(AuditDetail & { seq: number })[]> {
    const rows: (AuditDetail & { seq: string })[] = await manager.query(
      `select seq, name, salt, text, person_id as "personId" from audit_details where group_id = $1 and seq = any ($2)`,
      [groupId, [...seqs]],
    )
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
  }

  /** The heads are locked in the order of their groups, by everybody. */
  async appendAll(
    manager: EntityManager,
    entries: readonly { readonly groupId: string; readonly payload: string }[],
  ): Promise<void> {
    await manager.query('select audit_append_all($1, $2)', [
      entries.map((each) => each.groupId),
      entries.map((each) => each.payload),
    ])
  }

  async head(manager: EntityManager, groupId: string): Promise<AuditHead> {
    const rows: { seq: string; hash: string }[] = await manager.query(
      'select seq, hash from audit_heads where group_id = $1',
      [groupId],
    )
    const row = rows[0]
    return row ? { seq: Number(row.seq), hash: row.hash } : beginning
  }

  /** From here on the transaction sees one moment and cannot write. First in a transaction. */
  async seeOneMoment(manager: EntityManager): Promise<void> {
    await manager.query('set transaction isolation level repeatable read, read only')
  }

  /** The entries after this one, in their order, a page at a time. */
  async *after(manager: EntityManager, groupId: string, seq: number): AsyncGenerator<AuditEntry[]> {
    for (let last = seq; ;) {
      const rows: Row[] = await manager.query(
        `select seq, at, previous_hash, hash, payload from audit_entries
         where group_id = $1 and seq > $2 order by seq limit $3`,
        [groupId, last, pageSize],
      )
      const page = rows.map(entryOf)
      yield page
      const end = page.at(-1)
      if (!end || page.length < pageSize) return
      last = end.seq
    }
  }

  /** The newest first. */
  async find(manager: EntityManager, groupId: string, filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    const rows: Row[] = await manager.query(
      `select seq, at, previous_hash, hash, payload from audit_entries
       where group_id = $1 and ($2::bigint is null or seq < $2)
         and ($3::text[] is null or payload like any ($3)) and ($4::text[] is null or payload like any ($4))
         and ($5::text is null or at >= $5) and ($6::text is null or at < $6)
         and ($8::text is null or payload like $8)
       order by seq desc limit $7`,
      [
        groupId,
        filter.before ?? null,
        filter.kinds?.map((kind) => `%"kind":"${kind}"%`) ?? null,
        filter.ids?.map((id) => `%"${id}"%`) ?? null,
        filter.from ?? null,
        filter.until ?? null,
        limit,
        filter.post === undefined ? null : `%"${filter.post}"%`,
      ],
    )
    return rows.map(entryOf)
  }
}

function entryOf(row: Row): AuditEntry {
  return {
    seq: Number(row.seq),
    at: row.at,
    previousHash: row.previous_hash,
    hash: row.hash,
    payload: row.payload,
  }
}
