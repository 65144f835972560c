import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, In, IsNull } from 'typeorm'

import type { Candidate, Standing } from './approval.js'
import { ReviewRequestEntity } from './asking/review-request.entity.js'
import { ReviewDeviceEntity } from './review-device.entity.js'
import { VerdictEntity } from './verdict.entity.js'

/** The verdicts on a post's current revision, counted by the same functions that the gate uses. */
export interface Count extends Standing {
  /** Whether the approvals suffice: as many as needed, and from those whom a rule names. */
  readonly enough: boolean
}

/**
 * Columns of a `Count` for the post `p`, with what they are made of: each verdict is looked at once, by the pieces of
 * `counting_approvals` and `enough_since`, which would each look again. Named people who may not approve it now are left out.
 */
const counted = `said.approvals, said.objections, demanded.needed, said.lapsed, demanded.lacking,
  said.approvals > 0 and said.approvals >= demanded.needed and demanded.lacking = '[]' as enough`
const counting = `cross join lateral (
    select count(*) filter (where v.kind = 'changes')::integer as objections,
      count(*) filter (where v.kind = 'approve' and v.reviewer and not v.lapsed
        and not is_contributor(p.group_id, p.id, v.person_id) and may_be_asked(p.group_id, p.id, v.person_id))::integer as approvals,
      coalesce(array_agg(pe.name order by pe.name) filter (where v.kind = 'approve' and v.lapsed), '{}') as lapsed
    from (select v.*, v.kind = 'approve' and has_lapsed(p.group_id, p.id, v.at) as lapsed
      from last_verdicts(p.group_id, p.id) v) v
    left join people pe on v.lapsed and pe.id = root_person(v.person_id)
  ) said
  cross join lateral (select approvals_needed(p.group_id, p.id) as needed,
    (select coalesce(jsonb_agg(jsonb_build_object('labels', l.labels,
      'channels', array(select c.name from channels c where c.group_id = p.group_id and c.id::text = any (l.channel_ids) order by 1),
      'names', array(select pe.name from members m join people pe on pe.id = m.person_id
        where m.group_id = p.group_id and l.reviewers ? m.id::text and m.status = 'active' and 'reviewer' = any (m.roles)
          and not is_contributor(p.group_id, p.id, m.person_id) and may_be_asked(p.group_id, p.id, m.person_id) order by 1)
    )), '[]') from lacking_reviewers(p.group_id, p.id) l) as lacking
  ) demanded`

@Injectable()
export class ReviewsStore {
  async insertRequests(manager: EntityManager, requests: readonly ReviewRequestEntity[]): Promise<void> {
    await manager.insert(ReviewRequestEntity, [...requests])
  }

  requestByToken(manager: EntityManager, tokenHash: string): Promise<ReviewRequestEntity | null> {
    return manager.findOneBy(ReviewRequestEntity, { tokenHash })
  }

  requestsByTokens(manager: EntityManager, tokenHashes: readonly string[]): Promise<ReviewRequestEntity[]> {
    return manager.findBy(ReviewRequestEntity, { tokenHash: In([...tokenHashes]) })
  }

  requestById(manager: EntityManager, id: string): Promise<ReviewRequestEntity | null> {
    return manager.findOneBy(ReviewRequestEntity, { id })
  }

  /** Requests for the given revisions. */
  requestsFor(manager: EntityManager, groupId: string, revisionIds: readonly string[]): Promise<ReviewRequestEntity[]> {
    if (revisionIds.length === 0) return Promise.resolve([])
    return manager.find(ReviewRequestEntity, {
      where: { groupId, revisionId: In([...revisionIds]) },
      order: { createdAt: 'asc', id: 'asc' },
    })
  }

  async revokeOpen(
    manager: EntityManager,
    groupId: string,
    postId: string,
    because: string,
    at: DateTime,
  ): Promise<void> {
    await manager.update(
      ReviewRequestEntity,
      { groupId, postId, usedAt: IsNull(), revokedAt: IsNull() },
      { revokedAt: at, revokedBecause: because },
    )
  }

