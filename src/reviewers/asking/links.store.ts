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

  /** Lets one transaction at a time write to these members, so that requests of the same moment share a mail. */
  async lockMailsTo(manager: EntityManager, memberIds: readonly string[]): Promise<void> {
    for (const id of [...memberIds].sort()) {
      await manager.query('select pg_advisory_xact_lock(hashtext($1))', [`mail to ${id}`])
    }
  }
}
