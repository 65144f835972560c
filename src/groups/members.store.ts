import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { MemberEntity } from './member.entity.js'
import type { Member } from './member.js'
import type { Role } from './roles.js'

const select = `select m.group_id as "groupId", m.id, m.person_id as "personId", p.name, p.email, m.roles, m.status,
  m.gets_summary as "getsSummary", m.joined_at is not null as joined
  from members m join people p on p.id = m.person_id`

/** A member of somebody's, with what is shown of the group. */
export interface Membership {
  readonly memberId: string
  readonly roles: Role[]
  readonly groupId: string
  readonly slug: string
  readonly groupName: string
  readonly timeZone: string
  readonly demo: boolean
}

@Injectable()
export class MembersStore {
  list(manager: EntityManager, groupId: string): Promise<Member[]> {
    return manager.query(`${select} where m.group_id = $1 order by lower(p.name), m.id`, [groupId])
  }

  async find(manager: EntityManager, groupId: string, id: string): Promise<Member | null> {
    const rows: Member[] = await manager.query(`${select} where m.group_id = $1 and m.id = $2`, [groupId, id])
    return rows[0] ?? null
  }

  async areOne(manager: EntityManager, groupId: string, one: string, other: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `select 1 from members a join members b on b.group_id = a.group_id and root_person(b.person_id) = root_person(a.person_id)
       where a.group_id = $1 and a.id = $2 and b.id = $3`,
      [groupId, one, other],
    )
    return rows.length > 0
  }

  activeWith(manager: EntityManager, groupId: string, role: Role): Promise<Member[]> {
    return manager.query(
      `${select} where m.group_id = $1 and m.status = 'active' and $2 = any (m.roles) order by lower(p.name), m.id`,
      [groupId, role],
    )
  }

  /** The member that this human being is in the group, whichever of their sign-ins they used: an active one first, then that of this sign-in. */
  async ofPerson(manager: EntityManager, groupId: string, personId: string): Promise<Member | null> {
    const rows: Member[] = await manager.query(
      `${select} where m.group_id = $1 and root_person(m.person_id) = root_person($2)
       order by m.status = 'active' desc, m.person_id = $2 desc, m.created_at limit 1`,
      [groupId, personId],
    )
    return rows[0] ?? null
  }

  membershipsOf(manager: EntityManager, personId: string): Promise<Membership[]> {
    return manager.query(
      `select m.id as "memberId", m.roles, g.id as "groupId", g.slug, g.name as "groupName", g.time_zone as "timeZone", g.demo
       from members m join groups g on g.id = m.group_id
       where m.person_id in (select people_of($1)) and m.status = 'active' order by g.name, g.id`,
      [personId],
    )
  }

  /** Everybody whom a visitor of the demonstration can enter as. */
  demoMembers(manager: EntityManager): Promise<(Membership & { name: string; email: string; personId: string })[]> {
    return manager.query(
      `select m.id as "memberId", m.roles, p.name, p.email, m.person_id as "personId",
         g.id as "groupId", g.slug, g.name as "groupName", g.time_zone as "timeZone", g.demo
       from members m join groups g on g.id = m.group_id join people p on p.id = m.person_id
       where g.demo and m.status = 'active' order by g.name, m.created_at, m.id`,
    )
  }

  /** Lets one join at a time, so that a second invitation of the same person finds the first. */
  async lockJoining(manager: EntityManager, groupId: string): Promise<void> {
    await manager.query('select 1 from groups where id = $1 for no key update', [groupId])
  }

  async insert(manager: EntityManager, member: MemberEntity): Promise<void> {
    await manager.insert(MemberEntity, member)
  }

  async update(
    manager: EntityManager,
    groupId: string,
    id: string,
    change: Partial<Pick<MemberEntity, 'roles' | 'status' | 'getsSummary'>>,
  ): Promise<void> {
    await manager.update(MemberEntity, { groupId, id }, change)
  }

  /** Notes the first sign-in in every group of the person. */
  async markJoined(manager: EntityManager, personId: string, at: Date): Promise<void> {
    await manager.query(
      `update members set joined_at = $2 where person_id = $1 and joined_at is null and status = 'active'`,
      [personId, at],
    )
  }
}
