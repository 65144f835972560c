import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { PostInputDto } from './post-input.dto.js'

export interface Bulk {
  readonly id: string
  readonly memberId: string
  readonly send: boolean
  readonly total: number
  readonly stoppedBecause: string | null
  readonly finished: boolean
  readonly startedAt: Date
}

export interface BulkItem {
  readonly number: number
  readonly input: PostInputDto | null
  readonly postId: string | null
}

export interface BulkCounts {
  readonly created: number
  readonly sent: number
  readonly done: number
}

interface BulkRow {
  id: string
  member_id: string
  send: boolean
  total: number
  stopped_because: string | null
  created_at: Date
  finished_at: Date | null
}

/** Requests for several posts, and each post of them. */
@Injectable()
export class BulkStore {
  /** @returns false when this member made a request with the key before */
  async insert(
    manager: EntityManager,
    groupId: string,
    bulk: { id: string; memberId: string; key: string; send: boolean },
    items: readonly { readonly input: PostInputDto | null; readonly problem: string | null }[],
  ): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `insert into bulks (group_id, id, member_id, client_key, send, total, created_at)
       values ($1, $2, $3, $4, $5, $6, clock()) on conflict on constraint bulks_once do nothing returning id`,
      [groupId, bulk.id, bulk.memberId, bulk.key, bulk.send, items.length],
    )
    if (rows.length === 0) return false
    await manager.query(
      `insert into bulk_items (group_id, bulk_id, number, input, problem, done)
       select $1, $2, number, input, problem, problem is not null
       from jsonb_to_recordset($3::jsonb) as item (number integer, input jsonb, problem text)`,
      [
        groupId,
        bulk.id,
        JSON.stringify(items.map(({ input, problem }, index) => ({ number: index + 1, input, problem }))),
      ],
    )
    return true
  }

  async byKey(manager: EntityManager, groupId: string, memberId: string, key: string): Promise<Bulk | null> {
    return bulkOf(
      await manager.query('select * from bulks where group_id = $1 and member_id = $2 and client_key = $3', [
        groupId,
        memberId,
        key,
      ]),
    )
  }

  async find(manager: EntityManager, groupId: string, id: string): Promise<Bulk | null> {
    return bulkOf(await manager.query('select * from bulks where group_id = $1 and id = $2', [groupId, id]))
  }

  /** The ids of the last requests of a week, the newest first. */
  async latest(manager: EntityManager, groupId: string, most: number): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `select id from bulks where group_id = $1 and created_at > clock() - interval '7 days'
       order by created_at desc, id desc limit $2`,
      [groupId, most],
    )
    return rows.map(({ id }) => id)
  }

  /** The next post that is not dealt with, locked against another process that goes on with the same request. */
  async next(manager: EntityManager, groupId: string, bulkId: string): Promise<BulkItem | null> {
    const [row]: { number: number; input: PostInputDto | null; post_id: string | null }[] = await manager.query(
      `select number, input, post_id from bulk_items where group_id = $1 and bulk_id = $2 and not done
       order by number limit 1 for update skip locked`,
      [groupId, bulkId],
    )
    return row ? { number: row.number, input: row.input, postId: row.post_id } : null
  }

  async written(
    manager: EntityManager,
    groupId: string,
    bulkId: string,
    number: number,
    postId: string,
  ): Promise<void> {
    await manager.query(
      'update bulk_items set post_id = $4, input = null where group_id = $1 and bulk_id = $2 and number = $3',
      [groupId, bulkId, number, postId],
    )
  }

  async settle(
    manager: EntityManager,
    groupId: string,
    bulkId: string,
    number: number,
    outcome: { sent: boolean; problem: string | null },
  ): Promise<void> {
    await manager.query(
      `update bulk_items set done = true, sent = $4, problem = $5, input = null
       where group_id = $1 and bulk_id = $2 and number = $3`,
      [groupId, bulkId, number, outcome.sent, outcome.problem],
    )
  }

  /** Ends it early. @returns false when it was finished before */
  async stop(manager: EntityManager, groupId: string, id: string, because: string): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `update bulks set finished_at = clock(), stopped_because = $3
       where group_id = $1 and id = $2 and finished_at is null`,
      [groupId, id, because],
    )
    return count > 0
  }

  /** Takes a stop back. @returns false when it was not stopped, or nothing of it is left */
  async goOn(manager: EntityManager, groupId: string, id: string): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `update bulks set finished_at = null, stopped_because = null
       where group_id = $1 and id = $2 and stopped_because is not null
         and exists (select 1 from bulk_items where group_id = $1 and bulk_id = $2 and not done)`,
      [groupId, id],
    )
    return count > 0
  }

  /** Says that it is done, unless another process still deals with a post of it: that one says so afterwards. */
  async complete(manager: EntityManager, groupId: string, id: string): Promise<void> {
    await manager.query(
      `update bulks set finished_at = clock() where group_id = $1 and id = $2 and finished_at is null
         and not exists (select 1 from bulk_items where group_id = $1 and bulk_id = $2 and not done)`,
      [groupId, id],
    )
  }

  async counts(manager: EntityManager, groupId: string, id: string): Promise<BulkCounts> {
    const [row]: { created: string; sent: string; done: string }[] = await manager.query(
      `select count(post_id) as created, count(*) filter (where sent) as sent, count(*) filter (where done) as done
       from bulk_items where group_id = $1 and bulk_id = $2`,
      [groupId, id],
    )
    return { created: Number(row?.created), sent: Number(row?.sent), done: Number(row?.done) }
  }

  async problems(
    manager: EntityManager,
    groupId: string,
    id: string,
  ): Promise<{ number: number; postId: string | null; problem: string }[]> {
    return manager.query(
      `select number, post_id as "postId", problem from bulk_items
       where group_id = $1 and bulk_id = $2 and problem is not null order by number`,
      [groupId, id],
    )
  }
}

function bulkOf([row]: BulkRow[]): Bulk | null {
  return row
    ? {
        id: row.id,
        memberId: row.member_id,
        send: row.send,
        total: row.total,
        stoppedBecause: row.stopped_because,
        finished: row.finished_at !== null,
        startedAt: row.created_at,
      }
    : null
}
