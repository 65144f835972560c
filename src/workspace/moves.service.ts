import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openingOn, withOwnTime } from '../drafts/content.js'
import { openEnvelope, type Timing } from '../drafts/envelope.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { whyNot } from '../drafts/post.js'
import { factsOf, PostsService } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { SubmissionService } from '../reviewers/asking/submission.service.js'
import { consequenceWords } from '../scheduler/moving.js'
import { MovingService, type Offer, type Wanted } from '../scheduler/moving.service.js'
import { statesOf } from '../scheduler/publication-words.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { standing } from '../scheduler/publication.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import type { MoveDto, MoveOptions, SlotOffer, SlotsQuery } from './moves.dto.js'

/** Moves one publication to another slot, having said what that does to the approval. */
@Injectable()
export class MovesService {
  constructor(
    private readonly transaction: Transaction,
    private readonly moving: MovingService,
    private readonly publications: PublicationsStore,
    private readonly posts: PostsStore,
    private readonly sealing: PostsService,
    private readonly submission: SubmissionService,
    private readonly channels: ChannelsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Where a publication could go, and what would come of it; changes nothing. */
  async options(acting: ActingMember, id: string, query: SlotsQuery): Promise<MoveOptions> {
    const { manager } = this.transaction
    const { group, groupId } = acting
    const publication = await this.publications.get(manager, groupId, id)
    const post = await this.posts.get(manager, groupId, publication.postId)
    const channel = await this.channels.get(groupId, publication.channelId)
    const seen = {
      publicationId: id,
      channelName: channel.name,
      firstWords: openingOn(post.content, channel.id),
      slot: publication.slot.toISO() ?? '',
      at: publication.wall,
      slotText: spokenTime(publication.slot, group.timeZone),
    }
    const refused = whyNotMove(publication, post)
    if (refused !== null) return { ...seen, refused, offers: [], asked: null, problem: null }
    const timing = await this.timingOf(manager, post)
    const offers = await this.moving.offers(manager, group, post, publication, timing)
    const wanted = wantedIn(query)
    const asked = wanted && (await this.moving.weigh(manager, group, post, publication, timing, wanted))
    const show = (offer: Offer) => present(offer, post, group.timeZone)
    const obstacle =
      asked?.kind === 'offer' && asked.consequence === 'asks-again' ? await this.obstacle(manager, post) : null
    return {
      ...seen,
      refused: null,
      // What cannot be asked again is not offered.
      offers: offers
        .filter(({ consequence }) => consequence === 'stays' || whyNotAskAgain(post, []) === null)
        .map(show),
      asked: asked?.kind === 'offer' && obstacle === null ? show(asked) : null,
      problem: asked?.kind === 'no-slot' ? asked.reason : obstacle,
    }
  }

  /**
   * Inside what was agreed to the slot changes and nothing else does; outside, a new version is sealed that differs in
   * its time only, and its reviewers are asked.
   * @returns the post's id
   * @throws DomainError when it is not possible, or another time was seen, or nobody said that reviewers are asked again
   */
  async move(acting: ActingMember, id: string, { at, seen, asksAgain, reason }: MoveDto): Promise<string> {
    const { group, groupId } = acting
    return this.transaction.run(async (manager) => {
      const { postId } = await this.publications.get(manager, groupId, id)
      const post = await this.posts.lock(manager, groupId, postId)
      const publication = await this.publications.lock(manager, groupId, id)
      const refused = whyNotMove(publication, post)
      if (refused !== null) throw new DomainError('cannot-move', refused, 'conflict')
      if (publication.slot.toMillis() !== DateTime.fromISO(seen).toMillis()) {
        throw new DomainError(
          'moved-meanwhile',
          `It was moved meanwhile: it is planned for ${spokenTime(publication.slot, group.timeZone)} now. Look again before you move it.`,
          'conflict',
        )
      }
      const wanted = { at, ...(reason?.trim() ? { reason: reason.trim() } : {}) }
      const offer = await this.moving.weigh(
        manager,
        group,
        post,
        publication,
        await this.timingOf(manager, post),
        wanted,
      )
      if (offer.kind === 'no-slot') throw new DomainError('no-slot', offer.reason, 'conflict')
      const again = offer.consequence === 'asks-again'
      if (again && !asksAgain) {
        throw new DomainError('asks-again', consequenceWords('asks-again', post.approvedAt !== null), 'conflict')
      }
      if (!(await this.moving.move(manager, publication, offer.placement))) {
        throw new DomainError(
          'slot-taken',
          'Another post of this channel took a time so close to this one meanwhile that both do not fit. Choose another.',
          'conflict',
        )
      }
      const channel = await this.channels.get(groupId, publication.channelId, manager)
      const said = `${acting.name} moved it on ${channel.name} from ${spokenTime(publication.slot, group.timeZone)} to ${spokenTime(offer.placement.at, group.timeZone)}.`
      await this.posts.addEvent(manager, acting, postId, this.clock.now(), said)
      if (again) await this.askAgain(manager, acting, post, publication, wanted)
      else await this.submission.followMove(manager, post)
      const moved = { post: postId, publication: id, member: acting.memberId, again }
      await this.audit.append(manager, groupId, { kind: 'publication-moved-by-hand', ...moved })
      return postId
    })
  }

  private async askAgain(
    manager: EntityManager,
    acting: ActingMember,
    post: PostEntity,
    publication: PublicationEntity,
    time: { at: string; reason?: string },
  ): Promise<void> {
    const obstacle = await this.obstacle(manager, post)
    if (obstacle !== null) throw new DomainError('cannot-ask-again', obstacle, 'conflict')
    post.wish = withOwnTime(post, publication.channelId, time)
    await this.submission.sendForTime(manager, acting, acting.group, post)
  }

  private async obstacle(manager: EntityManager, post: PostEntity): Promise<string | null> {
    const planned = await this.publications.ofPost(manager, post.groupId, post.id)
    return whyNotAskAgain(post, statesOf(planned))
  }

  private async timingOf(manager: EntityManager, post: PostEntity): Promise<Timing> {
    const { envelope } = await this.sealing.currentRevision(manager, post)
    return openEnvelope(envelope).timing
  }
}

function whyNotMove(publication: PublicationEntity, post: PostEntity): string | null {
  if (publication.state === 'publishing' || publication.doubt)
    return 'It is just going out, or we do not know yet whether it did, so it cannot be moved. Wait until that is settled.'
  if (publication.state !== 'planned') return `Only what is planned can be moved. ${standing(publication)}`
  if (post.currentRevisionId === null) return 'It has not been sent for review yet, so it has no slot to move from.'
  return null
}

/** Why reviewers cannot be asked about another time now. */
function whyNotAskAgain(post: PostEntity, states: readonly string[]): string | null {
  if (post.editing)
    return 'This time is outside what the reviewers were shown, and the post is being changed. Choose the time there and send it, or discard the change first.'
  if (post.state === 'changes_requested')
    return 'This time is outside what the reviewers were shown, and one of them asked for changes. Make them, choose the time there and send the post again.'
  return whyNot('edit', factsOf(post, states))
}

function wantedIn({ at, reason, date, start }: SlotsQuery): Wanted | null {
  if (at !== undefined) return { at, ...(reason?.trim() ? { reason: reason.trim() } : {}) }
  return date !== undefined && start !== undefined ? { date, start } : null
}

function present({ placement, consequence }: Offer, post: PostEntity, zone: string): SlotOffer {
  return {
    at: placement.wall,
    slot: placement.at.toISO() ?? '',
    text: spokenTime(placement.at, zone),
    windowName: placement.windowName,
    reasons: [...placement.reasons],
    asksAgain: consequence === 'asks-again',
    consequence: consequenceWords(consequence, post.approvedAt !== null),
  }
}
