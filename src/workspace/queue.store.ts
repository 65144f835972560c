import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ways, type Place, type Places, type Way } from './queue-pages.js'

/** Of each way through the open posts; see queue-pages.ts. */
const perPage = 50
const lastOut = 20
/** Publications among which the posts that went out last are looked for; a post goes to fifty channels at most. */
const latest = lastOut * 50

// As the partial indexes `publications_upcoming` and `publications_troubled` have them.
const upcoming = (row: string) => `${row}.state in ('planned', 'publishing')`
const troubled = (row: string) =>
  `(${row}.state in ('in_doubt', 'unconfirmed', 'retracting')
    or ${row}.state in ('failed', 'missed') and ${row}.failure_accepted_by is null
    or ${row}.state = 'retracted' and ${row}.retract_acknowledged_by is null)`
/** To the microsecond: a place that was rounded would leave a post out, or show one twice. */
const exactly = (instant: string) => `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`

/** Posts by their first publication (`>`), or last (`<`), in some states; one that has several is at one place only. */
const byPublication = (isOne: (row: string) => string, posts: string, later: '<' | '>') =>
  `select u.post_id as id, ${exactly('u.slot')} from publications u
   join posts p on p.group_id = u.group_id and p.id = u.post_id and p.state in (${posts})
   where u.group_id = $1 and ${isOne('u')} and (u.slot, u.post_id) ${later} ($2::timestamptz, $3::uuid)
     and not exists (select 1 from publications o where o.group_id = u.group_id and o.post_id = u.post_id
       and o.state <> 'cancelled' and ${isOne('o')} and (u.slot, u.id) ${later} (o.slot, o.id))
   order by u.slot ${later === '<' ? 'desc' : ''}, u.post_id ${later === '<' ? 'desc' : ''} limit $4`

/** The newest of the posts in a state, found through `posts_by_state` or `posts_stopped` without reading the others. */
const newest = (state: string, without: string, only = '') =>
  `(select p.id, p.updated_at from posts p
    where p.group_id = $1 and p.state = '${state}' ${only} and (p.updated_at, p.id) < ($2::timestamptz, $3::uuid)
      and not exists (select 1 from publications u
        where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled' ${without})
    order by p.updated_at desc, p.id desc limit $4)`

const open = `and (${upcoming('u')} or ${troubled('u')})`

const statements: { readonly [Each in Way]: string } = {
  troubled: byPublication(troubled, `'draft', 'in_review', 'changes_requested', 'approved'`, '<'),
  planned: byPublication(upcoming, `'approved'`, '>'),
  waiting: byPublication(upcoming, `'draft', 'in_review', 'changes_requested'`, '>'),
  // Nearly all approved ones are out. An approval brings a slot, unless the post is held or being changed at that moment:
  // these are few, and found by an index of their own, however long ago it was. That one is neither and has no slot
  // cannot come about: what ends a hold is an approval, and discarding a change looks again. As a net it is looked for all
  // the same, but no further back than anything would be shown, and not among what nobody has touched for two months.
  unplaced: `with unsettled as (
      ${newest('in_review', open)} union all ${newest('changes_requested', open)}
      union all ${newest('approved', '', 'and (p.held_at is not null or p.editing)')}
    ), slotless as (
      select p.id, p.updated_at from posts p
      where p.group_id = $1 and p.state = 'approved' and p.held_at is null and not p.editing
        and (p.updated_at, p.id) < ($2::timestamptz, $3::uuid)
        and p.updated_at >= greatest(clock() - interval '60 days',
          (select updated_at from unsettled order by updated_at desc offset $4 - 1 limit 1))
        and not exists (select 1 from publications u
          where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
      order by p.updated_at desc, p.id desc limit $4
    )
    select id, ${exactly('updated_at')} from (select * from unsettled union all select * from slotless) as these
    order by updated_at desc, id desc limit $4`,
  drafts: `select id, ${exactly('updated_at')} from ${newest('draft', open)} as these order by updated_at desc, id desc`,
}

const lowest: Place = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' }
const highest: Place = { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }
/** Before all that there is. */
export const beginning: Places = {
  troubled: highest,
  planned: lowest,
  waiting: lowest,
  unplaced: highest,
  drafts: highest,
}

@Injectable()
export class QueueStore {
  /** Ids of the posts that are still on their way, from the given places on, and where the next page begins. */
  async openPosts(manager: EntityManager, groupId: string, from: Places): Promise<{ ids: string[]; next: Places }> {
    const ids = new Set<string>()
    const next: Record<Way, Place | null> = {
      troubled: null,
      planned: null,
      waiting: null,
      unplaced: null,
      drafts: null,
    }
    for (const way of ways) {
      const place = from[way]
      if (place === null) continue
      const rows: Place[] = await manager.query(statements[way], [groupId, place.at, place.id, perPage + 1])
      const page = rows.slice(0, perPage)
      for (const { id } of page) ids.add(id)
      next[way] = rows.length > perPage ? page.at(-1)! : null
    }
    return { ids: [...ids], next }
  }

  /**
   * Ids of the posts that went out lately, and of those whose time was over. What went out long ago is most of what a
   * group has, so no part of this reads all of it.
   */
  async endedPosts(manager: EntityManager, groupId: string): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `with done as (
         select lately.post_id as id from (
           select u.post_id, coalesce(u.published_at, u.slot) as at from publications u
           where u.group_id = $1 and u.slot <= clock() and u.state in ('published', 'retracted')
           order by u.slot desc limit $3) as lately
         join posts p on p.group_id = $1 and p.id = lately.post_id and p.state <> 'cancelled'
         group by lately.post_id order by max(lately.at) desc limit $2
       ), ended as (
         select p.id from posts p where p.group_id = $1 and p.state = 'expired' and p.updated_at > clock() - interval '7 days'
         order by p.updated_at desc limit $2
       )
       select id from done union select id from ended`,
      [groupId, lastOut, latest],
    )
    return rows.map((row) => row.id)
  }
}
