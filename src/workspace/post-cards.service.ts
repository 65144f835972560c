import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../channels/channel.js'
import { ChannelsService } from '../channels/channels.service.js'
import { isRepostOn, openingOf } from '../drafts/content.js'
import { MediaService } from '../drafts/media.service.js'
import type { PostEntity } from '../drafts/post.entity.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { platformRules } from '../platforms/rules.js'
import { needsSentence, inWords, type Candidate } from '../reviewers/approval.js'
import type { ReviewRequestEntity } from '../reviewers/asking/review-request.entity.js'
import { ReviewsStore, type Count } from '../reviewers/reviews.store.js'
import type { VerdictEntity } from '../reviewers/verdict.entity.js'
import {
  acknowledgeBy,
  mayAcceptFailure,
  mayAcknowledge,
  mayAnswer,
  mayReplan,
  mayRetract,
  retractLimit,
  sentenceOf,
} from '../scheduler/publication-words.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { CountersStore, type CountersRow } from './counters.store.js'
import type { AskedView, PostCard, PublicationView } from './post-views.dto.js'

/** What the cards of a group are made of, loaded once for many posts. */
export interface Surroundings {
  readonly now: DateTime
  readonly channels: ReadonlyMap<string, Channel>
  readonly people: ReadonlyMap<string, Candidate>
  readonly publications: ReadonlyMap<string, readonly PublicationEntity[]>
  readonly requests: ReadonlyMap<string, readonly ReviewRequestEntity[]>
  readonly verdicts: ReadonlyMap<string, readonly VerdictEntity[]>
  readonly contributors: ReadonlyMap<string, readonly { personId: string; name: string }[]>
  readonly counts: ReadonlyMap<string, Count>
  readonly counters: ReadonlyMap<string, CountersRow>
  /** Which of the pictures are films, by id. */
  readonly films: ReadonlySet<string>
}

const ended = ['published', 'retracting', 'retracted', 'failed']

/** Presents posts as cards: state in words, who is asked, where and when it goes. */
@Injectable()
export class PostCardsService {
  constructor(
    private readonly channels: ChannelsService,
    private readonly reviews: ReviewsStore,
    private readonly publications: PublicationsStore,
    private readonly counters: CountersStore,
    private readonly media: MediaService,
    private readonly clock: Clock,
  ) {}

  async cards(manager: EntityManager, acting: ActingMember, posts: readonly PostEntity[]): Promise<PostCard[]> {
    const surroundings = await this.surroundings(manager, acting.groupId, posts)
    return posts.map((post) => this.card(acting, post, surroundings))
  }

  async surroundings(manager: EntityManager, groupId: string, posts: readonly PostEntity[]): Promise<Surroundings> {
    const ids = posts.map((post) => post.id)
    const publications = await this.publications.ofPosts(manager, groupId, ids)
    return {
      now: this.clock.now(),
      channels: new Map((await this.channels.listAll(groupId)).map((channel) => [channel.id, channel])),
      people: new Map((await this.reviews.candidates(manager, groupId)).map((person) => [person.memberId, person])),
      publications: Map.groupBy(publications, (each) => each.postId),
      requests: Map.groupBy(
        await this.reviews.requestsFor(
          manager,
          groupId,
          posts.flatMap((post) => post.currentRevisionId ?? []),
        ),
        (each) => each.postId,
      ),
      verdicts: Map.groupBy(await this.reviews.verdicts(manager, groupId, ids), (each) => each.postId),
      contributors: Map.groupBy(await this.reviews.contributorsOf(manager, groupId, ids), (each) => each.postId),
      counts: await this.reviews.counts(manager, groupId, ids),
      counters: await this.counters.latest(
        manager,
        groupId,
        publications.map((each) => each.id),
      ),
      films: await this.media.filmsAmong(
        manager,
        groupId,
        posts.flatMap((post) => post.content.pictures[0]?.mediaId ?? []),
      ),
    }
  }

