import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../../channels/channel.js'
import { ChannelsService, noSuchChannel } from '../../channels/channels.service.js'
import { ConversationService } from '../../conversation/conversation.service.js'
import { placeLabel } from '../../conversation/place.js'
import type { Remark } from '../../conversation/remark.js'
import { openEnvelope, type Envelope, type EnvelopeChannel } from '../../drafts/envelope.js'
import { MediaService } from '../../drafts/media.service.js'
import {
  checkedPart,
  mannerOn,
  partName,
  partsOf,
  picturesOf as picturesOfChannel,
  visibilityWords,
  type Part,
} from '../../drafts/parts.js'
import type { PostEntity } from '../../drafts/post.entity.js'
import { PostsStore } from '../../drafts/posts.store.js'
import { revisionDifference } from '../../drafts/revision-difference.js'
import type { RevisionEntity } from '../../drafts/revision.entity.js'
import { differ } from '../../drafts/word-difference.js'
import { pointsOf } from '../../governance/code-of-ethics.js'
import { EthicsService } from '../../governance/ethics.service.js'
import type { Group } from '../../groups/group.js'
import { GroupsService } from '../../groups/groups.service.js'
import { PoliciesService } from '../../groups/policies.service.js'
import type { Policy } from '../../groups/policy.js'
import { DomainError } from '../../kernel/domain-error.js'
import { checkParts } from '../../platforms/part-rules.js'
import { platformRules } from '../../platforms/rules.js'
import type { PublicationEntity } from '../../scheduler/publication.entity.js'
import { PublicationsStore } from '../../scheduler/publications.store.js'
import { spokenShort, spokenTime } from '../../scheduler/spoken-time.js'
import { needsSentence, type Candidate } from '../approval.js'
import type { ReviewRequestEntity } from '../asking/review-request.entity.js'
import { ReviewsStore, type Count } from '../reviews.store.js'
import type {
  ChangesSince,
  PictureAddress,
  ReviewedChannel,
  ReviewView,
  ShownEthics,
  ShownRemark,
} from './review-view.js'

/** All small pictures of a review page together, in bytes, so that the page stays under 50 KB. */
const smallBytesInAll = 19_000
/** A picture that is gone is there to be recognised; one that will be public is there to be checked. */
const shareOfShown = 3
/** Of what was said, the page shows the latest; all of it is in the workspace. */
const mostRemarks = 4
const mostLetters = 240

interface Earlier {
  readonly revision: RevisionEntity
  readonly because: ChangesSince['because']
}

/** What is the same for all who are asked about a revision. */
interface Reviewed {
  readonly group: Group
  readonly post: PostEntity
  readonly revision: RevisionEntity
  readonly envelope: Envelope
  readonly candidates: readonly Candidate[]
  readonly contributors: readonly { readonly name: string }[]
  readonly count: Count
  /** The earlier ones. */
  readonly revisions: readonly RevisionEntity[]
  readonly planned: readonly PublicationEntity[]
  readonly policy: Policy
  /** One that was removed is among them too; none is ever deleted. */
  readonly channels: ReadonlyMap<string, Channel>
  readonly said: readonly Remark[]
  readonly ethics: ShownEthics
}

