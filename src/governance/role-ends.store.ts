import { Injectable } from '@nestjs/common'
import { type EntityManager, In } from 'typeorm'

import type { Role } from '../groups/roles.js'
import { RoleEndEntity } from './role-end.entity.js'
import { reminderDays } from './role-end.js'

@Injectable()
export class RoleEndsStore {
  list(manager: EntityManager, groupId: string): Promise<RoleEndEntity[]> {
    return manager.find(RoleEndEntity, { where: { groupId }, order: { endsOn: 'asc', memberId: 'asc', role: 'asc' } })
  }

  /** Whatever is over, or near enough for a reminder, on the clocks of its group. */
  near(manager: EntityManager): Promise<Pick<RoleEndEntity, 'groupId' | 'memberId' | 'role'>[]> {
    return manager.query(
      `select e.group_id as "groupId", e.member_id as "memberId", e.role
       from role_ends e join groups g on g.id = e.group_id
       where e.ends_on <= (clock() at time zone g.time_zone)::date + $1::integer
       order by e.ends_on, e.group_id, e.member_id, e.role`,
      [reminderDays[0]],
    )
  }

  lock(manager: EntityManager, groupId: string, memberId: string, role: Role): Promise<RoleEndEntity | null> {
    return manager.findOne(RoleEndEntity, {
      where: { groupId, memberId, role },
      lock: { mode: 'pessimistic_write' },
    })
  }

  async put(manager: EntityManager, end: RoleEndEntity): Promise<void> {
    await manager.upsert(RoleEndEntity, end, ['groupId', 'memberId', 'role'])
  }

  async update(manager: EntityManager, end: RoleEndEntity, change: Partial<RoleEndEntity>): Promise<void> {
    const { groupId, memberId, role } = end
    await manager.update(RoleEndEntity, { groupId, memberId, role }, change)
  }

  async remove(manager: EntityManager, groupId: string, memberId: string, roles: readonly Role[]): Promise<void> {
    await manager.delete(RoleEndEntity, { groupId, memberId, role: In([...roles]) })
  }
}