  /** Extends open requests of a revision whose slot moved. */
  async extend(manager: EntityManager, groupId: string, revisionId: string, expiresAt: DateTime): Promise<void> {
    // Whoever is told of the move needs no reminder that half of the time is over, but another one before the new slot.
    await manager.query(
      `update review_requests set expires_at = $3, half_reminded_at = coalesce(half_reminded_at, clock()), last_reminded_at = null
       where group_id = $1 and revision_id = $2 and used_at is null and revoked_at is null`,
      [groupId, revisionId, expiresAt.toJSDate()],
    )
  }

  /**
   * Takes the request for one decision. Somebody who is signed in does not need its link to be alive.
   * @returns false when it was taken before: of many at once, one wins
   */
  async consume(
    manager: EntityManager,
    request: ReviewRequestEntity,
    at: DateTime,
    signedIn: boolean,
  ): Promise<boolean> {
    const result = await manager.update(
      ReviewRequestEntity,
      { groupId: request.groupId, id: request.id, usedAt: IsNull(), ...(signedIn ? {} : { revokedAt: IsNull() }) },
      { usedAt: at, codeHash: null, codeExpiresAt: null },
    )
    return result.affected === 1
  }

  /** Lets somebody who took an answer back answer again. */
  async reopen(manager: EntityManager, groupId: string, revisionId: string, memberId: string): Promise<void> {
    await manager.update(ReviewRequestEntity, { groupId, revisionId, memberId }, { usedAt: null })
  }

  async updateRequest(
    manager: EntityManager,
    request: ReviewRequestEntity,
    changes: Partial<ReviewRequestEntity>,
  ): Promise<void> {
    await manager.update(ReviewRequestEntity, { groupId: request.groupId, id: request.id }, changes)
  }

  /** Counts one more wrong code, under the row's lock. @returns how many there were */
  async countWrongCode(manager: EntityManager, request: ReviewRequestEntity): Promise<number> {
    const [rows]: [{ code_tries: number }[]] = await manager.query(
      'update review_requests set code_tries = code_tries + 1 where group_id = $1 and id = $2 returning code_tries',
      [request.groupId, request.id],
    )
    return rows[0]?.code_tries ?? 0
  }

  /** How many codes were mailed to the member of a request from then on, whichever post they were for. */
  async codesSince(manager: EntityManager, request: ReviewRequestEntity, since: DateTime): Promise<number> {
    const [row]: { count: number }[] = await manager.query(
      `select count(*)::integer as count from mails l join members m on m.group_id = l.group_id
         and root_person(m.person_id) = l.person_id
       where m.group_id = $1 and m.id = $2 and l.kind = 'review-code' and l.created_at >= $3`,
      [request.groupId, request.memberId, since.toJSDate()],
    )
    return row?.count ?? 0
  }

  /** Wrong codes that were typed for the requests that a member got from then on. */
  async wrongCodesSince(manager: EntityManager, request: ReviewRequestEntity, since: DateTime): Promise<number> {
    const [row]: { count: number }[] = await manager.query(
      `select coalesce(sum(code_tries), 0)::integer as count from review_requests
       where group_id = $1 and member_id = $2 and (code_expires_at >= $3 or revoked_at >= $3 or created_at >= $3)`,
      [request.groupId, request.memberId, since.toJSDate()],
    )
    return row?.count ?? 0
  }

  /** Marks that somebody else is to check it. */
  async handedOver(manager: EntityManager, request: ReviewRequestEntity, at: DateTime): Promise<void> {
    await manager.update(
      ReviewRequestEntity,
      { groupId: request.groupId, id: request.id },
      { handedOverAt: at, codeHash: null, codeExpiresAt: null },
    )
  }

  /** Keeps the member as they are until the transaction ends. */
  async lockMember(manager: EntityManager, request: ReviewRequestEntity): Promise<void> {
    await manager.query('select 1 from members where group_id = $1 and id = $2 for share', [
      request.groupId,
      request.memberId,
    ])
  }

  lockRequest(manager: EntityManager, request: ReviewRequestEntity): Promise<ReviewRequestEntity> {
    return manager.findOneOrFail(ReviewRequestEntity, {
      where: { groupId: request.groupId, id: request.id },
      lock: { mode: 'pessimistic_write' },
    })
  }

  async insertVerdict(manager: EntityManager, verdict: Omit<VerdictEntity, 'seq' | 'ethicsNumber'>): Promise<void> {
    await manager.insert(VerdictEntity, verdict)
  }