/** Puts together what one reviewer sees of one revision, for the page and the mail alike. */
@Injectable()
export class ReviewViewsService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly groups: GroupsService,
    private readonly channels: ChannelsService,
    private readonly policies: PoliciesService,
    private readonly media: MediaService,
    private readonly ethics: EthicsService,
    private readonly conversation: ConversationService,
  ) {}

  /** @param since the version to compare with, when the reviewer chose one; a number that there is not counts as none */
  async build(
    manager: EntityManager,
    request: ReviewRequestEntity,
    csrf: string,
    since: number | null = null,
  ): Promise<ReviewView> {
    return this.viewOf(manager, request, await this.reviewed(manager, request), csrf, since)
  }

  /** For several who are asked about one revision in one transaction: what is the same for all is read once. */
  forAll(manager: EntityManager): (request: ReviewRequestEntity) => Promise<ReviewView> {
    const known = new Map<string, Promise<Reviewed>>()
    return async (request) => {
      const reviewed = known.get(request.revisionId) ?? this.reviewed(manager, request)
      known.set(request.revisionId, reviewed)
      return this.viewOf(manager, request, await reviewed, '', null)
    }
  }

  private async reviewed(manager: EntityManager, request: ReviewRequestEntity): Promise<Reviewed> {
    const { groupId, postId } = request
    const group = await this.groups.get(groupId, manager)
    const post = await this.posts.get(manager, groupId, postId)
    const all = await this.posts.revisions(manager, groupId, postId)
    const revision = all.find((each) => each.id === request.revisionId)
    if (!revision) throw new DomainError('no-such-revision', 'There is no such version.', 'not-found')
    const channels = await this.channels.listAll(groupId, manager)
    const said = await this.conversation.remarks(groupId, postId, manager)
    return {
      group,
      post,
      revision,
      envelope: openEnvelope(revision.envelope),
      candidates: await this.store.candidates(manager, groupId),
      contributors: await this.store.contributors(manager, groupId, postId),
      count: await this.store.count(manager, groupId, postId),
      revisions: all.filter((each) => each.number < revision.number),
      planned: await this.publications.ofPost(manager, groupId, postId),
      policy: await this.policies.over(manager, groupId, postId),
      channels: new Map(channels.map((channel) => [channel.id, channel])),
      said: said.filter((each) => each.kind === 'suggestion' || !each.removed),
      ethics: await this.shownEthics(manager, group),
    }
  }

  private async viewOf(
    manager: EntityManager,
    request: ReviewRequestEntity,
    reviewed: Reviewed,
    csrf: string,
    since: number | null,
  ): Promise<ReviewView> {
    const { group, post, revision, envelope, candidates, revisions, planned, said, channels: every } = reviewed
    const { coolingMinutes, proof } = reviewed.policy
    const earlier = await this.earlier(manager, request, revisions, since)
    const known = earlier && openEnvelope(earlier.revision.envelope)
    const nameOf = (memberId: string) =>
      candidates.find((each) => each.memberId === memberId)?.name ?? 'somebody who left'
    const pictures = await this.picturesOf(manager, request.groupId, request.id, envelope, known)
    const channels = envelope.channels.map((part) => {
      const channel = every.get(part.channelId) ?? noSuchChannel()
      return reviewedChannel(part, channel, pictures, whenFor(post, envelope, planned, part.channelId, group.timeZone))
    })
    return {
      requestId: request.id,
      groupName: group.name,
      authorName: nameOf(post.authorId),
      reviewerName: nameOf(request.memberId),
      version: revision.number,
      hash: revision.hash,
      csrf,
      pass: null,
      channels,
      deadline: deadlineOf(planned, group.timeZone, coolingMinutes),
      since: earlier && known && changesSince(earlier, known, envelope, every, pictures),
      earlierVersions: revisions.map((each) => each.number),
      noticed: noticed(envelope, every),
      held: post.heldAt !== null,
      strict: proof === 'strict',
      needs: needsSentence({
        ...reviewed.count,
        held: post.heldAt !== null,
        contributorNames: reviewed.contributors.map((each) => each.name),
      }),
      ethics: reviewed.ethics,
      remarks: said.slice(-mostRemarks).map((each) => shownRemark(each, post, every, group.timeZone)),
      remarksLeftOut: Math.max(0, said.length - mostRemarks),
    }
  }

  private async shownEthics(manager: EntityManager, group: { id: string; timeZone: string }): Promise<ShownEthics> {
    const { number, text, madeAt } = await this.ethics.current(group.id, manager)
    const madeOn = madeAt.setZone(group.timeZone).setLocale('en-GB').toFormat('d LLLL yyyy')
    return { number, points: pointsOf(text), madeOn }
  }

  /**
   * The earlier version to compare with: the chosen one, else the last that this member answered, else the last that
   * they were asked about. Opening a page records nothing, so "last shown" is "last asked about".
   */
  private async earlier(
    manager: EntityManager,
    { groupId, postId, memberId }: ReviewRequestEntity,
    revisions: readonly RevisionEntity[],
    since: number | null,
  ): Promise<Earlier | null> {
    if (revisions.length === 0) return null
    const chosen = revisions.find((each) => each.number === since)
    if (chosen) return { revision: chosen, because: 'chosen' }
    const verdicts = await this.store.verdicts(manager, groupId, [postId])
    const answered = revisions.find((each) =>
      verdicts.some((one) => one.revisionId === each.id && one.memberId === memberId),
    )
    if (answered) return { revision: answered, because: 'answered' }
    const requests = await this.store.requestsFor(
      manager,
      groupId,
      revisions.map((each) => each.id),
    )
    const asked = revisions.find((each) =>
      requests.some((one) => one.revisionId === each.id && one.memberId === memberId),
    )
    return asked ? { revision: asked, because: 'asked' } : null
  }

  private async picturesOf(
    manager: EntityManager,
    groupId: string,
    requestId: string,
    envelope: Envelope,
    earlier: Envelope | null,
  ): Promise<Map<string, PictureAddress>> {
    const shown = hashesOf(envelope)
    const gone = new Set([...(earlier ? hashesOf(earlier) : [])].filter((hash) => !shown.has(hash)))
    const one = smallBytesInAll / Math.max(1, shown.size * shareOfShown + gone.size)
    const known = await this.media.byHash(groupId, [...shown, ...gone], manager)
    return new Map(
      [...shown, ...gone].map((hash) => {
        const { width, height, film } = known.get(hash) ?? { width: 0, height: 0, film: false }
        const src = known.has(hash) ? `/review/${requestId}/pictures/${hash}` : ''
        const bytes = Math.floor(shown.has(hash) ? one * shareOfShown : one)
        return [hash, { src, small: film ? '' : src && `${src}?small=${bytes}`, width, height, film }]
      }),
    )
  }
}

