import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { isRepostOn } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { MembersService } from '../groups/members.service.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { AlarmsService } from './alarms.service.js'
import {
  isOpenFailure,
  mayAcceptFailure,
  mayAcknowledge,
  mayAnswer,
  mayRetract,
  takingDownWords,
} from './publication-words.js'
import type { PublicationEntity } from './publication.entity.js'
import { isOutInPart, seenByPerson, standing } from './publication.js'
import { PublicationsStore } from './publications.store.js'
import { TakedownNotices } from './takedown-notices.service.js'
import { TakingDownService } from './taking-down.service.js'

/** While somebody waits for the network's answer, nobody else asks. */
const firstTryMinutes = 2
const pauseMinutes = 5
/** Of the day in which a second person is to look. */
const remindAfterHours = 20

/** What people do about posts that are out, or of which nobody knows whether they are. */
@Injectable()
export class AftercareService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: PublicationsStore,
    private readonly taking: TakingDownService,
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly members: MembersService,
    private readonly notices: TakedownNotices,
    private readonly alarms: AlarmsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Takes a post down. One person is enough, with a reason; a second one acknowledges it afterwards. @returns the post's id */
  async retract(actor: Actor, publicationId: string, reason: string): Promise<string> {
    const publication = await this.change(actor, publicationId, async (manager, found, post) => {
      if (!mayRetract(found))
        throw new DomainError(
          'not-public',
          `This is not public at the moment, so there is nothing to take down. ${standing(found)}`,
          'conflict',
        )
      await this.store.update(manager, found, {
        state: 'retracting',
        retractReason: reason.trim(),
        retractedBy: actor.memberId,
        retractAskedAt: this.clock.now(),
        retractAcknowledgedBy: null,
        retractRemindedAt: null,
        nextTryAt: this.clock.now().plus({ minutes: firstTryMinutes }),
        updatedAt: this.clock.now(),
      })
      await this.posts.addEvent(
        manager,
        actor,
        found.postId,
        this.clock.now(),
        `${actor.name} ${wordsOf(post, found).asked}: “${reason.trim()}”${/[.!?…]$/.test(reason.trim()) ? '' : '.'}`,
      )
      await this.notices.ask(manager, found, false)
      const asked = { post: found.postId, publication: found.id, member: actor.memberId, ...whatOf(post, found) }
      const reasonGiven = { text: reason.trim(), personId: actor.personId }
      await this.audit.append(manager, actor.groupId, { kind: 'retract-asked', ...asked }, { reason: reasonGiven })
    })
    await this.carryOut(publication)
    return publication.postId
  }

  /** Asks the networks again to take down what is still to be taken down. @returns how many there were */
  async carryOutDue(): Promise<number> {
    const due = await this.store.toTakeDown(this.transaction.manager)
    for (const publication of due) await this.carryOut(publication)
    return due.length
  }

  /** Reminds once, a few hours before the day is over, of what nobody else has looked at. @returns how many there were */
  async remindDue(): Promise<number> {
    const due = await this.store.unacknowledged(this.transaction.manager, remindAfterHours)
    for (const { groupId, id, postId } of due) {
      await this.transaction.run(async (manager) => {
        const post = await this.posts.lock(manager, groupId, postId)
        const found = await this.store.lock(manager, groupId, id)
        if (found.retractRemindedAt || !mayAcknowledge(found.state, found.retractAcknowledgedBy)) return
        await this.store.update(manager, found, { retractRemindedAt: this.clock.now() })
        await this.notices.ask(manager, found, true)
        await this.audit.append(manager, groupId, { kind: 'retract-reminded', publication: id, ...whatOf(post, found) })
      })
    }
    return due.length
  }

  private async carryOut(publication: PublicationEntity): Promise<void> {
    const outcome = await this.taking.takeDown(publication)
    await this.transaction.run(async (manager) => {
      const post = await this.posts.lock(manager, publication.groupId, publication.postId)
      const { state } = await this.store.lock(manager, publication.groupId, publication.id)
      if (state !== 'retracting') return
      const now = this.clock.now()
      const words = wordsOf(post, publication)
      if (outcome.kind === 'retracted') {
        await this.store.update(manager, publication, {
          state: 'retracted',
          cause: null,
          nextStep: null,
          updatedAt: now,
        })
        await this.posts.addEvent(manager, publication, publication.postId, now, words.done)
        await this.audit.append(manager, publication.groupId, {
          kind: 'retracted',
          post: publication.postId,
          publication: publication.id,
          remote: publication.remoteId ?? '',
          ...whatOf(post, publication),
        })
        return
      }
      if (outcome.kind === 'retry') {
        await this.store.update(manager, publication, {
          cause: outcome.cause,
          nextStep: 'It is tried again by itself every few minutes.',
          nextTryAt: now.plus({ seconds: Math.max(pauseMinutes * 60, outcome.afterSeconds ?? 0) }),
          updatedAt: now,
        })
        return
      }
      await this.store.update(manager, publication, {
        // What was out in part only is so again.
        state: publication.publishedAt === null ? 'failed' : 'published',
        cause: outcome.cause,
        nextStep: words.byHand,
        updatedAt: now,
      })
      await this.posts.addEvent(manager, publication, publication.postId, now, `${words.refused}: ${outcome.cause}`)
      await this.alarms.raise(manager, publication, 'still-public', outcome.cause)
      await this.audit.append(manager, publication.groupId, {
        kind: 'retract-refused',
        post: publication.postId,
        publication: publication.id,
        outcome: outcome.kind,
        ...whatOf(post, publication),
      })
    })
  }

  /** What a person saw with their own eyes when no machine could tell. @returns the post's id */
  async answer(actor: Actor, publicationId: string, there: boolean, url: string | null): Promise<string> {
    const publication = await this.change(actor, publicationId, async (manager, found) => {
      if (!mayAnswer(found.state))
        throw new DomainError(
          'not-in-question',
          `It is known whether this went out; nobody has to look. ${standing(found)}`,
          'conflict',
        )
      const now = this.clock.now()
      const isInPart = found.remoteId !== null
      await this.store.update(
        manager,
        found,
        there
          ? {
              state: 'published',
              remoteId: found.remoteId ?? seenByPerson,
              url,
              publishedAt: now,
              doubt: false,
              cause: null,
              nextStep: null,
              updatedAt: now,
            }
          : {
              state: 'failed',
              doubt: false,
              cause: isInPart
                ? 'Somebody looked, and not all of it is there.'
                : 'Somebody looked, and it is not there.',
              nextStep: isInPart
                ? 'Leave what is out, or take it down here; then copy the post to send it again.'
                : 'Copy the post to send it again.',
              updatedAt: now,
            },
      )
      await this.posts.addEvent(
        manager,
        actor,
        found.postId,
        now,
        `${actor.name} looked: ${isInPart ? 'all of it is' : 'it is'} ${there ? '' : 'not '}there.`,
      )
      await this.audit.append(manager, actor.groupId, {
        kind: 'unconfirmed-answered',
        post: found.postId,
        publication: found.id,
        there,
        member: actor.memberId,
      })
    })
    return publication.postId
  }

  /** The second person's word that taking it down was right. @returns the post's id */
  async acknowledge(actor: Actor, publicationId: string): Promise<string> {
    const publication = await this.change(actor, publicationId, async (manager, found, post) => {
      if (!mayAcknowledge(found.state, found.retractAcknowledgedBy))
        throw new DomainError(
          'nothing-to-acknowledge',
          `There is nothing to acknowledge here. ${standing(found)}`,
          'conflict',
        )
      if (found.retractedBy && (await this.members.areOne(actor.groupId, found.retractedBy, actor.memberId, manager)))
        throw new DomainError(
          'own-retraction',
          'You took it down yourself; somebody else has to acknowledge it.',
          'forbidden',
        )
      await this.store.update(manager, found, { retractAcknowledgedBy: actor.memberId, updatedAt: this.clock.now() })
      await this.posts.addEvent(
        manager,
        actor,
        found.postId,
        this.clock.now(),
        `${actor.name} ${wordsOf(post, found).acknowledged}`,
      )
      await this.audit.append(manager, actor.groupId, {
        kind: 'retract-acknowledged',
        post: found.postId,
        publication: found.id,
        member: actor.memberId,
        ...whatOf(post, found),
      })
    })
    return publication.postId
  }

  /** Leaves what failed or missed its time at that: nobody is asked about it any more. @returns the post's id */
  async acceptFailure(actor: Actor, publicationId: string): Promise<string> {
    const publication = await this.change(actor, publicationId, async (manager, found, post) => {
      if (!mayAcceptFailure(found, post)) whyNotAccept(found, post)
      const now = this.clock.now()
      await this.store.update(manager, found, {
        failureAcceptedBy: actor.memberId,
        failureAcceptedAt: now,
        updatedAt: now,
      })
      const { name } = await this.channels.get(actor.groupId, found.channelId, manager)
      await this.posts.addEvent(
        manager,
        actor,
        found.postId,
        now,
        `${actor.name} left it at that: ${isOutInPart(found) ? 'not all of it went' : 'it did not go'} out on ${name}.`,
      )
      await this.audit.append(manager, actor.groupId, {
        kind: 'failure-accepted',
        post: found.postId,
        publication: found.id,
        member: actor.memberId,
      })
    })
    return publication.postId
  }

  private async change(
    actor: Actor,
    id: string,
    work: (manager: EntityManager, publication: PublicationEntity, post: PostEntity) => Promise<void>,
  ): Promise<PublicationEntity> {
    return this.transaction.run(async (manager) => {
      const { postId } = await this.store.get(manager, actor.groupId, id)
      const post = await this.posts.lock(manager, actor.groupId, postId)
      const publication = await this.store.lock(manager, actor.groupId, id)
      await work(manager, publication, post)
      return publication
    })
  }
}

function whyNotAccept(publication: PublicationEntity, post: PostEntity): never {
  const [code, why] =
    publication.failureAcceptedBy !== null
      ? ['left-already', 'Somebody has left it at that already; nobody is asked about it any more.']
      : !isOpenFailure(publication)
        ? ['nothing-failed', 'Nothing failed here that could be left at that.']
        : post.editing
          ? ['being-changed', 'The post is being changed. Send the change or discard it first.']
          : ['post-cancelled', 'The post was cancelled, so nobody is asked about it any more.']
  throw new DomainError(code, `${why} ${standing(publication)}`, 'conflict')
}

function wordsOf(post: PostEntity, { channelId }: PublicationEntity) {
  return takingDownWords(isRepostOn(post.content, channelId))
}

/** For the log, which would else say of somebody's post that it was taken down. */
function whatOf(post: PostEntity, { channelId }: PublicationEntity): { readonly what?: 'repost' } {
  return isRepostOn(post.content, channelId) ? { what: 'repost' } : {}
}
