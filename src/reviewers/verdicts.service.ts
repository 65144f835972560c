import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import type { ReviewRequestEntity } from './asking/review-request.entity.js'
import { ReceiptsService } from './receipts.service.js'
import { ReviewsStore } from './reviews.store.js'
import { StandingService } from './standing.service.js'
import { VerdictChecksService } from './verdict-checks.service.js'
import type { Decision } from './verdict.js'

/** Gives verdicts: one transaction, in which the post is locked first and the link is used up. */
@Injectable()
export class VerdictsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly checks: VerdictChecksService,
    private readonly standing: StandingService,
    private readonly receipts: ReceiptsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError saying why this verdict cannot be given */
  async give(request: ReviewRequestEntity, decision: Decision): Promise<void> {
    this.checkForm(decision)
    await this.transaction.run(async (manager) => {
      const post = await this.posts.lock(manager, request.groupId, request.postId)
      await this.checks.checkShown(manager, post, request, decision)
      await this.checks.checkProof(manager, post, decision)
      // Before the request: whoever suspends a member locks them in this order too.
      await this.store.lockMember(manager, request)
      const now = this.clock.now()
      const fresh = await this.store.consume(manager, request, now, decision.via === 'session')
      // A used link can still stop the post, and its reviewer may look afresh at a post on hold.
      if (!fresh && decision.kind !== 'stop' && post.heldAt === null) {
        throw new DomainError(
          'link-used',
          'You have answered this already. Your first answer counts; you can still stop the post.',
          'conflict',
        )
      }
      const wasHeld = post.heldAt !== null
      const member = await this.insert(manager, request, decision)
      await this.apply(manager, post, request, decision)
      await this.posts.addEvent(manager, post, post.id, now, sentenceFor(decision, member.name))
      await this.audit.append(manager, post.groupId, {
        kind: 'verdict-given',
        verdict: decision.kind,
        post: post.id,
        revision: request.revisionId,
        request: request.id,
        hash: decision.hash,
        member: request.memberId,
        via: decision.via,
      })
      const happened =
        decision.kind === 'stop' ? 'post-held' : decision.kind === 'approve' && wasHeld ? 'post-released' : null
      if (happened) {
        await this.audit.append(manager, post.groupId, { kind: happened, post: post.id, member: request.memberId })
      }
      // After the log, so that the end of the log in the receipt covers the very answer that it is for.
      await this.receipts.send(manager, post, request, decision, member)
    })
  }

  /** @throws DomainError naming what is missing in the form */
  checkForm(decision: Decision): void {
    this.checks.checkForm(decision)
  }

  private async insert(manager: EntityManager, request: ReviewRequestEntity, decision: Decision) {
    const member = (await this.store.candidates(manager, request.groupId)).find(
      (each) => each.memberId === request.memberId,
    )
    if (!member) throw new DomainError('no-such-member', 'You are no member of this group any more.', 'forbidden')
    const personId = await this.store.personOf(manager, request.groupId, request.memberId)
    const now = this.clock.now()
    try {
      await this.store.insertVerdict(manager, {
        groupId: request.groupId,
        id: newId(now.toMillis()),
        postId: request.postId,
        revisionId: request.revisionId,
        hash: decision.hash,
        memberId: request.memberId,
        personId,
        kind: decision.kind,
        note: decision.note.trim() || null,
        ticks: [...decision.ticks],
        via: decision.via,
        at: now,
      })
    } catch (error) {
      throw explain(error)
    }
    return member
  }

  private async apply(
    manager: EntityManager,
    post: PostEntity,
    request: ReviewRequestEntity,
    decision: Decision,
  ): Promise<void> {
    const wasHeld = post.heldAt !== null
    if (decision.kind === 'stop') Object.assign(post, { heldAt: this.clock.now(), heldBy: request.memberId })
    if (decision.kind === 'approve') Object.assign(post, { heldAt: null, heldBy: null })
    await this.standing.recount(manager, post, { wasHeld })
  }
}

function sentenceFor(decision: Decision, name: string): string {
  const note = decision.note.trim() ? `: “${decision.note.trim()}”` : '.'
  const said = { approve: 'approved it', changes: 'asked for changes', stop: 'stopped it' }[decision.kind]
  return `${name} ${said}${note}`
}

const refusals: Record<string, string> = {
  verdicts_not_contributor: 'You worked on this post yourself, so somebody else has to approve it.',
  verdicts_may_be_asked:
    'The review rules of this group name others who approve, so your approval would not count. You can still ask for changes or stop it.',
  verdicts_reviewer_role: 'You are not a reviewer of this group. Ask an admin if you should be.',
  verdicts_active_member: 'You cannot review in this group at the moment. Ask an admin.',
  verdicts_current_revision: 'Another version has replaced the one you were shown, so your answer was not counted.',
  verdicts_open_post: 'This post is not waiting for anybody’s answer any more.',
}

function explain(error: unknown): unknown {
  const constraint = brokenConstraint(error)
  const sentence = constraint ? refusals[constraint] : undefined
  return constraint && sentence ? new DomainError(constraint.replaceAll('_', '-'), sentence, 'forbidden') : error
}
