import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../channels/channel.js'
import { ChannelsService } from '../channels/channels.service.js'
import { openEnvelope, type Envelope, type EnvelopeChannel } from '../drafts/envelope.js'
import { MediaService } from '../drafts/media.service.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { DomainError } from '../kernel/domain-error.js'
import { platformRules } from '../platforms/rules.js'
import type { PublicationEntity } from '../scheduler/publication.entity.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { needsSentence } from './approval.js'
import type { ReviewRequestEntity } from './review-request.entity.js'
import type { ReviewedChannel, ReviewView } from './review-view.js'
import { ReviewsStore } from './reviews.store.js'

/** Puts together what one reviewer sees of one revision, for the page and the mail alike. */
@Injectable()
export class ReviewViewsService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly groups: GroupsService,
    private readonly channels: ChannelsService,
    private readonly media: MediaService,
  ) {}

  async build(manager: EntityManager, request: ReviewRequestEntity, csrf: string): Promise<ReviewView> {
    const { groupId } = request
    const [group, post, revision, candidates, contributors, count] = [
      await this.groups.get(groupId, manager),
      await this.posts.get(manager, groupId, request.postId),
      await this.posts.revision(manager, groupId, request.revisionId),
      await this.store.candidates(manager, groupId),
      await this.store.contributors(manager, groupId, request.postId),
      await this.store.count(manager, groupId, request.postId),
    ]
    if (!revision) throw new DomainError('no-such-revision', 'There is no such version.', 'not-found')
    const envelope = openEnvelope(revision.envelope)
    const earlier = await this.lastSeen(manager, request, revision.number)
    const planned = await this.publications.ofPost(manager, groupId, post.id)
    const nameOf = (memberId: string) =>
      candidates.find((each) => each.memberId === memberId)?.name ?? 'somebody who left'
    const pictures = await this.picturesOf(manager, groupId, request.id, envelope)
    const channels: ReviewedChannel[] = []
    // One after the other: a transaction is one connection, which does one thing at a time.
    for (const part of envelope.channels) {
      const channel = await this.channels.get(groupId, part.channelId, manager)
      const when = whenFor(post, envelope, planned, part.channelId, group.timeZone)
      channels.push(reviewedChannel(part, channel, pictures, earlier?.envelope ?? null, when))
    }
    return {
      requestId: request.id,
      groupName: group.name,
      authorName: nameOf(post.authorId),
      reviewerName: nameOf(request.memberId),
      version: revision.number,
      hash: revision.hash,
      csrf,
      channels,
      deadline: deadlineOf(planned, group.timeZone, group.reviewLeadMinutes),
      earlierVersion: earlier?.number ?? null,
      noticed: noticed(envelope),
      held: post.heldAt !== null,
      needs: needsSentence({
        ...count,
        held: post.heldAt !== null,
        contributorNames: contributors.map((each) => each.name),
      }),
    }
  }

  /** The latest earlier version that this member was asked about. */
  private async lastSeen(
    manager: EntityManager,
    request: ReviewRequestEntity,
    number: number,
  ): Promise<{ number: number; envelope: Envelope } | null> {
    const revisions = (await this.posts.revisions(manager, request.groupId, request.postId)).filter(
      (each) => each.number < number,
    )
    const asked = await this.store.requestsFor(
      manager,
      request.groupId,
      revisions.map((each) => each.id),
    )
    const seen = revisions.find((each) =>
      asked.some((one) => one.revisionId === each.id && one.memberId === request.memberId),
    )
    return seen ? { number: seen.number, envelope: openEnvelope(seen.envelope) } : null
  }

  private async picturesOf(
    manager: EntityManager,
    groupId: string,
    requestId: string,
    envelope: Envelope,
  ): Promise<Map<string, { src: string; width: number; height: number }>> {
    const hashes = [...new Set(envelope.channels.flatMap((part) => part.pictures.map((picture) => picture.sha256)))]
    const known = await this.media.byHash(groupId, hashes, manager)
    return new Map(
      hashes.map((hash) => {
        const { width, height } = known.get(hash) ?? { width: 0, height: 0 }
        return [hash, { src: `/review/${requestId}/pictures/${hash}`, width, height }]
      }),
    )
  }
}

function reviewedChannel(
  part: EnvelopeChannel,
  channel: Channel,
  pictures: ReadonlyMap<string, { src: string; width: number; height: number }>,
  earlier: Envelope | null,
  when: string,
): ReviewedChannel {
  const rules = platformRules[part.network]
  const { used, limit, unit } = rules.measure(part.text)
  const before = earlier?.channels.find((each) => each.channelId === part.channelId) ?? null
  return {
    channelId: part.channelId,
    network: part.network,
    networkName: rules.capabilities.name,
    channelName: channel.name,
    text: part.text,
    link: part.link,
    pictures: part.pictures.map((picture) => ({
      ...(pictures.get(picture.sha256) ?? { src: '', width: 0, height: 0 }),
      alt: picture.alt,
    })),
    length: `${used} of ${limit} ${unit}`,
    before: before && { text: before.text, pictures: before.pictures.map(({ alt }) => ({ alt })) },
    when,
  }
}

function whenFor(
  post: PostEntity,
  envelope: Envelope,
  planned: readonly PublicationEntity[],
  channelId: string,
  zone: string,
): string {
  const publication = planned.find((each) => each.channelId === channelId)
  if (publication) {
    return `${spokenTime(publication.publishedAt ?? publication.slot, zone)}${publication.windowName ? `, ${publication.windowName}` : ''}`
  }
  if (envelope.timing.kind === 'as_soon_as_approved' && post.state !== 'cancelled') return 'As soon as it is approved'
  return 'No time is set'
}

function deadlineOf(planned: readonly PublicationEntity[], zone: string, leadMinutes: number): string | null {
  const first: DateTime | undefined = planned
    .filter((each) => each.state === 'planned')
    .map((each) => each.slot)
    .sort((a, b) => a.toMillis() - b.toMillis())[0]
  return first ? spokenTime(first.minus({ minutes: leadMinutes }), zone) : null
}

function noticed(envelope: Envelope): string[] {
  const sentences = envelope.channels.flatMap((part) => {
    const rules = platformRules[part.network]
    const pictures = part.pictures.map((picture) => ({ alt: picture.alt, mime: picture.mime, size: 0 }))
    return rules
      .check({ text: part.text, link: part.link, pictures })
      .map((problem) => `${rules.capabilities.name}: ${problem.message}`)
  })
  const undescribed = envelope.channels.some((part) => part.pictures.some((picture) => picture.alt === ''))
  const withoutPictures = envelope.channels.every((part) => part.pictures.length === 0)
  return [
    ...new Set([
      ...sentences,
      ...(undescribed ? ['A picture has no description, so people who cannot see it miss what it says.'] : []),
      ...(withoutPictures ? ['There is no picture. A picture usually helps.'] : []),
    ]),
  ]
}