  verdicts(manager: EntityManager, groupId: string, postIds: readonly string[]): Promise<VerdictEntity[]> {
    if (postIds.length === 0) return Promise.resolve([])
    return manager.find(VerdictEntity, { where: { groupId, postId: In([...postIds]) }, order: { seq: 'asc' } })
  }

  async count(manager: EntityManager, groupId: string, postId: string): Promise<Count> {
    const [row]: Count[] = await manager.query(
      `select ${counted} from posts p ${counting} where p.group_id = $1 and p.id = $2`,
      [groupId, postId],
    )
    if (!row) throw new Error(`There is no post ${postId} to count`)
    return row
  }

  /** All members with their root persons and how many requests wait for each; more than 200 make nobody busier. */
  async candidates(manager: EntityManager, groupId: string): Promise<Candidate[]> {
    return manager.query(
      `select m.id as "memberId", root_person(m.person_id) as "personId", p.name, p.email, m.roles, m.status,
         (select count(*)::integer from (
            select 1 from review_requests r join posts po on po.group_id = r.group_id and po.id = r.post_id
            where r.group_id = m.group_id and r.member_id = m.id and r.used_at is null and r.revoked_at is null
              and po.state = 'in_review' and po.current_revision_id = r.revision_id limit 200) as w) as waiting,
         (select a.until::text from absences a
            where a.group_id = m.group_id and a.member_id = m.id and is_away(a.group_id, a.member_id)) as "awayUntil"
       from members m join people p on p.id = m.person_id where m.group_id = $1 order by p.name`,
      [groupId],
    )
  }

  async rootOf(manager: EntityManager, personId: string): Promise<string | null> {
    const [row]: { root: string | null }[] = await manager.query('select root_person($1) as root', [personId])
    return row?.root ?? null
  }

  async personOf(manager: EntityManager, groupId: string, memberId: string): Promise<string> {
    const [row]: { person_id: string }[] = await manager.query(
      'select person_id from members where group_id = $1 and id = $2',
      [groupId, memberId],
    )
    return row?.person_id ?? ''
  }

  /** Root persons who count as contributors now, with a name each. */
  async contributors(
    manager: EntityManager,
    groupId: string,
    postId: string,
  ): Promise<{ personId: string; name: string }[]> {
    return manager.query(
      `select distinct root_person(c.person_id) as "personId", p.name
       from contributors c join people p on p.id = root_person(c.person_id)
       where c.group_id = $1 and c.post_id = $2 and is_contributor($1, $2, c.person_id) order by p.name`,
      [groupId, postId],
    )
  }

  async contributorsOf(
    manager: EntityManager,
    groupId: string,
    postIds: readonly string[],
  ): Promise<{ postId: string; personId: string; name: string }[]> {
    if (postIds.length === 0) return []
    return manager.query(
      // Who has one sign-in only, which is nearly everybody, is not looked up by a function.
      `select distinct c."postId", p.id as "personId", p.name
       from (
         select c.post_id as "postId", case when w.same_as is null then w.id else root_person(w.id) end as person_id
         from contributors c join people w on w.id = c.person_id
         where c.group_id = $1 and c.post_id = any ($2) and is_contributor($1, c.post_id, c.person_id) offset 0
       ) c join people p on p.id = c.person_id order by p.name`,
      [groupId, [...postIds]],
    )
  }

  async counts(manager: EntityManager, groupId: string, postIds: readonly string[]): Promise<Map<string, Count>> {
    if (postIds.length === 0) return new Map()
    const rows: (Count & { id: string })[] = await manager.query(
      `select p.id, ${counted} from posts p ${counting}
       where p.group_id = $1 and p.id = any ($2) and p.current_revision_id is not null`,
      [groupId, [...postIds]],
    )
    return new Map(rows.map(({ id, ...count }) => [id, count]))
  }

  async insertDevice(manager: EntityManager, device: ReviewDeviceEntity): Promise<void> {
    await manager.insert(ReviewDeviceEntity, device)
  }

  device(manager: EntityManager, tokenHash: string): Promise<ReviewDeviceEntity | null> {
    return manager.findOneBy(ReviewDeviceEntity, { tokenHash, revokedAt: IsNull() })
  }
}
