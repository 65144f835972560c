import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Counters } from '../platforms/platform.js'
import type { SampleAge } from './sample-age.js'

/** A published post that may be due for a reading. */
export interface Readable {
  readonly groupId: string
  readonly id: string
  readonly channelId: string
  readonly remoteId: string
  readonly ageHours: number
  readonly taken: SampleAge[]
}

@Injectable()
export class SamplesStore {
  /** Posts of the last eleven days that are still public; what is due among them is a rule, not a query. */
  readable(manager: EntityManager, limit: number): Promise<Readable[]> {
    return manager.query(
      `select p.group_id as "groupId", p.id, p.channel_id as "channelId", p.remote_id as "remoteId",
         extract(epoch from clock() - p.published_at)::float8 / 3600 as "ageHours",
         array(select s.age from engagement_samples s where s.group_id = p.group_id and s.publication_id = p.id) as taken
       from publications p join channels c on c.group_id = p.group_id and c.id = p.channel_id
       where p.state = 'published' and p.published_at > clock() - interval '11 days'
         and p.published_at <= clock() - interval '1 hour' and c.state <> 'to_reconnect' and c.removed_at is null
       order by p.published_at desc limit $1`,
      [limit],
    )
  }

  /** Two workers may read the same post; the first reading counts. */
  async insert(manager: EntityManager, publication: Readable, age: SampleAge, counters: Counters): Promise<void> {
    await manager.query(
      `insert into engagement_samples (group_id, publication_id, age, taken_at, reactions, replies, reposts, clicks, impressions)
       values ($1, $2, $3, clock(), $4, $5, $6, $7, $8) on conflict do nothing`,
      [
        publication.groupId,
        publication.id,
        age,
        counters.reactions,
        counters.replies,
        counters.reposts,
        counters.clicks,
        counters.impressions,
      ],
    )
  }
}
