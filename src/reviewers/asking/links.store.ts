import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, IsNull } from 'typeorm'

import { ReplacedLinkEntity } from './replaced-link.entity.js'
import { ReviewRequestEntity } from './review-request.entity.js'

@Injectable()
export class LinksStore {
  /** Gives a request another link and remembers the one before. */
  async replace(
    manager: EntityManager,
    request: ReviewRequestEntity,
    tokenHash: string,
    at: DateTime,
  ): Promise<ReviewRequestEntity> {
    await manager.insert(ReplacedLinkEntity, {
      groupId: request.groupId,
      tokenHash: request.tokenHash,
      requestId: request.id,
      replacedAt: at,
    })
    await manager.update(ReviewRequestEntity, { groupId: request.groupId, id: request.id }, { tokenHash })
    return Object.assign(new ReviewRequestEntity(), request, { tokenHash })
  }

  replaced(manager: EntityManager, tokenHash: string): Promise<ReplacedLinkEntity | null> {
    return manager.findOneBy(ReplacedLinkEntity, { tokenHash })
  }

  /** Makes the request of somebody who was suspended in between answerable again, by a link that nobody has. */
  async revive(manager: EntityManager, request: ReviewRequestEntity, expiresAt: DateTime): Promise<void> {
    await manager.update(
      ReviewRequestEntity,
      { groupId: request.groupId, id: request.id, usedAt: IsNull() },
      { revokedAt: null, revokedBecause: null, handedOverAt: null, expiresAt },
    )
  }

  async follow(manager: EntityManager, groupId: string, revisionId: string, expiresAt: DateTime): Promise<void> {
    await manager.update(
      ReviewRequestEntity,
      { groupId, revisionId, usedAt: IsNull(), revokedAt: IsNull() },
      { expiresAt },
    )
  }

  /** Changes with the post, its slots, its verdicts and the policy; by the request's id. */
  async stamps(manager: EntityManager, requests: readonly ReviewRequestEntity[]): Promise<Map<string, string>> {
    const rows: { id: string; stamp: string }[] = await manager.query(
      `select r.id, concat_ws(' ', r.revision_id, p.version, p.updated_at, current_policy(p.group_id),
         (select max(u.updated_at) from publications u
           where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled'),
         (select max(v.seq) from verdicts v where v.group_id = p.group_id and v.post_id = p.id)) as stamp
       from review_requests r join posts p on p.group_id = r.group_id and p.id = r.post_id
       where (r.group_id, r.id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
      [requests.map((each) => each.groupId), requests.map((each) => each.id)],
    )
    return new Map(rows.map(({ id, stamp }) => [id, stamp]))
  }

  /** Lets one transaction at a time write to these members, so that requests of the same moment share a mail. */
  async lockMailsTo(manager: EntityManager, memberIds: readonly string[]): Promise<void> {
    for (const id of [...memberIds].sort()) {
      await manager.query('select pg_advisory_xact_lock(hashtext($1))', [`mail to ${id}`])
    }
  }
}
