import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

export interface DueRow {
  readonly groupSlug: string
  readonly channelName: string
  readonly channelState: string
  readonly postId: string
  readonly postState: string
  readonly held: boolean
  readonly editing: boolean
  readonly state: string
  /** ISO, UTC. */
  readonly slot: string
}

@Injectable()
export class DueStore {
  list(manager: EntityManager, groupId: string | null): Promise<DueRow[]> {
    return manager.query(
      `select g.slug as "groupSlug", c.name as "channelName", c.state as "channelState", p.post_id as "postId",
         po.state as "postState", po.held_at is not null as held, po.editing, p.state,
         to_char(p.slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as slot
       from publications p
       join posts po on po.group_id = p.group_id and po.id = p.post_id
       join channels c on c.group_id = p.group_id and c.id = p.channel_id
       join groups g on g.id = p.group_id
       where p.state in ('planned', 'publishing', 'in_doubt', 'unconfirmed') and p.slot < clock() + interval '1 day'
         and po.state <> 'cancelled' and ($1::uuid is null or p.group_id = $1)
       order by p.slot limit 500`,
      [groupId],
    )
  }
}
