import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { insist } from '../drafts/post.js'
import { factsOf, PostsService } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { ReviewsStore } from './reviews.store.js'
import { StandingNotices } from './standing-notices.service.js'
import { StandingService } from './standing.service.js'
import type { VerdictEntity } from './verdict.entity.js'

/** Takes an answer back: by whoever gave it, as long as the post is not out. It can be answered afresh afterwards. */
@Injectable()
export class WithdrawalService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly drafts: PostsService,
    private readonly publications: PublicationsStore,
    private readonly standing: StandingService,
    private readonly notices: StandingNotices,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError saying why there is nothing to take back */
  async withdraw(actor: Actor, postId: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      const post = await this.posts.lock(manager, actor.groupId, postId)
      const publications = await this.publications.ofPost(manager, actor.groupId, postId)
      const states = statesOf(publications)
      insist('withdraw', factsOf(post, states))
      const revision = await this.drafts.currentRevision(manager, post)
      const given = await this.lastAnswer(manager, post, actor)
      if (given.kind === 'stop') {
        throw new DomainError(
          'stop-stands',
          'You stopped this post, and a stop is not taken back: look at the post afresh and approve it, and it goes on.',
          'conflict',
        )
      }
      const now = this.clock.now()
      const wasApproved = post.state === 'approved'
      await this.store.insertVerdict(manager, {
        groupId: post.groupId,
        id: newId(now.toMillis()),
        postId,
        revisionId: revision.id,
        hash: revision.hash,
        memberId: actor.memberId,
        personId: await this.store.personOf(manager, actor.groupId, actor.memberId),
        kind: 'withdrawn',
        note: null,
        ticks: [],
        via: 'session',
        at: now,
      })
      await this.store.reopen(manager, post.groupId, revision.id, actor.memberId)
      await this.standing.recount(manager, post, { wasHeld: post.heldAt !== null })
      const what = given.kind === 'approve' ? 'their approval' : 'their wish for changes'
      const happened = `${actor.name} took back ${what} of version ${revision.number}.`
      await this.posts.addEvent(manager, actor, postId, now, happened)
      if (wasApproved && post.state !== 'approved') {
        await this.notices.tell(manager, post, { happened, except: actor.memberId })
      }
      await this.audit.append(manager, actor.groupId, {
        kind: 'verdict-withdrawn',
        post: postId,
        revision: revision.id,
        hash: revision.hash,
        member: actor.memberId,
      })
    })
  }

  /** The last word of this human being, whichever of their memberships it came by. */
  private async lastAnswer(manager: EntityManager, post: PostEntity, actor: Actor): Promise<VerdictEntity> {
    const people = await this.store.candidates(manager, post.groupId)
    const rootOf = new Map(people.map((each) => [each.memberId, each.personId]))
    const mine = (await this.store.verdicts(manager, post.groupId, [post.id]))
      .filter((each) => each.revisionId === post.currentRevisionId)
      .filter((each) => rootOf.get(each.memberId) === rootOf.get(actor.memberId))
      .at(-1)
    if (mine && mine.kind !== 'withdrawn') return mine
    throw new DomainError(
      'nothing-to-withdraw',
      'You have given no answer on this version of the post that could be taken back.',
      'conflict',
    )
  }
}
