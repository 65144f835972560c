import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ChannelsService } from '../channels/channels.service.js'
import { openEnvelope } from '../drafts/envelope.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { moveTo } from '../drafts/post.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { PoliciesService } from '../groups/policies.service.js'
import { Clock } from '../kernel/clock.js'
import { PlanningService } from '../scheduler/planning.service.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { ReviewsStore } from './reviews.store.js'

/** Where a post stands by its verdicts. */
@Injectable()
export class StandingService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly groups: GroupsService,
    private readonly channels: ChannelsService,
    private readonly policies: PoliciesService,
    private readonly planning: PlanningService,
    private readonly publications: PublicationsStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts the verdicts again and puts the post, which the caller has locked, where they put it.
   * @param wasHeld whether it was on hold: the approval that ends a hold starts the time before going out anew
   */
  async recount(manager: EntityManager, post: PostEntity, { wasHeld }: { readonly wasHeld: boolean }): Promise<void> {
    const now = this.clock.now()
    const { objections, enough } = await this.store.count(manager, post.groupId, post.id)
    const state = objections > 0 ? 'changes_requested' : enough ? 'approved' : 'in_review'
    const wasApproved = post.state === 'approved' && !wasHeld
    if (post.state !== state) post.state = moveTo(post.state, state)
    if (state !== 'approved') post.approvedAt = null
    else if (!wasApproved) post.approvedAt = now
    post.updatedAt = now
    await this.posts.save(manager, post)
    if (state !== 'approved' || wasApproved) return
    // Whoever approves it wants it to go out: what missed its time before, and somebody left at that, is open again.
    await this.publications.askAnew(manager, post.groupId, post.id)
    if (post.heldAt === null) await this.planNow(manager, post)
  }

  /**
   * Gives a post, which the caller has locked, the slots that go with its approval if it got none then: a wish for
   * changes was taken back while the post was being changed, say.
   */
  async planLater(manager: EntityManager, post: PostEntity): Promise<void> {
    if (post.state !== 'approved' || post.wish.kind !== 'as_soon_as_approved') return
    if (post.editing || post.heldAt !== null) return
    const planned = await this.publications.ofPost(manager, post.groupId, post.id)
    if (planned.length === 0) await this.planNow(manager, post)
  }

  /** What goes out as soon as it is approved gets its slot with the approval; all else has one, and may have to cool. */
  private async planNow(manager: EntityManager, post: PostEntity): Promise<void> {
    const group = await this.groups.get(post.groupId, manager)
    if (post.wish.kind !== 'as_soon_as_approved') return this.letCool(manager, group, post)
    // What is being changed goes nowhere, and the wish may be another by now.
    if (post.editing) return
    const chosen = new Set(post.content.channels.map((each) => each.channelId))
    const channels = (await this.channels.list(post.groupId, manager)).filter((channel) => chosen.has(channel.id))
    await this.planning.plan(manager, group, post, channels)
  }

  private async letCool(manager: EntityManager, group: Group, post: PostEntity): Promise<void> {
    const revision =
      post.currentRevisionId && (await this.posts.revision(manager, post.groupId, post.currentRevisionId))
    if (!revision) return
    const moved = await this.planning.makeTimeToCool(manager, group, post, openEnvelope(revision.envelope).timing)
    if (moved.length === 0) return
    const { coolingMinutes } = await this.policies.over(manager, post.groupId, post.id)
    for (const { was, publication } of moved) {
      const [from, to] = [was, publication.slot].map((at) => spokenTime(at, group.timeZone))
      await this.posts.addEvent(
        manager,
        post,
        post.id,
        this.clock.now(),
        `It was approved less than ${coolingMinutes} minutes before its time (${from}), so it moved to ${to}.`,
      )
    }
  }
}
