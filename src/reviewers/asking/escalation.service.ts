import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../../audit/audit-log.service.js'
import { Transaction } from '../../database/transaction.js'
import type { PostEntity } from '../../drafts/post.entity.js'
import { PostsStore } from '../../drafts/posts.store.js'
import { GroupsService } from '../../groups/groups.service.js'
import { Clock } from '../../kernel/clock.js'
import { PublicationsStore } from '../../scheduler/publications.store.js'
import { spokenTime } from '../../scheduler/spoken-time.js'
import { inWords, needsSentence } from '../approval.js'
import { ReviewsStore } from '../reviews.store.js'
import { AskingService } from './asking.service.js'
import { AuthorMailsService } from './author-mails.service.js'
import { isAwake, reminderTimes } from './reminders.js'
import { RemindersService } from './reminders.service.js'
import { RemindersStore, type WaitingRevision } from './reminders.store.js'

/** Asks others when nobody answers, before the slot is lost; tells the author when there is nobody left to ask. */
@Injectable()
export class EscalationService {
  constructor(
    private readonly transaction: Transaction,
    private readonly waiting: RemindersStore,
    private readonly reminders: RemindersService,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly groups: GroupsService,
    private readonly asking: AskingService,
    private readonly authors: AuthorMailsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @returns for how many versions others were asked, or the author was told */
  async escalate(): Promise<number> {
    const now = this.clock.now()
    let done = 0
    for (const revision of await this.waiting.revisions(this.transaction.manager)) {
      const waking = await this.reminders.wakingHours(revision.groupId)
      const { escalate } = reminderTimes(revision, waking)
      if (escalate === null || escalate > now || !isAwake(now, waking)) continue
      if (await this.transaction.run((manager) => this.askOthers(manager, revision))) done += 1
    }
    return done
  }

  private async askOthers(manager: EntityManager, waiting: WaitingRevision): Promise<boolean> {
    const post = await this.posts.lock(manager, waiting.groupId, waiting.postId)
    if (post.currentRevisionId !== waiting.revisionId || post.state !== 'in_review' || post.heldAt || post.editing)
      return false
    const now = this.clock.now()
    if (!(await this.waiting.claimRevision(manager, waiting, now))) return false
    const group = await this.groups.get(post.groupId, manager)
    const revision = (await this.posts.revision(manager, group.id, waiting.revisionId))!
    const slots = await this.publications.ofPost(manager, group.id, post.id)
    const { approvals, needed } = await this.store.count(manager, group.id, post.id)
    const before = await this.namesAsked(manager, post, revision.id)
    // As when it was sent: two more than it takes.
    const names = await this.asking.askNext(manager, group, post, revision, slots, Math.max(1, needed - approvals) + 2)
    const said =
      names.length > 0
        ? `Nobody had answered, so ${inWords(names, 'and')} ${names.length === 1 ? 'was' : 'were'} asked too.`
        : 'Nobody had answered, and there is nobody left to ask.'
    await this.posts.addEvent(manager, post, post.id, now, said)
    if (names.length === 0) {
      await this.authors.nobodyLeft(manager, group, post, {
        deadline: spokenTime(waiting.answerBy, group.timeZone),
        asked: inWords(before, 'and'),
        needs: await this.needs(manager, post),
      })
    }
    await this.audit.append(manager, group.id, {
      kind: 'review-escalated',
      post: post.id,
      revision: revision.id,
      count: names.length,
    })
    return true
  }

  private async namesAsked(manager: EntityManager, post: PostEntity, revisionId: string): Promise<string[]> {
    const people = await this.store.candidates(manager, post.groupId)
    const waiting = (await this.store.requestsFor(manager, post.groupId, [revisionId])).filter((each) => !each.usedAt)
    return people.filter((each) => waiting.some((one) => one.memberId === each.memberId)).map((each) => each.name)
  }

  private async needs(manager: EntityManager, post: PostEntity): Promise<string> {
    const contributors = await this.store.contributors(manager, post.groupId, post.id)
    return needsSentence({
      ...(await this.store.count(manager, post.groupId, post.id)),
      held: false,
      contributorNames: contributors.map((each) => each.name),
    })
  }
}
