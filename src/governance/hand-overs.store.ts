import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { Role } from '../groups/roles.js'
import { HandOverTickEntity } from './hand-over-tick.entity.js'
import { HandOverEntity } from './hand-over.entity.js'
import type { LeftBehind } from './hand-over.js'

/** What the database knows of somebody's part in a group, besides their name and managers' details. */
export type InHand = Omit<LeftBehind, 'name' | 'accountable' | 'hasLeft'>

@Injectable()
export class HandOversStore {
  find(manager: EntityManager, groupId: string, memberId: string): Promise<HandOverEntity | null> {
    return manager.findOneBy(HandOverEntity, { groupId, memberId })
  }

  lock(manager: EntityManager, groupId: string, memberId: string): Promise<HandOverEntity | null> {
    return manager.findOne(HandOverEntity, { where: { groupId, memberId }, lock: { mode: 'pessimistic_write' } })
  }

  /** Starts a hand-over, afresh when somebody leaves a second time; notes stay. */
  async start(manager: EntityManager, groupId: string, memberId: string, leftAt: DateTime): Promise<void> {
    await manager.upsert(HandOverEntity, { groupId, memberId, leftAt }, ['groupId', 'memberId'])
    await manager.delete(HandOverTickEntity, { groupId, memberId })
  }

  async note(manager: EntityManager, groupId: string, memberId: string, notes: string): Promise<void> {
    await manager.update(HandOverEntity, { groupId, memberId }, { notes })
  }

  ticks(manager: EntityManager, groupId: string, memberId: string): Promise<HandOverTickEntity[]> {
    return manager.find(HandOverTickEntity, { where: { groupId, memberId }, order: { tickedAt: 'asc' } })
  }

  async putTick(manager: EntityManager, tick: HandOverTickEntity): Promise<void> {
    await manager.upsert(HandOverTickEntity, tick, ['groupId', 'memberId', 'item'])
  }

  async removeTick(manager: EntityManager, groupId: string, memberId: string, item: string): Promise<void> {
    await manager.delete(HandOverTickEntity, { groupId, memberId, item })
  }

  /** Members who left and what is known of their hand-overs, the latest first. */
  list(manager: EntityManager, groupId: string): Promise<HandOverEntity[]> {
    return manager.find(HandOverEntity, { where: { groupId }, order: { leftAt: 'desc' } })
  }

  /** The devices that this member confirmed for reviewing are forgotten. */
  async forgetDevices(manager: EntityManager, groupId: string, memberId: string): Promise<void> {
    await manager.query(
      'update review_devices set revoked_at = clock() where group_id = $1 and member_id = $2 and revoked_at is null',
      [groupId, memberId],
    )
  }

  /** The text of a post is read as it stands in the editor. */
  async inHand(manager: EntityManager, groupId: string, memberId: string): Promise<InHand> {
    const posts: InHand['posts'] = await manager.query(
      `select id, content ->> 'text' as words, state from posts p
       where group_id = $1 and author_id = $2 and (
         state in ('draft', 'in_review', 'changes_requested')
         or state = 'approved' and exists (
           select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
             and u.state in ('planned', 'publishing', 'in_doubt', 'unconfirmed', 'missed', 'failed')
             and u.failure_accepted_by is null
         )
       ) order by id`,
      [groupId, memberId],
    )
    const requests: InHand['requests'] = await manager.query(
      `select p.id as "postId", p.content ->> 'text' as words
       from review_requests r join posts p on p.group_id = r.group_id and p.id = r.post_id
       where r.group_id = $1 and r.member_id = $2 and r.used_at is null and p.state = 'in_review'
         and p.current_revision_id = r.revision_id
         and (r.revoked_at is null or r.revoked_because <> 'replaced') order by p.id`,
      [groupId, memberId],
    )
    // Who typed the credentials in is known from the log, which nobody can change.
    const channels: InHand['channels'] = await manager.query(
      `select c.id, c.name, initcap(c.network) as network from channels c
       where c.group_id = $1 and c.removed_at is null and c.network <> 'noticeboard' and (
         select a.payload::jsonb ->> 'memberId' from audit_entries a
         where a.group_id = c.group_id and a.payload like '%"channelId":"' || c.id || '"%'
           and (a.payload like '%"kind":"channel-connected"%' or a.payload like '%"kind":"channel-reconnected"%')
         order by a.seq desc limit 1
       ) = $2::text order by c.name, c.id`,
      [groupId, memberId],
    )
    const alone: { role: Role }[] = await manager.query(
      `select role from members m, unnest(m.roles) role where m.group_id = $1 and m.id = $2 and not exists (
         select 1 from members o where o.group_id = m.group_id and o.id <> m.id and o.status = 'active' and role = any (o.roles)
       )`,
      [groupId, memberId],
    )
    const [access]: Pick<InHand, 'devices' | 'otherGroups' | 'passkeys'>[] = await manager.query(
      `select (
           select count(*)::integer from sign_in_sessions s join sign_in_users u on u."id" = s."userId"
           where root_person(u."personId") = root_person(m.person_id) and s."expiresAt" > clock_timestamp()
         ) + (
           select count(*)::integer from review_devices d where d.group_id = m.group_id and d.member_id = m.id
             and d.revoked_at is null and d.expires_at > clock()
         ) as devices, (
           select count(*)::integer from members o
           where root_person(o.person_id) = root_person(m.person_id) and o.group_id <> m.group_id and o.status = 'active'
         ) as "otherGroups", (
           select count(*)::integer from passkeys k where root_person(k.person_id) = root_person(m.person_id)
         ) as passkeys
       from members m where m.group_id = $1 and m.id = $2`,
      [groupId, memberId],
    )
    return { posts, requests, channels, rolesAlone: alone.map(({ role }) => role), ...access! }
  }
}
