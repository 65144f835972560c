import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

/** A request that waits for its answer. */
export interface WaitingRequest {
  readonly groupId: string
  readonly requestId: string
  readonly memberId: string
  readonly createdAt: DateTime
  readonly slot: DateTime | null
  readonly answerBy: DateTime
  readonly halfReminded: boolean
  readonly lastReminded: boolean
}

/** A version that waits for its approvals. */
export interface WaitingRevision {
  readonly groupId: string
  readonly postId: string
  readonly revisionId: string
  readonly askedAt: DateTime
  readonly slot: DateTime | null
  readonly answerBy: DateTime
}

/** Posts with their next slot; none when they go out as soon as they are approved. */
const withSlot = `posts po left join lateral (select min(p.slot) as slot from publications p
  where p.group_id = po.group_id and p.post_id = po.id and p.state = 'planned') s on true`
/** In review, and nothing stands in the way. */
const inReview = `po.state = 'in_review' and po.held_at is null and not po.editing`

@Injectable()
export class RemindersStore {
  /** Requests that nobody has answered and whose reviewers were not reminded for the last time. */
  async requests(manager: EntityManager): Promise<WaitingRequest[]> {
    const rows: Row[] = await manager.query(
      `select r.group_id as "groupId", r.id as "requestId", r.member_id as "memberId", r.created_at as "createdAt", s.slot,
         r.expires_at as "answerBy", r.half_reminded_at is not null as "halfReminded", r.last_reminded_at is not null as "lastReminded"
       from ${withSlot} join review_requests r on r.group_id = po.group_id and r.revision_id = po.current_revision_id
       where ${inReview} and r.used_at is null and r.revoked_at is null and r.handed_over_at is null and r.last_reminded_at is null
         and r.expires_at > clock()
       order by r.group_id, r.member_id, r.created_at`,
    )
    return rows.map((row) => ({
      ...(row as unknown as WaitingRequest),
      createdAt: instant(row.createdAt),
      slot: row.slot && instant(row.slot),
      answerBy: instant(row.answerBy),
    }))
  }

  /** Versions for whose next slot nobody else was asked so far. */
  async revisions(manager: EntityManager): Promise<WaitingRevision[]> {
    const rows: Row[] = await manager.query(
      `select po.group_id as "groupId", po.id as "postId", po.current_revision_id as "revisionId", s.slot,
         r.asked_at as "createdAt", r.answer_by as "answerBy"
       from ${withSlot}
       join lateral (select min(q.created_at) as asked_at, max(q.expires_at) as answer_by from review_requests q
         where q.group_id = po.group_id and q.revision_id = po.current_revision_id) r on r.asked_at is not null
       where ${inReview} and r.answer_by > clock() and not exists (select 1 from review_escalations e
         where e.group_id = po.group_id and e.revision_id = po.current_revision_id and e.due_at = coalesce(s.slot, r.asked_at))
       order by po.group_id, po.id`,
    )
    return rows.map(({ groupId, postId, revisionId, createdAt, slot, answerBy }) => ({
      groupId,
      postId,
      revisionId,
      askedAt: instant(createdAt),
      slot: slot && instant(slot),
      answerBy: instant(answerBy),
    }))
  }

  /** Takes a request to be reminded of. @returns false when it was answered, or another process has it */
  async claim(manager: EntityManager, of: WaitingRequest, isLast: boolean, at: DateTime): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `update review_requests set half_reminded_at = coalesce(half_reminded_at, $3),
         last_reminded_at = case when $4 then $3 else last_reminded_at end
       where group_id = $1 and id = $2 and used_at is null and revoked_at is null and handed_over_at is null
         and case when $4 then last_reminded_at is null else half_reminded_at is null end`,
      [of.groupId, of.requestId, at.toJSDate(), isLast],
    )
    return count === 1
  }

  /** Takes a version to ask others about. @returns false when it was done for this time before */
  async claimRevision(manager: EntityManager, of: WaitingRevision, at: DateTime): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `insert into review_escalations (group_id, revision_id, due_at, at) values ($1, $2, $3, $4)
       on conflict do nothing returning 1`,
      [of.groupId, of.revisionId, (of.slot ?? of.askedAt).toJSDate(), at.toJSDate()],
    )
    return rows.length === 1
  }
}

interface Row {
  readonly groupId: string
  readonly postId: string
  readonly revisionId: string
  readonly createdAt: Date
  readonly slot: Date | null
  readonly answerBy: Date
}

function instant(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' })
}
