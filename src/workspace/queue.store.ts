import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

const mostOpen = 200
const lastOut = 20

@Injectable()
export class QueueStore {
  /** Ids of the posts that are still on their way, and of those that went out lately; the newest change first. */
  async postIds(manager: EntityManager, groupId: string): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `with open as (
         select p.id, p.updated_at from posts p
         where p.group_id = $1 and (p.state in ('draft', 'in_review', 'changes_requested') or p.state = 'approved' and (
           not exists (select 1 from publications u
             where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
           or exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
             and u.state in ('planned', 'publishing', 'failed', 'in_doubt', 'unconfirmed', 'missed', 'retracting'))))
         order by p.updated_at desc limit $2
       ), done as (
         select u.post_id as id, max(coalesce(u.published_at, u.slot)) as updated_at from publications u
         join posts p on p.group_id = u.group_id and p.id = u.post_id and p.state <> 'cancelled'
         where u.group_id = $1 and u.state in ('published', 'retracted')
         group by u.post_id order by 2 desc limit $3
       )
       , ended as (
         select p.id from posts p where p.group_id = $1 and p.state = 'expired' and p.updated_at > clock() - interval '7 days'
         order by p.updated_at desc limit $3
       )
       select id from open union select id from done union select id from ended`,
      [groupId, mostOpen, lastOut],
    )
    return rows.map((row) => row.id)
  }
}
