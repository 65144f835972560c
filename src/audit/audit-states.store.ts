import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { type AuditHead, beginning } from './chain.js'

/** What is known about a group's log: what the last check found, and whether publishing stands still because of it. */
export interface AuditState {
  readonly checkedAt: DateTime | null
  readonly checkedWholeAt: DateTime | null
  /** Up to here everything fitted. */
  readonly checked: AuditHead
  /** What is before this entry did not fit, and people let it go on. */
  readonly accepted: AuditHead
  /** Set while nothing of the group is published. */
  readonly broken: { readonly at: DateTime; readonly seq: number; readonly reason: string } | null
  /** The first of the two admins who let it go on. */
  readonly resumeAskedBy: string | null
}

interface Row {
  readonly checked_at: Date | null
  readonly checked_whole_at: Date | null
  readonly checked_seq: string
  readonly checked_hash: string
  readonly accepted_seq: string
  readonly accepted_hash: string
  readonly broken_at: Date | null
  readonly broken_seq: string | null
  readonly broken_reason: string | null
  readonly resume_asked_by: string | null
}

const untouched: AuditState = {
  checkedAt: null,
  checkedWholeAt: null,
  checked: beginning,
  accepted: beginning,
  broken: null,
  resumeAskedBy: null,
}

/** One row a group, beside its log. */
@Injectable()
export class AuditStatesStore {
  async get(manager: EntityManager, groupId: string): Promise<AuditState> {
    const rows: Row[] = await manager.query('select * from audit_states where group_id = $1', [groupId])
    return rows[0] ? stateOf(rows[0]) : untouched
  }

  /** The same, locked until the transaction ends, and made if need be. */
  async lock(manager: EntityManager, groupId: string): Promise<AuditState> {
    await manager.query('insert into audit_states (group_id) values ($1) on conflict do nothing', [groupId])
    const rows: Row[] = await manager.query('select * from audit_states where group_id = $1 for update', [groupId])
    return rows[0] ? stateOf(rows[0]) : untouched
  }

  /**
   * Takes the check of this night, so that one process does it; one that stopped on the way is followed by another after
   * ten minutes. A group that is seen for the first time has its first check the night after.
   */
  async takeNight(manager: EntityManager, groupId: string, night: string): Promise<boolean> {
    await manager.query(
      `insert into audit_states (group_id, night) values ($1, $2)
       on conflict (group_id) do update set night = excluded.night where audit_states.night is null`,
      [groupId, night],
    )
    const [rows]: [unknown[]] = await manager.query(
      `update audit_states set checking_since = clock() where group_id = $1 and night < $2
         and (checking_since is null or checking_since < clock() - interval '10 minutes') returning 1`,
      [groupId, night],
    )
    return rows.length > 0
  }

  async endNight(manager: EntityManager, groupId: string, night: string): Promise<void> {
    await manager.query('update audit_states set night = $2, checking_since = null where group_id = $1', [
      groupId,
      night,
    ])
  }

  async foundWhole(manager: EntityManager, groupId: string, head: AuditHead, whole: boolean): Promise<void> {
    await manager.query(
      `update audit_states set checked_at = clock(), checked_seq = $2, checked_hash = $3,
         checked_whole_at = case when $4 then clock() else checked_whole_at end where group_id = $1`,
      [groupId, head.seq, head.hash, whole],
    )
  }

  /** From now on nothing of the group is published. What was found first stays. */
  async foundBroken(manager: EntityManager, groupId: string, seq: number, reason: string): Promise<void> {
    await manager.query(
      `update audit_states set checked_at = clock(), broken_at = coalesce(broken_at, clock()),
         broken_seq = coalesce(broken_seq, $2), broken_reason = coalesce(broken_reason, $3) where group_id = $1`,
      [groupId, seq, reason],
    )
  }

  /** Whether two people are one human being, with two addresses. */
  async isSamePerson(manager: EntityManager, one: string, other: string): Promise<boolean> {
    const rows: { same: boolean }[] = await manager.query('select root_person($1) = root_person($2) as same', [
      one,
      other,
    ])
    return rows[0]?.same ?? false
  }

  async askToResume(manager: EntityManager, groupId: string, memberId: string): Promise<void> {
    await manager.query('update audit_states set resume_asked_by = $2, resume_asked_at = clock() where group_id = $1', [
      groupId,
      memberId,
    ])
  }

  /** Publishing goes on, and the log is checked from this entry on. */
  async resume(manager: EntityManager, groupId: string, from: AuditHead): Promise<void> {
    await manager.query(
      `update audit_states set broken_at = null, broken_seq = null, broken_reason = null, resume_asked_by = null,
         resume_asked_at = null, accepted_seq = $2, accepted_hash = $3, checked_seq = $2, checked_hash = $3,
         checked_whole_at = null where group_id = $1`,
      [groupId, from.seq, from.hash],
    )
  }
}

function stateOf(row: Row): AuditState {
  return {
    checkedAt: instant(row.checked_at),
    checkedWholeAt: instant(row.checked_whole_at),
    checked: { seq: Number(row.checked_seq), hash: row.checked_hash },
    accepted: { seq: Number(row.accepted_seq), hash: row.accepted_hash },
    broken:
      row.broken_at && row.broken_reason !== null
        ? { at: DateTime.fromJSDate(row.broken_at).toUTC(), seq: Number(row.broken_seq), reason: row.broken_reason }
        : null,
    resumeAskedBy: row.resume_asked_by,
  }
}

function instant(date: Date | null): DateTime | null {
  return date && DateTime.fromJSDate(date).toUTC()
}
