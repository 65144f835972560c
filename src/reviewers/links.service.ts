import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { Clock } from '../kernel/clock.js'
import { newId, newToken, sha256 } from '../kernel/ids.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { firstSlotOf, linkExpiry, tokensIn } from './link.js'
import { LinksStore } from './links.store.js'
import { ReviewRequestEntity } from './review-request.entity.js'
import { ReviewsStore } from './reviews.store.js'

/** A request and the secret of its link, which is in the mail only. */
export interface MintedLink {
  readonly request: ReviewRequestEntity
  readonly token: string
}

/** Makes and renews the links of requests. At any time one link of a request is alive, at the most. */
@Injectable()
export class LinksService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly links: LinksStore,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Asks a member to look at a revision: a request, and its first link. */
  async mint(
    manager: EntityManager,
    post: PostEntity,
    revisionId: string,
    memberId: string,
    slots: readonly PublicationEntity[],
    leadMinutes: number,
  ): Promise<MintedLink> {
    const now = this.clock.now()
    const token = newToken()
    const request = Object.assign(new ReviewRequestEntity(), {
      groupId: post.groupId,
      id: newId(now.toMillis()),
      postId: post.id,
      revisionId,
      memberId,
      tokenHash: sha256(token),
      expiresAt: linkExpiry(now, firstSlotOf(slots), leadMinutes),
      createdAt: now,
      usedAt: null,
      revokedAt: null,
      revokedBecause: null,
      handedOverAt: null,
      codeHash: null,
      codeExpiresAt: null,
      codeTries: 0,
      halfRemindedAt: null,
      lastRemindedAt: null,
    })
    await this.store.insertRequest(manager, request)
    return { request, token }
  }

  /** A new link for a request that waits; the one before it opens nothing from now on, and says that there is a newer. */
  async renew(manager: EntityManager, request: ReviewRequestEntity): Promise<MintedLink> {
    const token = newToken()
    const renewed = await this.links.replace(manager, request, sha256(token), this.clock.now())
    return { request: renewed, token }
  }

  /** The links in a mail that still wait for an answer. */
  async openIn(manager: EntityManager, text: string): Promise<MintedLink[]> {
    const found: MintedLink[] = []
    for (const token of tokensIn(text)) {
      const request = await this.store.requestByToken(manager, sha256(token))
      if (request && !request.usedAt && !request.revokedAt && !request.handedOverAt) found.push({ request, token })
    }
    return found
  }

  /** Built from the configured origin, never from what a request says about its host. */
  address(token: string): string {
    return `${this.config.publicOrigin}/r/${token}`
  }

  /** Where a member finds the post in the workspace. */
  postPage(groupSlug: string, postId: string): string {
    return `${this.config.publicOrigin}/g/${groupSlug}/posts/${postId}`
  }
}
