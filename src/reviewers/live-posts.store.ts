import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

export interface LivePost {
  readonly groupId: string
  readonly id: string
}

/** Posts that are sealed and still to go out, and what around them is no longer as it was. */
@Injectable()
export class LivePostsStore {
  /** Of one group, those without a slot too. */
  ofGroup(manager: EntityManager, groupId: string): Promise<LivePost[]> {
    return manager.query(
      `select p.group_id as "groupId", p.id from posts p
       where p.group_id = $1 and p.state in ('in_review', 'changes_requested', 'approved') and (
         p.state <> 'approved' or not exists (
           select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
         or exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
           and u.state in ('planned', 'missed', 'failed') and u.failure_accepted_by is null))
       order by p.updated_at, p.id`,
      [groupId],
    )
  }

  /**
   * Of all groups, those with a slot before long of which something may have been lost. What is approved and due
   * already is left to the gate, which looks at it in any case: thousands may be.
   */
  dueWithin(manager: EntityManager, hours: number): Promise<LivePost[]> {
    return manager.query(
      `select p.group_id as "groupId", p.id from posts p
       where (p.group_id, p.id) in (select u.group_id, u.post_id from publications u
           where u.state = 'planned' and u.next_try_at <= clock() + $1 * interval '1 hour'
             and (u.next_try_at > clock() or (select o.state from posts o where o.group_id = u.group_id and o.id = u.post_id) <> 'approved'))
         and (p.state in ('in_review', 'changes_requested') or (p.state = 'approved' and (
           exists (select 1 from revisions r
             cross join lateral jsonb_array_elements(r.envelope::jsonb -> 'channels') as part
             join channels c on c.group_id = p.group_id and c.id = (part ->> 'channelId')::uuid
             where r.group_id = p.group_id and r.id = p.current_revision_id and c.remote_account_id <> part ->> 'remoteAccountId')
           or enough_since(p.group_id, p.id) is null or objections(p.group_id, p.id) > 0)))`,
      [hours],
    )
  }

  /**
   * Of all groups: sealed, not out, and of no use any more. What failed after some of it was out stays as it is, and so
   * does what somebody left at that, unless reviewers are still asked about it: there is nothing to end.
   */
  useless(manager: EntityManager, limit: number): Promise<LivePost[]> {
    return manager.query(
      `select p.group_id as "groupId", p.id from posts p
       where p.useful_until <= clock() and p.state in ('in_review', 'changes_requested', 'approved')
         and not exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
           and u.state in ('publishing', 'in_doubt', 'unconfirmed'))
         and (exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
             and u.state in ('planned', 'missed', 'failed') and (u.state <> 'failed' or u.remote_id is null)
             and (u.failure_accepted_by is null or p.state <> 'approved'))
           or not exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
             and u.state <> 'cancelled'))
       order by p.useful_until limit $1`,
      [limit],
    )
  }

  /**
   * Passes on the requests of those who are no active reviewers any more, or turned out to have worked on the post.
   * A trigger has ended the links of the former already; who may review again, can ask for theirs anew.
   * @returns their names, once
   */
  async passOn(manager: EntityManager, groupId: string, postId: string, at: DateTime): Promise<string[]> {
    const [rows]: [{ name: string }[]] = await manager.query(
      `update review_requests r set handed_over_at = $3, revoked_at = coalesce(r.revoked_at, $3),
         revoked_because = coalesce(r.revoked_because, 'member')
       from members m join people p on p.id = m.person_id, posts po
       where r.group_id = $1 and r.post_id = $2 and r.used_at is null and r.handed_over_at is null
         and (r.revoked_at is null or r.revoked_because = 'member')
         and po.group_id = r.group_id and po.id = r.post_id and po.current_revision_id = r.revision_id
         and m.group_id = r.group_id and m.id = r.member_id
         and (m.status <> 'active' or not 'reviewer' = any (m.roles) or is_contributor($1, $2, m.person_id))
       returning p.name`,
      [groupId, postId, at.toJSDate()],
    )
    return rows.map((row) => row.name)
  }

  /**
   * Lets those answer once more whose approvals of the current version have become too old.
   * @returns their names
   */
  async reopenLapsed(manager: EntityManager, groupId: string, postId: string, expiresAt: DateTime): Promise<string[]> {
    const [rows]: [{ name: string }[]] = await manager.query(
      `update review_requests r set used_at = null, expires_at = greatest(r.expires_at, $3)
       from last_verdicts($1, $2) v join people p on p.id = root_person(v.person_id), posts po
       where r.group_id = $1 and r.post_id = $2 and r.used_at is not null and r.member_id = v.member_id
         and v.kind = 'approve' and v.reviewer and has_lapsed($1, $2, v.at) and not is_contributor($1, $2, v.person_id)
         and po.group_id = r.group_id and po.id = r.post_id and po.current_revision_id = r.revision_id
       returning p.name`,
      [groupId, postId, expiresAt.toJSDate()],
    )
    return rows.map((row) => row.name)
  }

  /** Whether a rule asks for people of whom some may review this version, and nobody was asked about it. */
  async isNamedUnasked(manager: EntityManager, groupId: string, postId: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `select 1 from lacking_reviewers($1, $2) l
       where exists (select 1 from members m where m.group_id = $1 and m.status = 'active' and 'reviewer' = any (m.roles)
           and is_among($1, l.reviewers, m.person_id) and may_be_asked($1, $2, m.person_id)
           and not is_contributor($1, $2, m.person_id))
         and not exists (select 1 from review_requests r
           join members m on m.group_id = r.group_id and m.id = r.member_id
           join posts p on p.group_id = r.group_id and p.id = r.post_id and p.current_revision_id = r.revision_id
           where r.group_id = $1 and r.post_id = $2 and is_among($1, l.reviewers, m.person_id))
       limit 1`,
      [groupId, postId],
    )
    return rows.length > 0
  }

  /** Names of the channels that lead to another account than the one in the current revision, where it is still to go out. */
  async otherAccounts(manager: EntityManager, groupId: string, postId: string): Promise<string[]> {
    const rows: { name: string }[] = await manager.query(
      `select c.name from posts p
       join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
       cross join lateral jsonb_array_elements(r.envelope::jsonb -> 'channels') as part
       join channels c on c.group_id = p.group_id and c.id = (part ->> 'channelId')::uuid
       where p.group_id = $1 and p.id = $2 and c.remote_account_id <> part ->> 'remoteAccountId'
         and not exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
           and u.channel_id = c.id and (u.state not in ('planned', 'missed', 'failed', 'cancelled')
             or u.failure_accepted_by is not null))
       order by c.name`,
      [groupId, postId],
    )
    return rows.map((row) => row.name)
  }
}
