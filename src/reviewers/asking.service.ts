import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import type { Content } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import type { RevisionEntity } from '../drafts/revision.entity.js'
import { PoliciesService } from '../groups/policies.service.js'
import { approvalsNeeded, type Carried } from '../groups/policy.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId, newToken, sha256 } from '../kernel/ids.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { choosePool, eligible, sendRefusal, type Candidate } from './approval.js'
import { linkExpiry } from './link.js'
import { requestMail } from './review-mail.js'
import { ReviewRequestEntity } from './review-request.entity.js'
import { ReviewViewsService } from './review-views.service.js'
import { ReviewsStore } from './reviews.store.js'

interface AskingGroup {
  readonly id: string
  readonly name: string
}

/** Asks reviewers: one request, one link and one mail for each. */
@Injectable()
export class AskingService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly views: ReviewViewsService,
    private readonly policies: PoliciesService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Who would be asked, and why it could not be sent if nobody can. */
  async pool(manager: EntityManager, groupId: string, postId: string | null, actor: Actor, carried: Carried) {
    const policy =
      postId === null
        ? await this.policies.current(groupId, manager)
        : await this.policies.over(manager, groupId, postId)
    const needed = approvalsNeeded([policy], carried)
    const contributors = postId ? await this.store.contributors(manager, groupId, postId) : []
    const candidates = await this.store.candidates(manager, groupId)
    const self = candidates.find((each) => each.memberId === actor.memberId)
    const roots = new Set([...contributors.map((each) => each.personId), ...(self ? [self.personId] : [])])
    const names = [...new Set([...contributors.map((each) => each.name), actor.name])]
    const able = eligible(candidates, roots)
    return {
      able,
      needed,
      asked: choosePool(able, needed),
      refusal: sendRefusal(able, needed, names),
      contributorNames: names,
    }
  }

  /**
   * Asks the pool to look at a revision; links to earlier revisions end.
   * @returns the names of those who were asked
   * @throws DomainError when the policy could never be satisfied
   */
  async ask(
    manager: EntityManager,
    actor: Actor,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
  ): Promise<string[]> {
    const { asked, refusal } = await this.pool(manager, group.id, post.id, actor, carriedBy(post))
    if (refusal) throw new DomainError('no-reviewers', refusal, 'conflict')
    await this.store.revokeOpen(manager, group.id, post.id, 'replaced', this.clock.now())
    const requests: ReviewRequestEntity[] = []
    for (const reviewer of asked) requests.push(await this.askOne(manager, group, post, revision, slots, reviewer))
    await this.record(manager, requests)
    return asked.map((each) => each.name)
  }

  /** Passes a request on to the next reviewer of the pool who was not asked yet. @returns the name, or null when nobody is left */
  async handOver(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
  ): Promise<string | null> {
    const next = await this.nextInPool(manager, group.id, post.id, revision.id)
    if (!next) return null
    await this.record(manager, [await this.askOne(manager, group, post, revision, slots, next)])
    return next.name
  }

  /** Makes a request for a member who wants to review without having been asked; no mail is needed. */
  async askSelf(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    memberId: string,
  ): Promise<string> {
    const existing = (await this.store.requestsFor(manager, group.id, [revision.id])).find(
      (each) => each.memberId === memberId,
    )
    if (existing) return existing.id
    const { request } = await this.insert(manager, group, post, revision, slots, memberId)
    await this.record(manager, [request])
    return request.id
  }

  private async nextInPool(
    manager: EntityManager,
    groupId: string,
    postId: string,
    revisionId: string,
  ): Promise<Candidate | null> {
    const contributors = await this.store.contributors(manager, groupId, postId)
    const able = eligible(
      await this.store.candidates(manager, groupId),
      new Set(contributors.map((each) => each.personId)),
    )
    const asked = await this.store.requestsFor(manager, groupId, [revisionId])
    return (
      choosePool(
        able.filter((each) => !asked.some((one) => one.memberId === each.memberId)),
        1,
      )[0] ?? null
    )
  }

  private async askOne(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    reviewer: Candidate,
  ): Promise<ReviewRequestEntity> {
    const { request, token } = await this.insert(manager, group, post, revision, slots, reviewer.memberId)
    const view = await this.views.build(manager, request, '')
    const { subject, parts } = requestMail(view, reviewLink(this.config, token))
    await this.mailer.enqueue(manager, {
      groupId: group.id,
      personId: reviewer.personId,
      to: reviewer.email,
      kind: 'review-request',
      subject,
      ...composeMail(parts, { title: subject, groupName: group.name }),
      thread: `post-${post.id}`,
    })
    return request
  }

  /** Every link that is minted is written down; after the mails, since it locks the head of the log. */
  private async record(manager: EntityManager, requests: readonly ReviewRequestEntity[]): Promise<void> {
    for (const { groupId, id, postId, revisionId, memberId } of requests) {
      const event = { post: postId, revision: revisionId, request: id, member: memberId }
      await this.audit.append(manager, groupId, { kind: 'link-minted', ...event })
    }
  }

  private async insert(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    memberId: string,
  ) {
    const now = this.clock.now()
    const { coolingMinutes } = await this.policies.over(manager, group.id, post.id)
    const token = newToken()
    const firstSlot = slots.map((each) => each.slot).sort((a, b) => a.toMillis() - b.toMillis())[0] ?? null
    const request = Object.assign(new ReviewRequestEntity(), {
      groupId: group.id,
      id: newId(now.toMillis()),
      postId: post.id,
      revisionId: revision.id,
      memberId,
      tokenHash: sha256(token),
      expiresAt: linkExpiry(now, firstSlot, coolingMinutes),
      createdAt: now,
      usedAt: null,
      revokedAt: null,
      revokedBecause: null,
      handedOverAt: null,
      codeHash: null,
      codeExpiresAt: null,
      codeTries: 0,
    })
    await this.store.insertRequest(manager, request)
    return { request, token }
  }
}

/** What extra rules look at. */
export function carriedBy(post: { labels: readonly string[]; content: Content }): Carried {
  return { labels: post.labels, channelIds: post.content.channels.map((each) => each.channelId) }
}

/** Built from the configured origin, never from what a request says about its host. */
export function reviewLink(config: Config, token: string): string {
  return `${config.publicOrigin}/r/${token}`
}
