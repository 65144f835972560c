import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../channels/channel.js'
import { ChannelsService } from '../channels/channels.service.js'
import type { Window } from '../channels/window.js'
import { textFor, type Wish } from '../drafts/content.js'
import type { Timing } from '../drafts/envelope.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PoliciesService } from '../groups/policies.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { HolidaysService } from './holidays.service.js'
import { keepsEmbargo, type Placed, type Placement, type PlaceRequest, type PlaceWish } from './placement.js'
import { candidates, place } from './plan.js'
import type { PublicationEntity } from './publication.entity.js'
import { isOutInPart } from './publication.js'
import { PublicationsStore, type Place } from './publications.store.js'
import type { PlaceRules } from './slot.js'
import { StillnessStore } from './stillness.store.js'
import { instantOf, wallOf } from './wall-time.js'

/** Time that reviewers get, at the least, before a post that finds its own slot. */
const reviewMinutes = 60

/** Days for which a text that is always good is not shown again on a channel. */
const evergreenRestDays = 60

/** What placing looks at of a post. */
export type Placeable = Pick<PostEntity, 'id' | 'wish' | 'usefulUntil' | 'labels' | 'approvedAt' | 'content'>

export interface GroupTimes {
  readonly id: string
  readonly timeZone: string
}

/** Finds slots and reserves them. Moving one publication never moves another. */
@Injectable()
export class PlanningService {
  constructor(
    private readonly store: PublicationsStore,
    private readonly stillness: StillnessStore,
    private readonly holidays: HolidaysService,
    private readonly channels: ChannelsService,
    private readonly policies: PoliciesService,
    private readonly clock: Clock,
  ) {}

  /** Where a post would go on a channel if it were sent now, or stays if it has a slot; reserves nothing. */
  async preview(
    manager: EntityManager,
    group: GroupTimes,
    post: Placeable,
    channel: Channel,
    existing: PublicationEntity | null,
  ): Promise<Placement> {
    if (existing && this.staysWhere(existing, post)) {
      const { slot: at, wall, zone, windowName, windowEnds, reasons } = existing
      return { kind: 'placed', at, wall, zone, windowName, windowEnds, reasons, broken: [] }
    }
    const [first] = await this.placements(manager, group, post, channel, existing?.id ?? null, null)
    return first
  }

  /** Reserves a slot for each channel of a post that was sent for review; what is planned already stays where it is while that is allowed. */
  async plan(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    channels: readonly Channel[],
  ): Promise<PublicationEntity[]> {
    const existing = await this.store.ofPost(manager, group.id, post.id)
    for (const publication of existing) {
      // What is no longer connected, and failed or missed its time there, somebody still has to say something about.
      const goesThere =
        publication.state === 'planned'
          ? channels.some((channel) => channel.id === publication.channelId)
          : post.content.channels.some((each) => each.channelId === publication.channelId)
      if (!goesThere && mayCancel(publication))
        await this.store.update(manager, publication, { state: 'cancelled', updatedAt: this.clock.now() })
    }
    if (post.wish.kind === 'as_soon_as_approved' && post.approvedAt === null) {
      for (const publication of existing) {
        if (publication.state === 'planned')
          await this.store.update(manager, publication, { state: 'cancelled', updatedAt: this.clock.now() })
      }
      return []
    }
    const publicationOn = (channel: Channel) => existing.find((each) => each.channelId === channel.id) ?? null
    const fresh = channels.filter((channel) => publicationOn(channel) === null)
    const placed = await this.reserveTogether(manager, group, post, fresh)
    for (const channel of channels) {
      const publication = publicationOn(channel)
      if (publication ? this.staysWhere(publication, post) : placed) continue
      await this.reserve(manager, group, post, channel, publication, null)
    }
    return this.store.ofPost(manager, group.id, post.id)
  }

  /** Moves a publication that could not go out in its slot to the next free one that was approved. @returns null when there is none */
  async moveOn(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    publication: PublicationEntity,
    approved: Timing | null,
  ): Promise<PublicationEntity | null> {
    const channel = await this.channels.get(group.id, publication.channelId, manager)
    if (channel.removedAt !== null) return null
    try {
      await this.reserve(manager, group, post, channel, publication, approved)
    } catch (error) {
      if (error instanceof DomainError) return null
      throw error
    }
    return this.store.get(manager, group.id, publication.id)
  }

  /**
   * Moves on what was approved so shortly before its slot that it has to cool beyond it: to the next free slot that was
   * agreed to, or by the missing minutes when an exact time was agreed to and these are inside its tolerance. What cannot
   * be moved stays, does not go out too early, and is told of when its time is over.
   * @returns what was moved, with the slots it had
   */
  async makeTimeToCool(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    approved: Timing,
  ): Promise<{ readonly was: DateTime; readonly publication: PublicationEntity }[]> {
    const from = await this.store.mayGoFrom(manager, group.id, post.id)
    const moved = []
    for (const publication of await this.store.ofPost(manager, group.id, post.id)) {
      const { slot: was } = publication
      if (from === null || publication.state !== 'planned' || was >= from) continue
      const now =
        approved.kind === 'exact'
          ? await this.shift(manager, publication, from, approved)
          : await this.moveOn(manager, group, post, publication, approved)
      if (now) moved.push({ was, publication: now })
    }
    return moved
  }

