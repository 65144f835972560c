import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../channels/channel.js'
import { ChannelsService } from '../channels/channels.service.js'
import type { Wish } from '../drafts/content.js'
import type { Timing } from '../drafts/envelope.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { Clock } from '../kernel/clock.js'
import { isInside, placeAt, placeInWindow, type Consequence } from './moving.js'
import type { NoSlot, Placed, Placement } from './placement.js'
import { candidates } from './plan.js'
import { placeOf, PlanningService, requestFor, type GroupTimes } from './planning.service.js'
import type { PublicationEntity } from './publication.entity.js'
import { PublicationsStore } from './publications.store.js'
import type { Holidays } from './slot.js'

/** A slot that a publication could be moved to. */
export interface Offer {
  readonly kind: 'offer'
  readonly placement: Placed
  readonly consequence: Consequence
}

/** A time that somebody has in mind: exact, or a window on a day. */
export type Wanted =
  | { readonly at: string; readonly reason?: string }
  | { readonly date: string; readonly start: string }

/** Slots for one publication that is planned already. Whatever is chosen, no other publication moves. */
@Injectable()
export class MovingService {
  constructor(
    private readonly planning: PlanningService,
    private readonly store: PublicationsStore,
    private readonly channels: ChannelsService,
    private readonly clock: Clock,
  ) {}

  /** The best of the next free slots in windows, in order of time; none when there is none. */
  async offers(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    publication: PublicationEntity,
    timing: Timing,
    most = 6,
  ): Promise<Offer[]> {
    // Slots outside what was agreed to give the reviewers their time.
    const agreed = timing.kind === 'queue' && !timing.own?.[publication.channelId]
    const { request, rules, taken, now } = await this.around(
      manager,
      group,
      post,
      publication,
      { kind: 'queue' },
      agreed,
    )
    return candidates(request, rules, taken, now, most + 1)
      .flatMap((placement) =>
        placement.kind === 'placed' ? [offerOf(placement, publication, timing, rules.holidays)] : [],
      )
      .filter(({ placement }) => !placement.at.equals(publication.slot))
      .slice(0, most)
      .sort((one, other) => one.placement.at.toMillis() - other.placement.at.toMillis())
  }

  /** The slot for what somebody has in mind, or why there is none. */
  async weigh(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    publication: PublicationEntity,
    timing: Timing,
    wanted: Wanted,
  ): Promise<Offer | NoSlot> {
    let holidays: Holidays | undefined
    const place = async (agreed: boolean): Promise<Placement> => {
      const wish: Wish = 'at' in wanted ? { kind: 'exact', ...wanted } : { kind: 'queue' }
      const { request, rules, taken, now } = await this.around(manager, group, post, publication, wish, agreed)
      holidays = rules.holidays
      return 'at' in wanted
        ? placeAt(wanted, request, rules, taken, now)
        : placeInWindow(wanted.date, wanted.start, request, rules, taken, now)
    }
    const first = await place(true)
    if (first.kind === 'no-slot') return first
    const offer = offerOf(first, publication, timing, holidays)
    if (offer.consequence === 'stays' || post.approvedAt === null) return offer
    // An approval that is void gives its lead no more: reviewers have to have their time again.
    const again = await place(false)
    return again.kind === 'no-slot' ? again : offerOf(again, publication, timing, holidays)
  }

  /** @returns false when somebody else took the slot meanwhile */
  async move(manager: EntityManager, publication: PublicationEntity, placement: Placed): Promise<boolean> {
    const channel = await this.channels.get(publication.groupId, publication.channelId, manager)
    return this.store.move(manager, publication, placeOf(placement, channel))
  }

  private async around(
    manager: EntityManager,
    group: GroupTimes,
    post: PostEntity,
    publication: PublicationEntity,
    wish: Wish,
    agreed: boolean,
  ) {
    const now = this.clock.now()
    const { id, usefulUntil, labels } = post
    const { notBefore } = post.wish
    const embargoed: Wish = notBefore === undefined ? wish : { ...wish, notBefore }
    const moved = { id, usefulUntil, labels, wish: embargoed, approvedAt: agreed ? post.approvedAt : null }
    const channel: Channel = await this.channels.get(group.id, publication.channelId, manager)
    const rules = await this.planning.rulesFor(manager, group, moved, channel, null)
    const taken = await this.store.taken(manager, group.id, channel.id, now.minus({ days: 2 }), publication.id)
    return { request: requestFor(moved, channel, group.timeZone), rules, taken, now }
  }
}

function offerOf(placement: Placed, publication: PublicationEntity, timing: Timing, holidays?: Holidays): Offer {
  const inside = isInside(placement.at, publication.channelId, timing, holidays)
  return { kind: 'offer', placement, consequence: inside ? 'stays' : 'asks-again' }
}