  card(acting: ActingMember, post: PostEntity, around: Surroundings): PostCard {
    const publications = around.publications.get(post.id) ?? []
    const contributors = around.contributors.get(post.id) ?? []
    const me = around.people.get(acting.memberId)
    const asked = this.asked(post, around)
    const count = around.counts.get(post.id) ?? {
      approvals: 0,
      objections: 0,
      needed: acting.group.policy.approvals,
      enough: false,
      lapsed: [],
      lacking: [],
    }
    const mine = (around.requests.get(post.id) ?? []).find((each) => each.memberId === acting.memberId)
    const held = isHeld(post)
    const answered = asked.some((each) => each.memberId === acting.memberId && each.answer !== null)
    const open =
      ['in_review', 'approved', 'changes_requested'].includes(post.state) &&
      !post.editing &&
      !publications.some((each) => ended.includes(each.state))
    const mayReview =
      open &&
      acting.roles.includes('reviewer') &&
      !contributors.some((each) => each.personId === me?.personId) &&
      (held || (!answered && mine?.handedOverAt === null) || (!answered && !mine))
    const done = publications.length > 0 && publications.every(isOver) && post.state === 'approved'
    const first = post.content.pictures[0]
    return {
      id: post.id,
      state: done ? 'done' : post.state,
      stateText: stateText(post, asked, publications, done),
      held,
      firstWords: openingOf(post.content),
      picture: first
        ? { url: mediaUrl(acting.groupId, first.mediaId), alt: first.alt, film: around.films.has(first.mediaId) }
        : null,
      pictureCount: post.content.pictures.length,
      channels: post.content.channels.flatMap(({ channelId }) => {
        const channel = around.channels.get(channelId)
        return channel ? [{ channelId, network: channel.network, name: channel.name }] : []
      }),
      publications: publications.map((each) => publicationView(acting, post, each, around)),
      author: {
        memberId: post.authorId,
        name: around.people.get(post.authorId)?.name ?? 'Somebody who left',
        left: hasLeft(post, around),
      },
      asked,
      needs:
        ['draft', 'cancelled', 'expired'].includes(post.state) || done
          ? ''
          : needsSentence({ ...count, held, contributorNames: contributors.map((each) => each.name) }),
      labels: post.labels,
      updatedAt: post.updatedAt.toISO() ?? '',
      mayReview,
      reviewUrl: mayReview && mine ? `/review/${mine.id}` : null,
    }
  }

  private asked(post: PostEntity, around: Surroundings): AskedView[] {
    const verdicts = (around.verdicts.get(post.id) ?? []).filter((each) => each.revisionId === post.currentRevisionId)
    const answerOf = (memberId: string) =>
      verdicts.filter((each) => each.memberId === memberId && each.kind !== 'stop').at(-1)?.kind
    const requests = around.requests.get(post.id) ?? []
    return requests
      .filter((each) => each.handedOverAt === null)
      .map((each) => {
        const answer = answerOf(each.memberId)
        return {
          memberId: each.memberId,
          name: around.people.get(each.memberId)?.name ?? 'Somebody who left',
          // Whose answer has become too old is asked once more.
          answer: each.usedAt !== null && (answer === 'approve' || answer === 'changes') ? answer : null,
        }
      })
  }
}

/** Whether the author is no active member any more, so that somebody else has to take the post over. */
export function hasLeft(post: PostEntity, around: Surroundings): boolean {
  return around.people.get(post.authorId)?.status !== 'active'
}

/** Whether nothing more comes of it, unless somebody begins anew. */
function isOver({ state, failureAcceptedBy }: PublicationEntity): boolean {
  return ended.includes(state) || failureAcceptedBy !== null
}

/** What has ended waits for nobody. */
function isHeld(post: PostEntity): boolean {
  return post.heldAt !== null && post.state !== 'cancelled' && post.state !== 'expired'
}

/** Where the workspace gets a picture. */
export function mediaUrl(groupId: string, mediaId: string): string {
  return `/api/groups/${groupId}/media/${mediaId}`
}