  /** @returns null when the later time was not agreed to, or is taken */
  private async shift(
    manager: EntityManager,
    publication: PublicationEntity,
    from: DateTime,
    approved: Timing & { kind: 'exact' },
  ): Promise<PublicationEntity | null> {
    const slot = from.plus({ minutes: 1, milliseconds: -1 }).startOf('minute')
    if (slot > instantOf(approved.wall, approved.zone).plus({ minutes: approved.toleranceMinutes })) return null
    const { zone, windowName, windowEnds, reasons, spacingWaived } = publication
    const { gapMinutes } = await this.channels.get(publication.groupId, publication.channelId, manager)
    const place = { slot, wall: wallOf(slot, zone), zone, windowName, windowEnds, reasons, gapMinutes, spacingWaived }
    const won = await this.store.move(manager, publication, place)
    return won ? this.store.get(manager, publication.groupId, publication.id) : null
  }

  async cancelAll(manager: EntityManager, groupId: string, postId: string): Promise<void> {
    for (const publication of await this.store.ofPost(manager, groupId, postId)) {
      if (mayCancel(publication))
        await this.store.update(manager, publication, { state: 'cancelled', updatedAt: this.clock.now() })
    }
  }

  private staysWhere(publication: PublicationEntity, post: Pick<PostEntity, 'wish'>): boolean {
    if (publication.state !== 'planned' || publication.slot < this.clock.now().plus({ minutes: 15 })) return false
    const own = post.wish.own?.[publication.channelId]
    if (own) return publication.wall.startsWith(own.at)
    if (post.wish.kind === 'exact') return publication.wall.startsWith(post.wish.at)
    return isWindowed(post.wish) && publication.windowName !== null && keepsEmbargo(publication, post.wish.notBefore)
  }

  /**
   * The best slot on each of these channels in one statement. Most posts win all of them at once.
   * @returns false when somebody was faster with one: then each is reserved by itself
   */
  private async reserveTogether(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    channels: readonly Channel[],
  ): Promise<boolean> {
    if (channels.length < 2) return channels.length === 0
    const now = this.clock.now()
    const rulesOf = await this.rulesOfGroup(manager, group, post)
    const ids = channels.map((channel) => channel.id)
    const taken = await this.store.takenOn(manager, group.id, ids, now.minus({ days: 2 }))
    const wanted = []
    for (const channel of channels) {
      const request = await this.request(manager, group, post, channel)
      const placement = place(request, rulesOf(channel, null), taken.get(channel.id) ?? [], now)
      if (placement.kind === 'no-slot') noSlot(channel, placement.reason)
      wanted.push({ id: newId(now.toMillis()), channelId: channel.id, place: placeOf(placement, channel) })
    }
    return this.store.reserveAll(manager, group.id, post.id, wanted)
  }

  private async reserve(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    channel: Channel,
    publication: PublicationEntity | null,
    approved: Timing | null,
  ): Promise<void> {
    for (const placement of await this.placements(manager, group, post, channel, publication?.id ?? null, approved)) {
      if (placement.kind === 'no-slot') noSlot(channel, placement.reason)
      const place = placeOf(placement, channel)
      const won = publication
        ? await this.store.move(manager, publication, place)
        : await this.store.reserve(
            manager,
            { groupId: group.id, id: newId(this.clock.now().toMillis()), postId: post.id, channelId: channel.id },
            place,
          )
      if (won) return
    }
    noSlot(channel, 'every free slot was taken by somebody else at the same moment. Try again.')
  }

  private async placements(
    manager: EntityManager,
    group: GroupTimes,
    post: Placeable,
    channel: Channel,
    except: string | null,
    approved: Timing | null,
  ): Promise<[Placement, ...Placement[]]> {
    const rules = await this.rulesFor(manager, group, post, channel, approved)
    const now = this.clock.now()
    const taken = await this.store.taken(manager, group.id, channel.id, now.minus({ days: 2 }), except)
    return candidates(await this.request(manager, group, post, channel), rules, taken, now)
  }

  private async request(
    manager: EntityManager,
    group: GroupTimes,
    post: Placeable,
    channel: Channel,
  ): Promise<PlaceRequest> {
    const request = requestFor(post, channel, group.timeZone)
    return { ...request, ...(await this.rest(manager, post, channel, request)) }
  }

  /** The rules for a post on a channel: those of the channel, and the time that reviewers get. */
  async rulesFor(
    manager: EntityManager,
    group: GroupTimes,
    post: Pick<PostEntity, 'id' | 'wish' | 'approvedAt'>,
    channel: Channel,
    approved: Timing | null,
  ): Promise<PlaceRules> {
    return (await this.rulesOfGroup(manager, group, post))(channel, approved)
  }