function shownRemark(
  remark: Remark,
  post: PostEntity,
  channels: ReadonlyMap<string, Channel>,
  zone: string,
): ShownRemark {
  const { name, at, version } = remark
  const text = remark.kind === 'comment' ? remark.text : remark.note
  const long = (words: string) => words.length > mostLetters
  return {
    name,
    when: spokenShort(at, zone),
    version,
    text: long(text) ? `${text.slice(0, mostLetters).trimEnd()}…` : text,
    suggestion:
      remark.kind === 'comment'
        ? null
        : {
            label: placeLabel(remark.place, post.content, (id) => channels.get(id)?.name ?? 'a channel'),
            state: remark.state,
            difference: long(remark.before) || long(remark.words) ? [] : differ(remark.before, remark.words),
          },
  }
}

function hashesOf(envelope: Envelope): Set<string> {
  return new Set(envelope.channels.flatMap((channel) => picturesOfChannel(channel).map((picture) => picture.sha256)))
}

function changesSince(
  { revision, because }: Earlier,
  before: Envelope,
  after: Envelope,
  channels: ReadonlyMap<string, Channel>,
  pictures: ReadonlyMap<string, PictureAddress>,
): ChangesSince {
  const difference = revisionDifference(before, after)
  return {
    version: revision.number,
    because,
    same: difference.same,
    channels: difference.channels.map((each) => {
      const network = (each.after ?? each.before)?.network
      return {
        ...each,
        channelName: channels.get(each.channelId)?.name ?? 'A channel that was removed',
        networkName: network ? platformRules[network].capabilities.name : '',
      }
    }),
    timing: difference.timing,
    pictures: Object.fromEntries(pictures),
  }
}

function reviewedChannel(
  part: EnvelopeChannel,
  channel: Channel,
  pictures: ReadonlyMap<string, PictureAddress>,
  when: string,
): ReviewedChannel {
  const rules = platformRules[part.network]
  const parts = partsOf(part)
  const threadLength = 1 + (part.thread?.length ?? 0)
  const lengthOf = (text: string) => {
    const { used, limit, unit } = rules.measure(text, channel.limits ?? undefined)
    return `${used} of ${limit} ${unit}`
  }
  const addressed = (all: Part['pictures']) =>
    all.map((picture) => ({
      ...(pictures.get(picture.sha256) ?? { src: '', small: '', width: 0, height: 0 }),
      alt: picture.alt,
    }))
  return {
    channelId: part.channelId,
    network: part.network,
    networkName: rules.capabilities.name,
    channelName: channel.name,
    text: part.text,
    link: part.link,
    pictures: addressed(part.pictures),
    length: lengthOf(part.text),
    below: parts.slice(1).map((each) => ({
      name: partName(each, threadLength),
      text: each.text,
      link: each.link,
      pictures: addressed(each.pictures),
      length: lengthOf(each.text),
    })),
    contentWarning: part.contentWarning ?? null,
    visibility: part.visibility === undefined ? null : visibilityWords(part.visibility),
    target: part.target ? { ...part.target, manner: mannerOn(part) ?? 'answer' } : null,
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

function deadlineOf(planned: readonly PublicationEntity[], zone: string, coolingMinutes: number): string | null {
  const first: DateTime | undefined = planned
    .filter((each) => each.state === 'planned')
    .map((each) => each.slot)
    .sort((a, b) => a.toMillis() - b.toMillis())[0]
  return first ? spokenTime(first.minus({ minutes: coolingMinutes }), zone) : null
}

function noticed(envelope: Envelope, channels: ReadonlyMap<string, Channel>): string[] {
  const sentences = envelope.channels.flatMap((part) => {
    const rules = platformRules[part.network]
    const parts = partsOf(part).map((each) => checkedPart(each))
    const limits = channels.get(part.channelId)?.limits ?? undefined
    return checkParts(rules, parts, limits).map((problem) => `${rules.capabilities.name}: ${problem.message}`)
  })
  const undescribed = envelope.channels.some((part) => picturesOfChannel(part).some((picture) => picture.alt === ''))
  // A picture would make a quote of what is passed on without words.
  const ours = envelope.channels.filter((part) => mannerOn(part) !== 'repost')
  const withoutPictures = ours.length > 0 && ours.every((part) => picturesOfChannel(part).length === 0)
  return [
    ...new Set([
      ...sentences,
      ...(undescribed ? ['A picture has no description, so people who cannot see it miss what it says.'] : []),
      ...(withoutPictures ? ['There is no picture. A picture usually helps.'] : []),
    ]),
  ]
}
