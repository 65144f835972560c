import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Part } from '../drafts/parts.js'
import { PublicationPartEntity } from './publication-part.entity.js'
import type { PublicationEntity } from './publication.entity.js'

/** What a worker holds while it writes parts: by its claim, or by looking it up. */
export interface Hold {
  readonly publication: Pick<PublicationEntity, 'groupId' | 'id' | 'tries' | 'worker'>
  readonly state: 'publishing' | 'in_doubt'
}

type Numbered = Pick<Part, 'number' | 'kind'>

/** The parts of publications that are out, or whose sending has begun. Written one by one, by whoever holds the publication. */
@Injectable()
export class PartsStore {
  /** In order. */
  of(
    manager: EntityManager,
    publications: readonly { groupId: string; id: string }[],
  ): Promise<PublicationPartEntity[]> {
    if (publications.length === 0) return Promise.resolve([])
    return manager
      .createQueryBuilder(PublicationPartEntity, 'p')
      .where(
        '(p.group_id, p.publication_id) in (select * from unnest(cast(:groups as uuid[]), cast(:ids as uuid[])))',
        {
          groups: publications.map((each) => each.groupId),
          ids: publications.map((each) => each.id),
        },
      )
      .orderBy('p.publication_id')
      .addOrderBy('p.number')
      .getMany()
  }

  /** Notes what an adapter has to know later about a part that is not out yet. @returns false when it is not held any more */
  async keep(manager: EntityManager, hold: Hold, part: Numbered, memo: string): Promise<boolean> {
    return this.write(
      manager,
      hold,
      `insert into publication_parts as known (group_id, publication_id, number, kind, revision_id, memo, created_at)
       select group_id, id, $6, $7, revision_id, $8, clock() from held
       on conflict (group_id, publication_id, number) do update
         set memo = excluded.memo, revision_id = excluded.revision_id where known.remote_id is null
       returning 1`,
      [part.number, part.kind, memo],
    )
  }

  /**
   * Notes that a part is out. The address of the first is that of the publication from then on, whatever comes of the rest.
   * @returns false when it is not held any more
   */
  async settle(
    manager: EntityManager,
    hold: Hold,
    part: Numbered,
    out: { readonly remoteId: string; readonly url: string },
  ): Promise<boolean> {
    return this.write(
      manager,
      hold,
      `, addressed as (
         update publications p set remote_id = $8, url = $9, updated_at = clock()
         from held where p.group_id = held.group_id and p.id = held.id and $6 = 1
       )
       insert into publication_parts as known (group_id, publication_id, number, kind, revision_id, remote_id, url, published_at, created_at)
       select group_id, id, $6, $7, revision_id, $8, $9, clock(), clock() from held
       on conflict (group_id, publication_id, number) do update
         set remote_id = excluded.remote_id, url = excluded.url, published_at = excluded.published_at,
           revision_id = excluded.revision_id
         where known.remote_id is null
       returning 1`,
      [part.number, part.kind, out.remoteId, out.url],
    )
  }

  async markRetracted(manager: EntityManager, part: PublicationPartEntity): Promise<void> {
    const { groupId, publicationId, number } = part
    await manager.query(
      `update publication_parts set retracted_at = clock()
       where group_id = $1 and publication_id = $2 and number = $3 and retracted_at is null`,
      [groupId, publicationId, number],
    )
  }

  /** How many parts are out, and whether the next one may be too although nobody knows it. */
  async progress(
    manager: EntityManager,
    { groupId, id }: { groupId: string; id: string },
  ): Promise<{ readonly out: number; readonly doubt: boolean }> {
    const [row]: { out: number; doubt: boolean }[] = await manager.query(
      'select parts_out($1, $2) as out, part_in_doubt($1, $2) as doubt',
      [groupId, id],
    )
    return row ?? { out: 0, doubt: true }
  }

  /**
   * Remote ids of what else is out on the channel's account since a week ago: a channel that was removed, and another
   * group's, may have the same account. What the network has taken down shows there for some minutes at most, and what
   * comes after that may have the same id: a repost that is sent again.
   */
  async othersOn(
    manager: EntityManager,
    { groupId, channelId, id }: Pick<PublicationEntity, 'groupId' | 'channelId' | 'id'>,
  ): Promise<string[]> {
    const rows: { remoteId: string }[] = await manager.query(
      `with recent as materialized (
         select p.group_id, p.id, p.remote_id from channels here
         join channels c on c.network = here.network and c.remote_account_id = here.remote_account_id
         join publications p on p.group_id = c.group_id and p.channel_id = c.id and p.id <> $3
           and p.slot > clock() - interval '7 days'
           and (p.state <> 'retracted' or p.updated_at > clock() - interval '15 minutes')
         where here.group_id = $1 and here.id = $2
       )
       select remote_id as "remoteId" from recent where remote_id is not null
       union select r.remote_id from recent p
       join publication_parts r on r.group_id = p.group_id and r.publication_id = p.id
       where r.remote_id is not null`,
      [groupId, channelId, id],
    )
    return rows.map((row) => row.remoteId)
  }

  /** Fenced by attempt, worker and state: what somebody else has taken over meanwhile is written by them alone. */
  private async write(
    manager: EntityManager,
    { publication: { groupId, id, tries, worker }, state }: Hold,
    statement: string,
    values: readonly unknown[],
  ): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `with held as materialized (
         select group_id, id, revision_id from publications
         where group_id = $1 and id = $2 and tries = $3 and worker = $4 and state = $5 for no key update
       )
       ${statement}`,
      [groupId, id, tries, worker, state, ...values],
    )
    return rows.length > 0
  }
}
