import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { sha256 } from '../kernel/ids.js'
import type { PublicationEntity } from './publication.entity.js'

/** The place that a publication had, as it is kept for taking a move back. */
export interface KeptMove {
  readonly id: string
  readonly slot: string
  readonly wall: string
  readonly zone: string
  readonly windowName: string | null
  readonly windowEnds: string | null
  readonly reasons: readonly string[]
  readonly spacingWaived: boolean
}

export interface Spread {
  readonly memberId: string
  readonly moves: readonly KeptMove[]
  readonly fingerprint: string
  readonly madeAt: DateTime
  readonly undone: boolean
}

interface SpreadRow {
  readonly id: string
  readonly member_id: string
  readonly moves: KeptMove[]
  readonly fingerprint: string
  readonly made_at: Date
  readonly undone_at: Date | null
}

/** Days that were spread again, for as long as that can be taken back. */
@Injectable()
export class SpreadsStore {
  async insert(
    manager: EntityManager,
    groupId: string,
    id: string,
    { memberId, moves, fingerprint, madeAt }: Omit<Spread, 'undone'>,
  ): Promise<void> {
    await manager.query(
      'insert into spreads (group_id, id, member_id, moves, fingerprint, made_at) values ($1, $2, $3, $4, $5, $6)',
      [groupId, id, memberId, JSON.stringify(moves), fingerprint, madeAt.toJSDate()],
    )
  }

  async lock(manager: EntityManager, groupId: string, id: string): Promise<Spread | null> {
    const [row]: SpreadRow[] = await manager.query('select * from spreads where group_id = $1 and id = $2 for update', [
      groupId,
      id,
    ])
    return row ? spreadOf(row) : null
  }

  /** Those that were made since and stand, the newest first. */
  async standing(manager: EntityManager, groupId: string, since: DateTime): Promise<(Spread & { id: string })[]> {
    const rows: SpreadRow[] = await manager.query(
      'select * from spreads where group_id = $1 and made_at >= $2 and undone_at is null order by made_at desc, id desc',
      [groupId, since.toJSDate()],
    )
    return rows.map((row) => ({ id: row.id, ...spreadOf(row) }))
  }

  async markUndone(manager: EntityManager, groupId: string, id: string): Promise<void> {
    await manager.query('update spreads set undone_at = clock() where group_id = $1 and id = $2', [groupId, id])
  }

  /** Takes rows out of the constraint that spaces them, so that several can change places in one transaction. */
  async liftSpacing(manager: EntityManager, groupId: string, ids: readonly string[]): Promise<void> {
    await manager.query(
      `update publications set spacing_waived = true where group_id = $1 and id = any ($2) and state = 'planned'`,
      [groupId, ids],
    )
  }
}

/** One text for all that is planned, where it is planned. */
export function fingerprintOf(publications: readonly PublicationEntity[]): string {
  return sha256(
    publications
      .map((each) => `${each.id} ${each.state} ${each.slot.toMillis()} ${each.movedTimes}`)
      .sort()
      .join('\n'),
  )
}

function spreadOf(row: SpreadRow): Spread {
  return {
    memberId: row.member_id,
    moves: row.moves,
    fingerprint: row.fingerprint,
    madeAt: DateTime.fromJSDate(row.made_at, { zone: 'utc' }),
    undone: row.undone_at !== null,
  }
}
