import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../../audit/audit-log.service.js'
import { ChannelsService } from '../../channels/channels.service.js'
import type { Content } from '../../drafts/content.js'
import type { PostEntity } from '../../drafts/post.entity.js'
import type { RevisionEntity } from '../../drafts/revision.entity.js'
import { PoliciesService } from '../../groups/policies.service.js'
import { approvalsNeeded, extraRulesFor, type Carried, type Policy } from '../../groups/policy.js'
import type { Actor } from '../../kernel/actor.js'
import { Clock } from '../../kernel/clock.js'
import { DomainError } from '../../kernel/domain-error.js'
import type { PublicationEntity } from '../../scheduler/publication.entity.js'
import { away, choosePool, eligible, sendRefusal, type Candidate, type NamedRule } from '../approval.js'
import { ReviewsStore } from '../reviews.store.js'
import type { WhyAsked } from './asking-mail.js'
import { firstSlotOf, holdUntil } from './link.js'
import { LinksService, type MintedLink } from './links.service.js'
import { RequestMailsService } from './request-mails.service.js'

interface AskingGroup {
  readonly id: string
  readonly name: string
}

/** Asks reviewers: one request, one link and one mail for each. */
@Injectable()
export class AskingService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly policies: PoliciesService,
    private readonly channels: ChannelsService,
    private readonly links: LinksService,
    private readonly mails: RequestMailsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Who would be asked, and why it could not be sent if nobody can. */
  async pool(manager: EntityManager, groupId: string, postId: string | null, actor: Actor, carried: Carried) {
    // What is being sent, or will be, is sent under the policy of now.
    const policy = await this.policies.current(groupId, manager)
    const needed = approvalsNeeded([policy], carried)
    const contributors = postId ? await this.store.contributors(manager, groupId, postId) : []
    const candidates = await this.store.candidates(manager, groupId)
    const self = candidates.find((each) => each.memberId === actor.memberId)
    const roots = new Set([...contributors.map((each) => each.personId), ...(self ? [self.personId] : [])])
    const names = [...new Set([...contributors.map((each) => each.name), actor.name])]
    const { mayBeAsked } = policy
    const able = eligible(candidates, roots, mayBeAsked)
    const awayNow = away(candidates, roots, mayBeAsked)
    const rules = await this.namedRules(manager, groupId, policy, carried)
    return {
      needed,
      asked: choosePool(able, needed, rules, candidates),
      refusal: sendRefusal({ able, candidates, needed, contributorNames: names, awayNow, mayBeAsked, rules }),
    }
  }

  /** The rules that apply to what a post carries and name reviewers, with its channels by name. */
  private async namedRules(
    manager: EntityManager,
    groupId: string,
    policy: Policy,
    carried: Carried,
  ): Promise<NamedRule[]> {
    const rules = extraRulesFor(policy, carried).filter((rule) => rule.reviewers.length > 0)
    if (rules.length === 0) return []
    const channels = await this.channels.listAll(groupId, manager)
    return rules.map(({ reviewers, hitLabels, hitChannelIds }) => ({
      reviewers,
      labels: hitLabels,
      channels: channels.filter((each) => hitChannelIds.includes(each.id)).map((each) => each.name),
    }))
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
    await this.askThese(manager, group, post, revision, slots, asked, { kind: 'asked' })
    return asked.map((each) => each.name)
  }

  /** Passes a request on to the next reviewer of the pool who was not asked yet. @returns the name, or null when nobody is left */
  async handOver(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    passedOnBy: string,
  ): Promise<string | null> {
    const [next] = await this.notAskedYet(manager, group.id, post, revision.id)
    if (!next) return null
    await this.askThese(manager, group, post, revision, slots, [next], { kind: 'passed-on', by: passedOnBy })
    return next.name
  }

  /** Asks up to `count` more of the pool, because those who were asked do not answer. @returns their names */
  async askNext(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    count: number,
  ): Promise<string[]> {
    const next = (await this.notAskedYet(manager, group.id, post, revision.id)).slice(0, count)
    await this.askThese(manager, group, post, revision, slots, next, { kind: 'escalated' })
    return next.map((each) => each.name)
  }

  /**
   * Makes a request for a member who wants to review without having been asked; no mail is needed.
   * @throws DomainError `contributor`
   */
  async askSelf(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    memberId: string,
  ): Promise<string> {
    const personId = await this.store.personOf(manager, group.id, memberId)
    const root = await this.store.rootOf(manager, personId)
    if ((await this.store.contributors(manager, group.id, post.id)).some((each) => each.personId === root)) {
      throw new DomainError(
        'contributor',
        'You worked on this post yourself, so somebody else has to check it. You see who was asked on the post’s page.',
        'forbidden',
      )
    }
    const existing = (await this.store.requestsFor(manager, group.id, [revision.id])).find(
      (each) => each.memberId === memberId,
    )
    if (existing) {
      // Who passed it on, or was suspended in between, may still look.
      if (existing.handedOverAt || existing.revokedBecause === 'member')
        await this.links.revive(manager, existing, slots)
      return existing.id
    }
    const minted = await this.links.mint(manager, post, revision.id, [memberId], slots)
    await this.record(manager, minted)
    return minted[0]!.request.id
  }

  /** Those of the pool who may review and were not asked about this revision, the least busy first. */
  private async notAskedYet(
    manager: EntityManager,
    groupId: string,
    post: PostEntity,
    revisionId: string,
  ): Promise<Candidate[]> {
    const policy = await this.policies.over(manager, groupId, post.id)
    const contributors = await this.store.contributors(manager, groupId, post.id)
    const candidates = await this.store.candidates(manager, groupId)
    const able = eligible(candidates, new Set(contributors.map((each) => each.personId)), policy.mayBeAsked)
    const asked = await this.store.requestsFor(manager, groupId, [revisionId])
    const left = able.filter((each) => !asked.some((one) => one.memberId === each.memberId))
    const rules = await this.namedRules(manager, groupId, policy, carriedBy(post))
    return choosePool(left, left.length, rules, candidates)
  }

  private async askThese(
    manager: EntityManager,
    group: AskingGroup,
    post: PostEntity,
    revision: RevisionEntity,
    slots: readonly PublicationEntity[],
    reviewers: readonly Candidate[],
    why: WhyAsked,
  ): Promise<void> {
    const ids = reviewers.map((each) => each.memberId)
    await this.links.lockMailsTo(manager, ids)
    const minted = await this.links.mint(manager, post, revision.id, ids, slots)
    const tellings = reviewers.map((reviewer, index) => {
      const link = minted[index]!
      const { createdAt: now, expiresAt } = link.request
      // Somebody else had this before, so it has waited already.
      return {
        reviewer,
        minted: link,
        why,
        until: why.kind === 'asked' ? holdUntil(now, firstSlotOf(slots), expiresAt) : now,
      }
    })
    await this.mails.ask(manager, group.name, tellings)
    await this.record(manager, minted)
  }

  /** Every link that is minted is written down; after the mails, since it locks the head of the log. */
  private async record(manager: EntityManager, minted: readonly MintedLink[]): Promise<void> {
    await this.audit.appendAll(
      manager,
      minted.map(({ request: { groupId, id, postId, revisionId, memberId } }) => ({
        groupId,
        event: { kind: 'link-minted', post: postId, revision: revisionId, request: id, member: memberId },
      })),
    )
  }
}

/** What extra rules look at. */
export function carriedBy(post: { labels: readonly string[]; content: Content }): Carried {
  return { labels: post.labels, channelIds: post.content.channels.map((each) => each.channelId) }
}
