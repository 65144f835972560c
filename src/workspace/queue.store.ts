import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

const mostOpen = 200
const lastOut = 20
/** Publications among which the posts that went out last are looked for; a post goes to fifty channels at most. */
const latest = lastOut * 50

/** The newest of the posts in a state, found through `posts_by_state` without reading the others. */
const newest = (state: string, more = '') =>
  `(select p.id, p.updated_at from posts p where p.group_id = $1 and p.state = '${state}' ${more}
    order by p.updated_at desc limit $2)`

@Injectable()
export class QueueStore {
  /**
   * Ids of the posts that are still on their way, and of those that went out lately; the newest change first. What went
   * out long ago is most of what a group has, so no part of this reads all of it.
   */
  async postIds(manager: EntityManager, groupId: string): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `with unsettled as (
         ${newest('draft')} union all ${newest('in_review')} union all ${newest('changes_requested')} union all
         ${newest(
           'approved',
           `and p.id in (select u.post_id from publications u
              where u.group_id = $1 and u.state not in ('published', 'cancelled', 'retracted'))`,
         )}
       ), open as (
         select id, updated_at from unsettled
         union all
         -- Approved, and without a slot; not looked for further back than anything would be shown.
         select p.id, p.updated_at from posts p
         where p.group_id = $1 and p.state = 'approved'
           and p.updated_at > coalesce((select updated_at from unsettled order by 1 desc offset $2 - 1 limit 1), '-infinity')
           and not exists (select 1 from publications u
             where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
         order by updated_at desc limit $2
       ), done as (
         select lately.post_id as id from (
           select u.post_id, coalesce(u.published_at, u.slot) as at from publications u
           where u.group_id = $1 and u.slot <= clock() and u.state in ('published', 'retracted')
           order by u.slot desc limit $4) as lately
         join posts p on p.group_id = $1 and p.id = lately.post_id and p.state <> 'cancelled'
         group by lately.post_id order by max(lately.at) desc limit $3
       ), ended as (
         select p.id from posts p where p.group_id = $1 and p.state = 'expired' and p.updated_at > clock() - interval '7 days'
         order by p.updated_at desc limit $3
       )
       select id from open union select id from done union select id from ended`,
      [groupId, mostOpen, lastOut, latest],
    )
    return rows.map((row) => row.id)
  }
}
