import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope } from '../drafts/envelope.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { PoliciesService } from '../groups/policies.service.js'
import { Clock } from '../kernel/clock.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { PlanningService } from '../scheduler/planning.service.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { needsSentence } from './approval.js'
import { AuthorMailsService } from './asking/author-mails.service.js'
import { linkExpiry } from './asking/link.js'
import { movedMail } from './asking/review-mail.js'
import { ReviewsStore } from './reviews.store.js'

const batch = 100

/** What was not approved in time, or missed its time, is moved on and never sent late; author and reviewers are told once. */
@Injectable()
export class LateService {
  private readonly log = new Logger('Late')

  constructor(
    private readonly transaction: Transaction,
    private readonly store: PublicationsStore,
    private readonly posts: PostsStore,
    private readonly reviews: ReviewsStore,
    private readonly planning: PlanningService,
    private readonly channels: ChannelsService,
    private readonly groups: GroupsService,
    private readonly policies: PoliciesService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly authors: AuthorMailsService,
    private readonly clock: Clock,
  ) {}

  /** @returns how many were moved or ended */
  async moveLate(): Promise<number> {
    const late = await this.store.late(this.transaction.manager, batch)
    for (const publication of late) {
      // The oldest comes first each time: one that breaks must not keep all others where they are.
      await this.transaction
        .run((manager) => this.moveOne(manager, publication))
        .catch((error: unknown) =>
          this.log.error({
            message: 'A late publication could not be moved',
            publication: publication.id,
            error: error instanceof Error ? error.stack : 'not an Error',
          }),
        )
    }
    return late.length
  }

  private async moveOne(manager: EntityManager, found: PublicationEntity): Promise<void> {
    const post = await this.posts.lock(manager, found.groupId, found.postId)
    const publication = await this.store.lock(manager, found.groupId, found.id)
    if (publication.state !== 'planned' || !publication.slot.equals(found.slot)) return
    if (post.wish.kind === 'as_soon_as_approved' && !post.wish.own?.[found.channelId] && post.state !== 'approved') {
      // Its slot came with an approval that no longer counts; the next approval brings another.
      await this.store.update(manager, publication, { state: 'cancelled', updatedAt: this.clock.now() })
      return
    }
    const group = await this.groups.get(publication.groupId, manager)
    const from = spokenTime(publication.slot, group.timeZone)
    const reason = post.state === 'approved' && post.heldAt === null ? 'missed its time' : 'was not approved in time'
    const moved = await this.place(manager, group, post, publication)
    const now = this.clock.now()
    if (!moved) {
      const cause = `It ${reason}, and there is no later slot that was agreed to.`
      await this.store.update(manager, publication, {
        state: 'missed',
        cause,
        nextStep: 'Choose a new time and send it again, or cancel it.',
        updatedAt: now,
      })
    }
    const text = moved
      ? `It ${reason} (${from}), so it moved to ${spokenTime(moved.slot, group.timeZone)}.`
      : `It ${reason} (${from}) and was not sent.`
    await this.posts.addEvent(manager, publication, post.id, now, text)
    if (moved && post.currentRevisionId) {
      await this.reviews.extend(
        manager,
        group.id,
        post.currentRevisionId,
        linkExpiry(now, moved.slot, (await this.policies.over(manager, group.id, post.id)).coolingMinutes),
      )
    }
    await this.tell(manager, group, post, publication, from, moved)
    await this.audit.append(manager, group.id, {
      kind: moved ? 'publication-moved' : 'publication-missed',
      post: post.id,
      publication: publication.id,
    })
  }

  /** An exact time is the author's word: it is not replaced by another. */
  private async place(
    manager: EntityManager,
    group: { id: string; timeZone: string },
    post: PostEntity,
    publication: PublicationEntity,
  ): Promise<PublicationEntity | null> {
    if (post.wish.kind === 'exact') return null
    const revision = post.currentRevisionId
      ? await this.posts.revision(manager, group.id, post.currentRevisionId)
      : null
    return this.planning.moveOn(
      manager,
      group,
      post,
      publication,
      revision ? openEnvelope(revision.envelope).timing : null,
    )
  }

  private async tell(
    manager: EntityManager,
    group: { id: string; slug: string; name: string; timeZone: string },
    post: PostEntity,
    publication: PublicationEntity,
    from: string,
    moved: PublicationEntity | null,
  ): Promise<void> {
    const people = await this.reviews.candidates(manager, group.id)
    const asked = await this.reviews.requestsFor(
      manager,
      group.id,
      post.currentRevisionId ? [post.currentRevisionId] : [],
    )
    const told = new Set([
      post.authorId,
      ...(post.state === 'approved' ? [] : asked.filter((each) => !each.usedAt).map((each) => each.memberId)),
    ])
    const channel = await this.channels.get(group.id, publication.channelId, manager)
    const contributors = await this.reviews.contributors(manager, group.id, post.id)
    const count = await this.reviews.count(manager, group.id, post.id)
    const { subject, parts } = movedMail(
      {
        groupName: group.name,
        channelName: channel.name,
        firstWords: await this.authors.words(manager, post),
        was: from,
        now: moved ? spokenTime(moved.slot, group.timeZone) : null,
        needs: needsSentence({
          ...count,
          held: post.heldAt !== null,
          contributorNames: contributors.map((each) => each.name),
        }),
        approved: post.state === 'approved',
      },
      this.authors.page(group, post),
    )
    for (const person of people.filter((each) => told.has(each.memberId) && each.status === 'active')) {
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: person.personId,
        to: person.email,
        kind: 'post-moved',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${post.id}`,
        onceKey: `moved-${publication.id}-${post.currentRevisionId ?? ''}-${person.memberId}`,
      })
    }
  }
}
