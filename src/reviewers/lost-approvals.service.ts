import { Injectable, Logger, type OnModuleInit } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { moveTo } from '../drafts/post.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { Rechecks } from '../groups/rechecks.service.js'
import { Clock } from '../kernel/clock.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { inWords } from './approval.js'
import { AskingService } from './asking/asking.service.js'
import { longestLinkDays } from './asking/link.js'
import { LivePostsStore, type LivePost } from './live-posts.store.js'
import { ReviewsStore } from './reviews.store.js'
import { StandingNotices } from './standing-notices.service.js'
import { StandingService } from './standing.service.js'

const soonHours = 2

/**
 * Looks again at posts on their way once something around them has changed: a reviewer was suspended, lost the role or
 * turned out to be the author, an approval became too old, a channel leads to another account. The gate would refuse
 * such a post at its slot; here its people learn of it at once, and somebody else is asked. An approval that was given
 * counts again when its reviewer is back; a wish for changes that no longer counts lets nothing go on by itself.
 */
@Injectable()
export class LostApprovalsService implements OnModuleInit {
  private readonly log = new Logger('LostApprovals')

  constructor(
    private readonly transaction: Transaction,
    private readonly live: LivePostsStore,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly asking: AskingService,
    private readonly standing: StandingService,
    private readonly groups: GroupsService,
    private readonly notices: StandingNotices,
    private readonly rechecks: Rechecks,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.rechecks.add(async (groupId) => {
      await this.lookAll(await this.live.ofGroup(this.transaction.manager, groupId), true)
    })
  }

  /** What changed without anybody telling, looked at again before it goes out. */
  async lookSoon(): Promise<void> {
    await this.lookAll(await this.live.dueWithin(this.transaction.manager, soonHours))
  }

  private async lookAll(posts: readonly LivePost[], rulesToo = false): Promise<void> {
    for (const post of posts) {
      // One that breaks must not keep the others from being looked at.
      await this.transaction
        .run((manager) => this.look(manager, post.groupId, post.id, rulesToo))
        .catch((error: unknown) =>
          this.log.error({
            message: 'A post could not be looked at again',
            post: post.id,
            error: error instanceof Error ? error.stack : 'not an Error',
          }),
        )
    }
  }

  /**
   * One post, in the caller's transaction. Does nothing where nothing was lost.
   * @param rulesToo whether whom the review rules name is asked too: once when they change, not at every look
   */
  async look(manager: EntityManager, groupId: string, postId: string, rulesToo = false): Promise<void> {
    const post = await this.posts.lock(manager, groupId, postId)
    if (!['in_review', 'changes_requested', 'approved'].includes(post.state)) return
    const passedOn = await this.live.passOn(manager, groupId, postId, this.clock.now())
    const week = this.clock.now().plus({ days: longestLinkDays })
    const lapsed = await this.live.reopenLapsed(manager, groupId, postId, week)
    const happened = [
      ...lapsed.map((name) => `The approval of ${name} was too long ago and no longer counts; ${name} may look again.`),
      ...passedOn.map((name) => `${name} can no longer review it.`),
      ...(await this.otherAccount(manager, post)),
      ...(await this.lostApproval(manager, post)),
    ]
    await this.standing.planLater(manager, post)
    const named = rulesToo && post.state === 'in_review' && (await this.live.isNamedUnasked(manager, groupId, postId))
    if (named) happened.push('The review rules now ask for somebody who was not asked yet.')
    if (happened.length === 0) return this.regain(manager, post)
    const asked = await this.askInstead(manager, post, passedOn.length > 0 || named)
    const instead =
      asked === undefined ? [] : [asked === null ? 'Nobody is left who may approve it.' : `Asked instead: ${asked}.`]
    for (const text of [...happened, ...instead]) {
      await this.posts.addEvent(manager, post, postId, this.clock.now(), text)
    }
    await this.notices.tell(manager, post, { happened: happened.join(' '), asked })
    await this.audit.append(manager, groupId, {
      kind: 'approval-lost',
      post: postId,
      state: post.state,
      requests: passedOn.length,
    })
  }

  /** Words that were agreed to for one account do not go out on another: they are a change that has to be sent anew. */
  private async otherAccount(manager: EntityManager, post: PostEntity): Promise<string[]> {
    if (post.editing) return []
    const names = await this.live.otherAccounts(manager, post.groupId, post.id)
    if (names.length === 0) return []
    Object.assign(post, { editing: true, version: post.version + 1, updatedAt: this.clock.now() })
    await this.posts.save(manager, post)
    return [
      `${inWords(names, 'and')} leads to another account than the one that was agreed to, so no approval counts any more. Send the post for review again.`,
    ]
  }

  /** A reviewer who is back takes the answers given before along: somebody suspended by mistake, say. */
  private async regain(manager: EntityManager, post: PostEntity): Promise<void> {
    if (post.state !== 'in_review' || post.editing || post.heldAt !== null) return
    const { enough, objections } = await this.store.count(manager, post.groupId, post.id)
    if (!enough || objections > 0) return
    await this.standing.recount(manager, post, { wasHeld: false })
    const text = 'An approval counts again, so it is approved.'
    await this.posts.addEvent(manager, post, post.id, this.clock.now(), text)
    await this.audit.append(manager, post.groupId, { kind: 'approval-regained', post: post.id })
  }

  private async lostApproval(manager: EntityManager, post: PostEntity): Promise<string[]> {
    if (post.state !== 'approved' || post.editing) return []
    const { objections, enough } = await this.store.count(manager, post.groupId, post.id)
    if (enough && objections === 0) return []
    const state = moveTo(post.state, objections > 0 ? 'changes_requested' : 'in_review')
    Object.assign(post, { state, approvedAt: null, updatedAt: this.clock.now() })
    await this.posts.save(manager, post)
    return ['Its approvals are no longer enough, so it waits for review again.']
  }

  /** @returns who was asked, null when somebody should be and nobody is left, undefined when nobody has to be */
  private async askInstead(
    manager: EntityManager,
    post: PostEntity,
    anyPassedOn: boolean,
  ): Promise<string | null | undefined> {
    if (post.state !== 'in_review' || post.editing || !post.currentRevisionId) return undefined
    const { groupId, id } = post
    const revision = await this.posts.revision(manager, groupId, post.currentRevisionId)
    if (!revision) return undefined
    const group = await this.groups.get(groupId, manager)
    const slots = await this.publications.ofPost(manager, groupId, id)
    const { approvals, needed } = await this.store.count(manager, groupId, id)
    const open = (await this.store.requestsFor(manager, groupId, [revision.id])).filter(
      (each) => !each.usedAt && !each.revokedAt && !each.handedOverAt,
    )
    const missing = needed - approvals - open.length
    if (missing <= 0 && !anyPassedOn) return undefined
    const asked = await this.asking.askNext(manager, group, post, revision, slots, Math.max(missing, 1))
    if (asked.length > 0) return inWords(asked, 'and')
    return missing > 0 ? null : undefined
  }
}
