import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ChannelsService } from '../channels/channels.service.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { moveTo } from '../drafts/post.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { Clock } from '../kernel/clock.js'
import { PlanningService } from '../scheduler/planning.service.js'
import { ReviewsStore } from './reviews.store.js'

/** Where a post stands by its verdicts. */
@Injectable()
export class StandingService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly groups: GroupsService,
    private readonly channels: ChannelsService,
    private readonly planning: PlanningService,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts the verdicts again and puts the post, which the caller has locked, where they put it.
   * @param news what has just been said: an approval starts the time before going out anew
   */
  async recount(
    manager: EntityManager,
    post: PostEntity,
    news: { readonly approval: boolean; readonly wasHeld: boolean },
  ): Promise<void> {
    const now = this.clock.now()
    const { objections, enough } = await this.store.count(manager, post.groupId, post.id)
    const state = objections > 0 ? 'changes_requested' : enough ? 'approved' : 'in_review'
    const wasApproved = post.state === 'approved' && !news.wasHeld
    if (post.state !== state) post.state = moveTo(post.state, state)
    if (state !== 'approved') post.approvedAt = null
    else if (!wasApproved || news.approval) post.approvedAt = now
    post.updatedAt = now
    await this.posts.save(manager, post)
    if (state === 'approved' && !wasApproved && post.heldAt === null) await this.planNow(manager, post)
  }

  /** What goes out as soon as it is approved gets its slot with the approval; all else has one since it was sent. */
  private async planNow(manager: EntityManager, post: PostEntity): Promise<void> {
    if (post.wish.kind !== 'as_soon_as_approved') return
    const group = await this.groups.get(post.groupId, manager)
    const chosen = new Set(post.content.channels.map((each) => each.channelId))
    const channels = (await this.channels.list(post.groupId, manager)).filter((channel) => chosen.has(channel.id))
    await this.planning.plan(manager, group, post, channels)
  }
}
