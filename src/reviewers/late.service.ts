import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { isExactOn } from '../drafts/content.js'
import { openEnvelope } from '../drafts/envelope.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { GroupsService } from '../groups/groups.service.js'
import { PoliciesService } from '../groups/policies.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { PlanningService } from '../scheduler/planning.service.js'
import { mayReplan } from '../scheduler/publication-words.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { standing } from '../scheduler/publication.js'
import { PublicationsStore, type Silenced } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { needsSentence } from './approval.js'
import { AuthorMailsService } from './asking/author-mails.service.js'
import { linkExpiry } from './asking/link.js'
import { movedMail } from './asking/review-mail.js'
import { ReviewsStore } from './reviews.store.js'

const batch = 100

/** Which silence a slot lies in. */
type Silence = Pick<Silenced, 'silence' | 'name'>

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
    for (const publication of late) await this.try(publication, null)
    return late.length
  }

  /** Moves on what is planned inside a silence; exact times wait for somebody to choose another. @returns how many */
  async moveSilenced(): Promise<number> {
    const silenced = await this.store.silenced(this.transaction.manager, batch)
    for (const { publication, ...silence } of silenced) await this.try(publication, silence)
    return silenced.length
  }

  /** The oldest comes first each time: one that breaks must not keep all others where they are. */
  private async try(publication: PublicationEntity, silence: Silence | null): Promise<void> {
    await this.transaction
      .run((manager) => this.moveOne(manager, publication, silence))
      .catch((error: unknown) =>
        this.log.error({
          message: 'A late publication could not be moved',
          publication: publication.id,
          error: error instanceof Error ? error.stack : 'not an Error',
        }),
      )
  }

  /**
   * Gives one that missed its time the next free slot that was agreed to, because somebody asked.
   * @throws DomainError `not-missed`, `exact-time`, `channel-removed`, `no-slot`
   */
  async replan(acting: ActingMember, publicationId: string): Promise<string> {
    return this.transaction.run(async (manager) => {
      const { postId } = await this.store.get(manager, acting.groupId, publicationId)
      const post = await this.posts.lock(manager, acting.groupId, postId)
      const publication = await this.store.lock(manager, acting.groupId, publicationId)
      if (!mayReplan(publication, post)) whyNotReplan(publication, post)
      const group = await this.groups.get(acting.groupId, manager)
      const { name, removedAt } = await this.channels.get(acting.groupId, publication.channelId, manager)
      if (removedAt !== null) {
        throw new DomainError(
          'channel-removed',
          `${name} is no longer connected, so nothing goes out on it. Change the post to choose other channels, or cancel it.`,
          'conflict',
        )
      }
      const moved = await this.place(manager, group, post, publication)
      if (!moved) {
        throw new DomainError(
          'no-slot',
          'No slot that was agreed to is free in the next four weeks. Change the post to choose a new time, or cancel it.',
          'conflict',
        )
      }
      const text = `${acting.name} gave it the next free time: ${spokenTime(moved.slot, group.timeZone)}.`
      await this.posts.addEvent(manager, acting, postId, this.clock.now(), text)
      await this.extendLinks(manager, post, moved)
      await this.audit.append(manager, acting.groupId, {
        kind: 'publication-replanned',
        post: postId,
        publication: publication.id,
        member: acting.memberId,
      })
      return postId
    })
  }

  private async moveOne(manager: EntityManager, found: PublicationEntity, silence: Silence | null): Promise<void> {
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
    const reason = silence
      ? `would have gone out within the silence “${silence.name}”`
      : post.state === 'approved' && post.heldAt === null
        ? 'missed its time'
        : 'was not approved in time'
    const moved = await this.place(manager, group, post, publication)
    const now = this.clock.now()
    if (!moved) {
      const isExact = isExactOn(post.wish, publication.channelId)
      const cause = `It ${reason}, and ${isExact ? 'an exact time was agreed to' : 'there is no later slot that was agreed to'}.`
      await this.store.update(manager, publication, {
        state: 'missed',
        cause,
        nextStep: isExact
          ? 'Choose a new time and send it again, or cancel it.'
          : 'Let it go out at the next free slot, choose a new time and send it again, or cancel it.',
        updatedAt: now,
      })
    }
    const text = moved
      ? `It ${reason} (${from}), so it moved to ${spokenTime(moved.slot, group.timeZone)}.`
      : `It ${reason} (${from}) and was not sent.`
    await this.posts.addEvent(manager, publication, post.id, now, text)
    if (moved) await this.extendLinks(manager, post, moved)
    await this.tell(manager, group, post, publication, from, moved, silence)
    await this.audit.append(manager, group.id, {
      kind: moved ? 'publication-moved' : 'publication-missed',
      post: post.id,
      publication: publication.id,
    })
  }

  /** Whoever was asked can still answer, as long as it is of use. */
  private async extendLinks(manager: EntityManager, post: PostEntity, moved: PublicationEntity): Promise<void> {
    if (!post.currentRevisionId) return
    const { coolingMinutes } = await this.policies.over(manager, post.groupId, post.id)
    const expiresAt = linkExpiry(this.clock.now(), moved.slot, coolingMinutes)
    await this.reviews.extend(manager, post.groupId, post.currentRevisionId, expiresAt)
  }

  /** An exact time is the author's word: it is not replaced by another. */
  private async place(
    manager: EntityManager,
    group: { id: string; timeZone: string },
    post: PostEntity,
    publication: PublicationEntity,
  ): Promise<PublicationEntity | null> {
    if (isExactOn(post.wish, publication.channelId)) return null
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
    silence: Silence | null,
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
    const moving = {
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
      silence: silence?.name ?? null,
    }
    const author = people.find((each) => each.memberId === post.authorId)?.name ?? 'Its author'
    for (const person of people.filter((each) => told.has(each.memberId) && each.status === 'active')) {
      const page = this.authors.page(group, post)
      const { subject, parts } = movedMail(moving, page, person.memberId === post.authorId ? null : author)
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: person.personId,
        to: person.email,
        kind: 'post-moved',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${post.id}`,
        onceKey: `moved-${silence?.silence ?? ''}${publication.id}-${post.currentRevisionId ?? ''}-${moved ? '' : 'missed-'}${person.memberId}`,
      })
    }
  }
}

function whyNotReplan(publication: PublicationEntity, post: PostEntity): never {
  if (publication.state === 'missed' && isExactOn(post.wish, publication.channelId)) {
    throw new DomainError(
      'exact-time',
      'An exact time was agreed to, so another one has to be as well. Change the post to choose it, and send it again.',
      'conflict',
    )
  }
  throw new DomainError(
    'not-missed',
    publication.state === 'missed'
      ? 'The post is being changed or waits for changes. Send it for review, and it gets a time.'
      : `It has not missed its time. ${standing(publication)}`,
    'conflict',
  )
}