function stateText(
  post: PostEntity,
  asked: readonly AskedView[],
  publications: readonly PublicationEntity[],
  done: boolean,
): string {
  const waiting = asked.filter((each) => each.answer === null).map((each) => each.name)
  if (isHeld(post) && !done) return 'On hold'
  if (publications.some((each) => ['in_doubt', 'unconfirmed'].includes(each.state)))
    return publications.every((each) => each.remoteId !== null || !['in_doubt', 'unconfirmed'].includes(each.state))
      ? 'Out in part'
      : 'We are not sure whether it went out'
  if (done) {
    if (publications.every((each) => each.state === 'retracted'))
      return publications.every((each) => isRepostOn(post.content, each.channelId)) ? 'Undone' : 'Taken down'
    const failures = publications.filter((each) => each.state === 'failed' || each.state === 'missed')
    if (failures.length === publications.length && failures.every((each) => each.remoteId === null))
      return failures.every((each) => each.state === 'missed') ? 'Missed its time' : 'Could not go out'
    return failures.length > 0 ? 'Went out in part' : 'Went out'
  }
  // Whoever is still asked finds nothing that could go out: first it needs a time.
  if (publications.length > 0 && publications.every((each) => each.state === 'missed') && !post.editing)
    return 'Missed its time'
  switch (post.state) {
    case 'draft':
      return 'Draft'
    case 'in_review':
      return post.editing
        ? 'Being changed'
        : waiting.length > 0
          ? `Waiting for ${inWords(waiting, 'or')}`
          : 'Waiting for a reviewer'
    case 'changes_requested':
      return post.editing ? 'Being changed' : 'Changes asked for'
    case 'approved':
      return post.editing
        ? 'Being changed'
        : publications.some((each) => each.state === 'failed')
          ? 'Could not go out'
          : 'Approved'
    case 'cancelled':
      return 'Cancelled'
    case 'expired':
      return 'Its time is over'
  }
}

function publicationView(
  acting: ActingMember,
  post: PostEntity,
  publication: PublicationEntity,
  around: Surroundings,
): PublicationView {
  const channel = around.channels.get(publication.channelId)
  const counters = around.counters.get(publication.id)
  const zone = acting.group.timeZone
  const isOpen = mayAcknowledge(publication.state, publication.retractAcknowledgedBy)
  const isRepost = isRepostOn(post.content, publication.channelId)
  return {
    id: publication.id,
    channelId: publication.channelId,
    network: channel?.network ?? 'noticeboard',
    channelName: channel?.name ?? 'A channel that was removed',
    state: publication.state,
    stateText: sentenceOf(publication, isRepost),
    isRepost,
    slot: publication.slot.toISO() ?? '',
    slotText: spokenTime(publication.publishedAt ?? publication.slot, zone),
    windowName: publication.windowName,
    reasons: publication.reasons,
    url: publication.state === 'retracted' ? null : publication.url,
    cause: publication.cause,
    nextStep:
      isOpen && publication.retractAskedAt && publication.state === 'retracted'
        ? acknowledgeWords(publication.retractAskedAt, zone)
        : publication.failureAcceptedBy === null
          ? publication.nextStep
          : null,
    publishedAt: publication.publishedAt?.toISO() ?? null,
    counters: counters
      ? {
          reactions: counters.reactions,
          replies: counters.replies,
          reposts: counters.reposts,
          clicks: counters.clicks,
          impressions: counters.impressions,
          at: counters.takenAt,
        }
      : null,
    mayRetract: mayRetract(publication),
    retractLimit: retractLimit(
      platformRules[channel?.network ?? 'noticeboard'].capabilities,
      publication.publishedAt,
      around.now,
      zone,
    ),
    mayAnswer: mayAnswer(publication.state),
    mayReplan: mayReplan(publication, post),
    mayAcceptFailure: mayAcceptFailure(publication, post),
    failureAccepted: acceptedWords(publication, around, zone),
    mayAcknowledge:
      isOpen &&
      around.people.get(publication.retractedBy ?? '')?.personId !== around.people.get(acting.memberId)?.personId,
  }
}

function acceptedWords(
  { failureAcceptedBy, failureAcceptedAt }: PublicationEntity,
  around: Surroundings,
  zone: string,
): string | null {
  if (failureAcceptedBy === null || failureAcceptedAt === null) return null
  const who = around.people.get(failureAcceptedBy)?.name ?? 'Somebody who left'
  return `${who} left it at that on ${failureAcceptedAt.setZone(zone).setLocale('en-GB').toFormat('d LLLL yyyy')}.`
}

function acknowledgeWords(askedAt: DateTime, zone: string): string {
  return `Somebody else says by ${spokenTime(acknowledgeBy(askedAt), zone)} that they have seen this.`
}