  /** The same for several channels of one post, read once. */
  private async rulesOfGroup(
    manager: EntityManager,
    group: GroupTimes,
    post: Pick<PostEntity, 'id' | 'wish' | 'approvedAt'>,
  ): Promise<(channel: Channel, approved: Timing | null) => PlaceRules> {
    const now = this.clock.now()
    const calendar = await this.stillness.calendar(manager, group.id)
    const holidays = await this.holidays.between(calendar.holidays, now, now.plus({ years: 1 }))
    const windowsOf = await this.channels.windowsByChannel(group.id, manager)
    const leadMinutes = await this.leadFor(manager, group, post)
    return (channel, approved) => ({
      zone: group.timeZone,
      windows: agreedWindows(windowsOf(channel.id), group, channel, approved),
      gapMinutes: channel.gapMinutes,
      dailyCap: channel.dailyCap,
      quiet: channel.quietStart && channel.quietEnd ? { start: channel.quietStart, end: channel.quietEnd } : null,
      leadMinutes,
      silences: calendar.silencesOf(channel.id),
      holidays,
    })
  }

  /** An evergreen text rests on each channel; what counts besides is the embargo. */
  private async rest(
    manager: EntityManager,
    post: Placeable,
    channel: Channel,
    { notBefore }: PlaceRequest,
  ): Promise<Pick<PlaceRequest, 'notBefore' | 'notBeforeIs'>> {
    if (post.wish.kind !== 'evergreen') return {}
    const text = textFor(post.content, channel.id)
    const last = await this.store.lastOf(manager, channel.groupId, channel.id, post.id, text)
    const rested = last?.plus({ days: evergreenRestDays })
    if (!rested || (notBefore && notBefore > rested)) return {}
    return { notBefore: rested, notBeforeIs: `evergreen and rests ${evergreenRestDays} days between two times` }
  }

  /** Minutes from now: what is approved has to cool; what is not gives its reviewers some time besides. */
  private async leadFor(
    manager: EntityManager,
    group: GroupTimes,
    post: Pick<PostEntity, 'id' | 'wish' | 'approvedAt'>,
  ): Promise<number> {
    if (post.approvedAt !== null) {
      const from = await this.store.mayGoFrom(manager, group.id, post.id)
      return Math.max(0, from?.diff(this.clock.now(), 'minutes').minutes ?? 0)
    }
    const policy = await this.policies.over(manager, group.id, post.id)
    if (post.wish.kind === 'as_soon_as_approved') return policy.atOnceCoolingMinutes
    return policy.coolingMinutes + (isWindowed(post.wish) ? reviewMinutes : 0)
  }
}

/** Nothing of it is out. What failed or missed its time asks for nothing any more, once the post does not go there. */
function mayCancel(publication: PublicationEntity): boolean {
  return ['planned', 'missed', 'failed'].includes(publication.state) && !isOutInPart(publication)
}

function noSlot(channel: Channel, reason: string): never {
  throw new DomainError('no-slot', `${channel.name}: ${reason}`, 'conflict')
}

/** After approval only windows that the reviewers saw may be used. */
function agreedWindows(windows: Window[], group: GroupTimes, channel: Channel, approved: Timing | null): Window[] {
  if (approved?.kind !== 'queue') return windows
  // The same words in another zone are other hours than those that were agreed to.
  if (approved.zone !== group.timeZone) return []
  const seen = approved.windows[channel.id] ?? []
  return windows.filter((window) =>
    seen.some(
      (each) =>
        each.start <= window.start && each.end >= window.end && window.days.every((day) => each.days.includes(day)),
    ),
  )
}

/** What placing has to know of a post. */
export function requestFor(
  post: Pick<PostEntity, 'id' | 'wish' | 'usefulUntil' | 'labels'>,
  channel: { readonly id: string },
  zone: string,
): PlaceRequest {
  const { notBefore } = post.wish
  return {
    ...(notBefore === undefined ? {} : { notBefore: instantOf(notBefore, zone) }),
    postId: post.id,
    channelId: channel.id,
    wish: wishFor(post.wish, channel.id),
    uselessAfter: post.usefulUntil ?? undefined,
    labels: post.labels,
  }
}

function wishFor(wish: Wish, channelId: string): PlaceWish {
  const own = wish.own?.[channelId]
  if (own) return { kind: 'exact', ...own }
  return wish.kind === 'as_soon_as_approved' ? { kind: 'as-soon-as-approved' } : wish
}

/** Whether it finds a window by itself. */
function isWindowed(wish: Wish): boolean {
  return wish.kind === 'queue' || wish.kind === 'evergreen'
}

/** What is kept of a placement. */
export function placeOf(placement: Placed, channel: Pick<Channel, 'gapMinutes'>): Place {
  return {
    slot: placement.at,
    wall: placement.wall,
    zone: placement.zone,
    windowName: placement.windowName,
    windowEnds: placement.windowEnds,
    reasons: placement.reasons,
    gapMinutes: channel.gapMinutes,
    spacingWaived: placement.broken.includes('gap'),
  }
}
