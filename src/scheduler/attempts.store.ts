import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AttemptEntity, type AttemptState } from './attempt.entity.js'
import { publicationsOf, type Claim } from './claims.store.js'
import type { PublicationEntity } from './publication.entity.js'

/** A claim and its publication as it is now, locked. */
export interface Held {
  readonly claim: Claim
  readonly publication: PublicationEntity
}

/** What was written down as public, with the name of its channel. */
export interface Settled {
  readonly groupId: string
  readonly id: string
  readonly postId: string
  readonly attempt: number
  readonly remoteId: string
  readonly channel: string
}

/** Attempts, written down by the claiming statement, and how they end: fenced by worker and number. */
@Injectable()
export class AttemptsStore {
  /** Those of the claims that their worker still holds, by this very attempt; locked for settling. */
  async stillHeld(manager: EntityManager, claims: readonly Claim[]): Promise<Held[]> {
    const rows = await publicationsOf(
      manager,
      claims.map(({ publication }) => publication),
      true,
    )
    return rows.flatMap((publication) => {
      const claim = claims.find((each) => each.publication.id === publication.id)
      return claim && publication.state === 'publishing' && publication.tries === claim.attempt
        ? [{ claim, publication }]
        : []
    })
  }

  async settleAttempt(
    manager: EntityManager,
    claim: Claim,
    state: AttemptState,
    cause: string | null,
    detail: string | null,
  ): Promise<void> {
    const { groupId, id } = claim.publication
    await manager.query(
      `update attempts set state = $4, cause = $5, detail = left($6, 4000), ended_at = clock(),
         part = case when $4 = 'published' then part else 1 + parts_out(group_id, publication_id) end
       where group_id = $1 and publication_id = $2 and number = $3 and state = 'sending'`,
      [groupId, id, claim.attempt, state, cause, detail],
    )
  }

  /**
   * Writes down for many at once, attempt and publication, that they are public: those that their worker still holds, by
   * this very attempt. Their posts are locked.
   */
  async settlePublished(
    manager: EntityManager,
    settled: readonly { claim: Claim; remoteId: string; url: string }[],
  ): Promise<Settled[]> {
    return manager.query(
      `with settled as (
         update publications p set state = 'published', doubt = false, remote_id = s.remote_id, url = s.url,
           published_at = (select clock()), lease_until = null, cause = null, next_step = null, updated_at = (select clock())
         from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[]) as s (group_id, id, number, remote_id, url)
         where p.group_id = s.group_id and p.id = s.id and p.tries = s.number and p.state = 'publishing'
         returning p.group_id, p.id, p.post_id, p.channel_id, p.tries, p.remote_id
       ), ended as (
         update attempts a set state = 'published', ended_at = (select clock()) from settled s
         where a.group_id = s.group_id and a.publication_id = s.id and a.number = s.tries and a.state = 'sending'
       )
       select s.group_id as "groupId", s.id, s.post_id as "postId", s.tries as attempt, s.remote_id as "remoteId", c.name as channel
       from settled s join channels c on c.group_id = s.group_id and c.id = s.channel_id
       order by s.group_id, s.id`,
      [
        settled.map(({ claim }) => claim.publication.groupId),
        settled.map(({ claim }) => claim.publication.id),
        settled.map(({ claim }) => claim.attempt),
        settled.map(({ remoteId }) => remoteId),
        settled.map(({ url }) => url),
      ],
    )
  }

  /** Every try of these publications, the newest first. */
  ofPublications(manager: EntityManager, groupId: string, publicationIds: readonly string[]): Promise<AttemptEntity[]> {
    return manager
      .createQueryBuilder(AttemptEntity, 'a')
      .where('a.group_id = :groupId and a.publication_id = any(:ids)', { groupId, ids: [...publicationIds] })
      .orderBy('a.started_at', 'DESC')
      .getMany()
  }
}
