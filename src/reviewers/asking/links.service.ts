import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { Config } from '../../config/config.js'
import type { PostEntity } from '../../drafts/post.entity.js'
import { PoliciesService } from '../../groups/policies.service.js'
import { Clock } from '../../kernel/clock.js'
import { newId, newToken, sha256 } from '../../kernel/ids.js'
import type { PublicationEntity } from '../../scheduler/publication.entity.js'
import { ReviewsStore } from '../reviews.store.js'
import { firstSlotOf, linkExpiry, tokensIn } from './link.js'
import { LinksStore } from './links.store.js'
import { ReviewRequestEntity } from './review-request.entity.js'

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
    private readonly policies: PoliciesService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Asks members to look at a revision: for each, in their order, a request and its first link. */
  async mint(
    manager: EntityManager,
    post: PostEntity,
    revisionId: string,
    memberIds: readonly string[],
    slots: readonly PublicationEntity[],
  ): Promise<MintedLink[]> {
    const expiresAt = await this.expiry(manager, post.groupId, post.id, slots)
    const now = this.clock.now()
    // Sorted, so that those of one instant are listed in the order in which they were asked.
    const ids = memberIds.map(() => newId(now.toMillis())).sort()
    const minted = memberIds.map((memberId, index) =>
      requestFor(post, revisionId, memberId, ids[index]!, now, expiresAt),
    )
    await this.store.insertRequests(
      manager,
      minted.map(({ request }) => request),
    )
    return minted
  }

  /** A new link for a request that waits; the one before it opens nothing from now on, and says that there is a newer. */
  async renew(manager: EntityManager, request: ReviewRequestEntity): Promise<MintedLink> {
    const token = newToken()
    const renewed = await this.links.replace(manager, request, sha256(token), this.clock.now())
    return { request: renewed, token }
  }

  /** Lets somebody who passed a request on, or was shut out in between, answer it after all. */
  async revive(
    manager: EntityManager,
    request: ReviewRequestEntity,
    slots: readonly PublicationEntity[],
  ): Promise<void> {
    const expiresAt = await this.expiry(manager, request.groupId, request.postId, slots)
    await this.links.revive(manager, request, expiresAt)
  }

  /** Before anything is mailed to these members, so that requests of the same moment find each other. */
  lockMailsTo(manager: EntityManager, memberIds: readonly string[]): Promise<void> {
    return this.links.lockMailsTo(manager, memberIds)
  }

  /** The links in a mail that still wait for an answer. */
  async openIn(manager: EntityManager, text: string): Promise<MintedLink[]> {
    const tokens = new Map(tokensIn(text).map((token) => [sha256(token), token]))
    const found = (await this.store.requestsByTokens(manager, [...tokens.keys()]))
      .filter((request) => !request.usedAt && !request.revokedAt && !request.handedOverAt)
      .map((request) => ({ request, token: tokens.get(request.tokenHash) ?? '' }))
    // In the order of the mail.
    const order = [...tokens.values()]
    return found.sort((one, other) => order.indexOf(one.token) - order.indexOf(other.token))
  }

  /** What a request's mail says of its post holds for as long as this text is the same; by the request's id. */
  stamps(manager: EntityManager, requests: readonly ReviewRequestEntity[]): Promise<Map<string, string>> {
    return this.links.stamps(manager, requests)
  }

  /** Lets the links that wait for an answer end with the slots that the post has now. */
  async follow(manager: EntityManager, post: PostEntity, slots: readonly PublicationEntity[]): Promise<void> {
    if (post.currentRevisionId === null) return
    const expiresAt = await this.expiry(manager, post.groupId, post.id, slots)
    await this.links.follow(manager, post.groupId, post.currentRevisionId, expiresAt)
  }

  private async expiry(
    manager: EntityManager,
    groupId: string,
    postId: string,
    slots: readonly PublicationEntity[],
  ): Promise<DateTime> {
    const { coolingMinutes } = await this.policies.over(manager, groupId, postId)
    return linkExpiry(this.clock.now(), firstSlotOf(slots), coolingMinutes)
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

function requestFor(
  post: PostEntity,
  revisionId: string,
  memberId: string,
  id: string,
  now: DateTime,
  expiresAt: DateTime,
): MintedLink {
  const token = newToken()
  const request = Object.assign(new ReviewRequestEntity(), {
    groupId: post.groupId,
    id,
    postId: post.id,
    revisionId,
    memberId,
    tokenHash: sha256(token),
    expiresAt,
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
  return { request, token }
}
