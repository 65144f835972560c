import { Injectable } from '@nestjs/common'
import { type EntityManager, In, Not } from 'typeorm'

import { PostEntity } from '../drafts/post.entity.js'

@Injectable()
export class QueueStore {
  /** Posts that are still on their way, and those that went out lately; the newest change first. */
  async posts(manager: EntityManager, groupId: string): Promise<PostEntity[]> {
    const open = await manager.find(PostEntity, {
      where: { groupId, state: In(['draft', 'in_review', 'changes_requested']) },
      order: { updatedAt: 'desc' },
      take: 200,
    })
    const approved = await manager
      .createQueryBuilder(PostEntity, 'p')
      .where(
        `p.group_id = :groupId and p.state = 'approved' and (
           not exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
           or exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
                       and u.state in ('planned', 'publishing', 'failed', 'in_doubt', 'unconfirmed', 'missed', 'retracting')))`,
        { groupId },
      )
      .orderBy('p.updatedAt', 'DESC')
      .take(200)
      .getMany()
    const out: { post_id: string }[] = await manager.query(
      `select post_id from publications where group_id = $1 and state in ('published', 'retracted')
       group by post_id order by max(coalesce(published_at, slot)) desc limit 20`,
      [groupId],
    )
    const known = new Set([...open, ...approved].map((post) => post.id))
    const done = await manager.findBy(PostEntity, {
      groupId,
      id: In(out.map((row) => row.post_id).filter((id) => !known.has(id))),
      state: Not('cancelled'),
    })
    return [...open, ...approved, ...done]
  }
}
