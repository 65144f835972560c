import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../../audit/audit-log.service.js'
import type { Channel } from '../../channels/channel.js'
import { Transaction } from '../../database/transaction.js'
import { openEnvelope } from '../../drafts/envelope.js'
import type { PostEntity } from '../../drafts/post.entity.js'
import { insist } from '../../drafts/post.js'
import { factsOf, PostsService } from '../../drafts/posts.service.js'
import { PostsStore } from '../../drafts/posts.store.js'
import { sealedTargets, TargetsService, type Targets } from '../../drafts/targets.service.js'
import type { Group } from '../../groups/group.js'
import { GroupsService } from '../../groups/groups.service.js'
import type { Actor } from '../../kernel/actor.js'
import { Clock } from '../../kernel/clock.js'
import { DomainError } from '../../kernel/domain-error.js'
import { PlanningService } from '../../scheduler/planning.service.js'
import { statesOf } from '../../scheduler/publication-words.js'
import type { PublicationEntity } from '../../scheduler/publication.entity.js'
import { PublicationsStore } from '../../scheduler/publications.store.js'
import { inWords } from '../approval.js'
import { AskingService } from './asking.service.js'
import { ExaminationService } from './examination.service.js'
import { LinksService } from './links.service.js'

/** Sends a post for review: checks it, seals a revision, reserves its slots and asks the reviewers, all or nothing. */
@Injectable()
export class SubmissionService {
  constructor(
    private readonly transaction: Transaction,
    private readonly groups: GroupsService,
    private readonly posts: PostsService,
    private readonly store: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly examination: ExaminationService,
    private readonly targets: TargetsService,
    private readonly planning: PlanningService,
    private readonly asking: AskingService,
    private readonly links: LinksService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError saying why it cannot be sent */
  async send(actor: Actor, postId: string, version: number): Promise<void> {
    const group = await this.groups.get(actor.groupId)
    // Before anything is locked, for a network may take its time. What is found for another address is of no use below.
    const { content } = await this.store.get(this.transaction.manager, actor.groupId, postId)
    const targets = await this.targets.lookUp(actor.groupId, content)
    await this.transaction.run(async (manager) => {
      const post = await this.store.lock(manager, actor.groupId, postId)
      const planned = await this.publications.ofPost(manager, actor.groupId, postId)
      insist('sendForReview', factsOf(post, statesOf(planned)))
      if (post.version !== version) {
        throw new DomainError(
          'old-version',
          'Somebody else saved this post since you opened it. Look at it again before you send it.',
          'conflict',
        )
      }
      await this.sealAndAsk(manager, actor, group, post, targets, (channels) =>
        this.planning.plan(manager, group, post, channels),
      )
    })
  }

  /**
   * Seals and sends a post whose wish was changed to what its publications have got already; none of them moves.
   * In the caller's transaction, in which the post is locked. What it answers stays as it was approved.
   */
  async sendForTime(manager: EntityManager, actor: Actor, group: Group, post: PostEntity): Promise<void> {
    const { envelope, source } = await this.posts.currentRevision(manager, post)
    const targets = sealedTargets(openEnvelope(envelope), source.content)
    const plan = () => this.publications.ofPost(manager, actor.groupId, post.id)
    await this.sealAndAsk(manager, actor, group, post, targets, plan)
  }

  /** A slot moved inside what the reviewers were shown: what they were asked stands, and ends with the new slot. */
  async followMove(manager: EntityManager, post: PostEntity): Promise<void> {
    await this.links.follow(manager, post, await this.publications.ofPost(manager, post.groupId, post.id))
  }

  private async sealAndAsk(
    manager: EntityManager,
    actor: Actor,
    group: Group,
    post: PostEntity,
    targets: Targets,
    plan: (channels: readonly Channel[]) => Promise<PublicationEntity[]>,
  ): Promise<void> {
    const findings = await this.examination.examine(manager, post, targets)
    const problems = [
      ...findings.problems,
      ...findings.channels.flatMap((each) =>
        each.problems.map((problem) => `${each.channel.name}: ${problem.message}`),
      ),
    ]
    if (problems.length > 0) throw new DomainError('not-ready', problems.join(' '), 'invalid', { problems })

    const envelope = await this.examination.envelope(manager, post, findings, group.timeZone)
    const revision = await this.posts.sealRevision(manager, actor, post, envelope)
    const slots = await plan(findings.channels.map((each) => each.channel))
    const asked = await this.asking.ask(manager, actor, group, post, revision, slots)
    await this.store.addEvent(
      manager,
      actor,
      post.id,
      this.clock.now(),
      `${actor.name} sent version ${revision.number} for review to ${inWords(asked, 'and')}.`,
    )
    await this.audit.append(manager, actor.groupId, {
      kind: 'sent-for-review',
      post: post.id,
      revision: revision.id,
      hash: revision.hash,
      member: actor.memberId,
    })
  }
}
