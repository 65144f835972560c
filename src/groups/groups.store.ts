import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { GroupEntity } from './group.entity.js'
import type { Group } from './group.js'
import { PoliciesStore } from './policies.store.js'

@Injectable()
export class GroupsStore {
  constructor(private readonly policies: PoliciesStore) {}

  async find(manager: EntityManager, id: string): Promise<Group | null> {
    return this.withPolicy(manager, await manager.findOneBy(GroupEntity, { id }))
  }

  async findBySlug(manager: EntityManager, slug: string): Promise<Group | null> {
    return this.withPolicy(manager, await manager.findOneBy(GroupEntity, { slug }))
  }

  /** Locks the group until commit: the first lock of all that touch more than their own row of it. */
  lock(manager: EntityManager, id: string): Promise<GroupEntity | null> {
    return manager.findOne(GroupEntity, { where: { id }, lock: { mode: 'pessimistic_write' } })
  }

  async all(manager: EntityManager): Promise<Group[]> {
    const found = await manager.find(GroupEntity, { order: { createdAt: 'asc', id: 'asc' } })
    const policies = await this.policies.currentOfAll(manager)
    return found.flatMap((group) => {
      const policy = policies.get(group.id)
      return policy ? [{ ...group, policy }] : []
    })
  }

  async insert(manager: EntityManager, group: GroupEntity): Promise<void> {
    await manager.insert(GroupEntity, group)
  }

  async update(manager: EntityManager, id: string, change: Partial<GroupEntity>): Promise<void> {
    await manager.update(GroupEntity, { id }, change)
  }

  async slugsLike(manager: EntityManager, slug: string): Promise<string[]> {
    const rows: { slug: string }[] = await manager.query(
      `select slug from groups where slug = $1 or slug like $1 || '-%'`,
      [slug],
    )
    return rows.map((row) => row.slug)
  }

  async anyReal(manager: EntityManager): Promise<boolean> {
    return manager.existsBy(GroupEntity, { demo: false })
  }

  /** Makes set-ups and new groups wait for each other until commit, so that none sees half of another. */
  async lockFounding(manager: EntityManager): Promise<void> {
    await manager.query(`select pg_advisory_xact_lock(hashtext('founding a group'))`)
  }

  /** Where the group's own public page is, or null without one. */
  async noticeboardUrl(manager: EntityManager, groupId: string): Promise<string | null> {
    const rows: { url: string | null }[] = await manager.query(
      `select url from channels where group_id = $1 and network = 'noticeboard' and removed_at is null
       order by created_at limit 1`,
      [groupId],
    )
    return rows[0]?.url ?? null
  }

  private async withPolicy(manager: EntityManager, group: GroupEntity | null): Promise<Group | null> {
    const policy = group && (await this.policies.current(manager, group.id))
    return group && policy ? { ...group, policy } : null
  }
}
