import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { AuditHead, Verification } from './chain.js'

const pageSize = 1000

@Injectable()
export class AuditStore {
  async append(manager: EntityManager, groupId: string, payload: string): Promise<void> {
    await manager.query('select audit_append($1, $2)', [groupId, payload])
  }

  /** The heads are locked in the order of their groups, by everybody. */
  async appendAll(
    manager: EntityManager,
    entries: readonly { readonly groupId: string; readonly payload: string }[],
  ): Promise<void> {
    await manager.query(
      `select audit_append(group_id, payload) from (
         select group_id, payload from unnest($1::uuid[], $2::text[]) with ordinality as e (group_id, payload, number)
         order by group_id, number) as entries`,
      [entries.map((each) => each.groupId), entries.map((each) => each.payload)],
    )
  }

  async head(manager: EntityManager, groupId: string): Promise<AuditHead> {
    const rows: { seq: string; hash: string }[] = await manager.query(
      'select seq, hash from audit_heads where group_id = $1',
      [groupId],
    )
    const row = rows[0]
    return row ? { seq: Number(row.seq), hash: row.hash } : { seq: 0, hash: '0'.repeat(64) }
  }

  async holds(manager: EntityManager, groupId: string, seq: number, hash: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'select 1 from audit_entries where group_id = $1 and seq = $2 and hash = $3',
      [groupId, Number.isSafeInteger(seq) ? seq : -1, hash],
    )
    return rows.length > 0
  }

  async verify(manager: EntityManager, groupId: string): Promise<Verification> {
    const head = await this.head(manager, groupId)
    let previous = '0'.repeat(64)
    let expected = 1
    for (;;) {
      const rows: { seq: string; previous_hash: string; hash: string; right: string }[] = await manager.query(
        `select seq, previous_hash, hash, audit_hash(group_id, seq, previous_hash, at, payload) as right
         from audit_entries where group_id = $1 and seq >= $2 order by seq limit $3`,
        [groupId, expected, pageSize],
      )
      for (const row of rows) {
        if (Number(row.seq) !== expected) return broken(expected, 'an entry is missing')
        if (row.previous_hash !== previous) return broken(expected, 'the link to the entry before it does not fit')
        if (row.hash !== row.right) return broken(expected, 'the content was changed')
        previous = row.hash
        expected += 1
      }
      if (rows.length < pageSize) break
    }
    if (head.seq >= expected) return broken(expected, 'entries at the end are missing')
    return { kind: 'whole', head: { seq: expected - 1, hash: previous } }
  }
}

function broken(brokenAt: number, reason: string): Verification {
  return { kind: 'broken', brokenAt, reason }
}
