import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { PolicyEntity, type PolicyState } from './policy.entity.js'
import type { CurrentPolicy, Policy } from './policy.js'

/** The versions of each group's policy. Which is in force, and which bind a post, is the database's to say. */
@Injectable()
export class PoliciesStore {
  async current(manager: EntityManager, groupId: string): Promise<CurrentPolicy | null> {
    const [row]: { number: number; content: Policy }[] = await manager.query(
      'select number, content from policies where group_id = $1 and number = current_policy($1)',
      [groupId],
    )
    return row ? { ...row.content, number: row.number } : null
  }

  /** The policy in force of every group, by the group's id. */
  async currentOfAll(manager: EntityManager): Promise<Map<string, CurrentPolicy>> {
    const rows: { group: string; number: number; content: Policy }[] = await manager.query(
      `select p.group_id as group, p.number, p.content from groups g
       join policies p on p.group_id = g.id and p.number = current_policy(g.id)`,
    )
    return new Map(rows.map(({ group, number, content }) => [group, { ...content, number }]))
  }

  /** The policies that a post has to meet: the one it was sent under and all in force since; of a draft, the current. */
  async over(manager: EntityManager, groupId: string, postId: string): Promise<Policy[]> {
    const rows: { content: Policy }[] = await manager.query(
      'select content from policies_over($1, $2) order by number',
      [groupId, postId],
    )
    return rows.map((row) => row.content)
  }

  /** The newest first. */
  list(manager: EntityManager, groupId: string): Promise<PolicyEntity[]> {
    return manager.find(PolicyEntity, { where: { groupId }, order: { number: 'desc' } })
  }

  /** The one that waits for a second admin, if there is one. */
  proposal(manager: EntityManager, groupId: string): Promise<PolicyEntity | null> {
    return manager.findOneBy(PolicyEntity, { groupId, state: 'proposed' })
  }

  /** One change of a group's policy at a time. */
  async lockGroup(manager: EntityManager, groupId: string): Promise<void> {
    await manager.query('select 1 from groups where id = $1 for no key update', [groupId])
  }

  /** Active reviewers with their root persons. */
  reviewers(manager: EntityManager, groupId: string): Promise<{ id: string; personId: string }[]> {
    return manager.query(
      `select id, root_person(person_id) as "personId" from members
       where group_id = $1 and status = 'active' and 'reviewer' = any (roles)`,
      [groupId],
    )
  }

  /** Every channel of the group by its id, those that were removed too. */
  async channelNames(manager: EntityManager, groupId: string): Promise<Map<string, string>> {
    const rows: { id: string; name: string }[] = await manager.query(
      'select id, name from channels where group_id = $1',
      [groupId],
    )
    return new Map(rows.map(({ id, name }) => [id, name]))
  }

  /** Writes the next version; whether it is in force or only proposed, the database decides. */
  async insert(
    manager: EntityManager,
    policy: { groupId: string; content: Policy; reason: string; madeBy: string },
  ): Promise<PolicyEntity> {
    const [row]: { number: number }[] = await manager.query(
      `insert into policies (group_id, number, content, reason, made_by)
       select $1, max(number) + 1, $2, $3, $4 from policies where group_id = $1 returning number`,
      [policy.groupId, JSON.stringify(policy.content), policy.reason, policy.madeBy],
    )
    return manager.findOneByOrFail(PolicyEntity, { groupId: policy.groupId, number: row?.number ?? 0 })
  }

  async settle(
    manager: EntityManager,
    policy: PolicyEntity,
    state: Exclude<PolicyState, 'proposed'>,
    settledBy: string,
  ): Promise<void> {
    await manager.query('update policies set state = $3, settled_by = $4 where group_id = $1 and number = $2', [
      policy.groupId,
      policy.number,
      state,
      settledBy,
    ])
  }
}
