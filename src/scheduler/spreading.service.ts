import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import type { Channel } from '../channels/channel.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope } from '../drafts/envelope.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { isInside } from './moving.js'
import type { Placed } from './placement.js'
import { placeOf, PlanningService, type GroupTimes } from './planning.service.js'
import type { PublicationEntity } from './publication.entity.js'
import { holdsSlot } from './publication.js'
import { PublicationsStore } from './publications.store.js'
import { spreadDay, type Spreadable } from './spreading.js'
import { fingerprintOf, type KeptMove, SpreadsStore } from './spreads.store.js'
import { dateOf, instantOf } from './wall-time.js'

const undoMinutes = 10
/** What is about to go out stays. */
const soonMinutes = 15

/** One post that would move, and where. */
export interface Proposal {
  readonly publication: PublicationEntity
  readonly channel: Channel
  readonly to: Placed
}

/** Spreads the planned posts of one day over its windows again: shown first, done when somebody wants it, and undone for ten minutes. */
@Injectable()
export class SpreadingService {
  constructor(
    private readonly transaction: Transaction,
    private readonly planning: PlanningService,
    private readonly store: PublicationsStore,
    private readonly spreads: SpreadsStore,
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** What would move, on one channel or on all; changes nothing. */
  async propose(
    manager: EntityManager,
    group: GroupTimes,
    date: string,
    channelId: string | null,
  ): Promise<Proposal[]> {
    const { from, to } = dayOf(date, group.timeZone)
    const planned = await this.store.between(manager, group.id, from, to)
    const proposals: Proposal[] = []
    for (const channel of await this.channels.list(group.id, manager)) {
      if (channelId !== null && channel.id !== channelId) continue
      const here = planned.filter((each) => each.channelId === channel.id)
      proposals.push(...(await this.onChannel(manager, group, date, channel, here)))
    }
    return proposals
  }

  /**
   * Does what was shown.
   * @param seen what was shown: ids of publications, and where each would go
   * @throws DomainError when something else would come of it by now
   */
  async apply(
    actor: Actor,
    group: GroupTimes,
    date: string,
    channelId: string | null,
    seen: readonly { readonly publicationId: string; readonly slot: string }[],
  ): Promise<{ id: string; until: DateTime }> {
    return this.transaction.run(async (manager) => {
      const first = await this.propose(manager, group, date, channelId)
      for (const postId of [...new Set(first.map(({ publication }) => publication.postId))].sort())
        await this.posts.lock(manager, group.id, postId)
      for (const { publication } of [...first].sort((one, other) =>
        one.publication.id < other.publication.id ? -1 : 1,
      ))
        await this.store.lock(manager, group.id, publication.id)
      const proposals = await this.propose(manager, group, date, channelId)
      if (proposals.length === 0)
        throw new DomainError(
          'nothing-to-spread',
          'The posts of this day are spread as well as its windows allow.',
          'conflict',
        )
      const key = (id: string, at: DateTime) => `${id} ${at.toMillis()}`
      const shown = seen.map((each) => key(each.publicationId, DateTime.fromISO(each.slot)))
      if (
        proposals.length !== shown.length ||
        !proposals.every(({ publication, to }) => shown.includes(key(publication.id, to.at)))
      )
        throw new DomainError(
          'changed-meanwhile',
          'Something on this day changed meanwhile. Look at the new proposal.',
          'conflict',
        )
      const now = this.clock.now()
      const moves = proposals.map(({ publication }) => keep(publication))
      await this.place(
        manager,
        proposals.map(({ publication, channel, to }) => ({ publication, place: placeOf(to, channel) })),
      )
      for (const { publication } of proposals)
        await this.posts.addEvent(
          manager,
          actor,
          publication.postId,
          now,
          `${actor.name} spread its day again, and it moved.`,
        )
      const id = newId(now.toMillis())
      const fingerprint = await this.fingerprint(manager, group, date)
      await this.spreads.insert(manager, group.id, id, { memberId: actor.memberId, moves, fingerprint, madeAt: now })
      await this.audit.append(manager, group.id, { kind: 'day-spread', count: moves.length, member: actor.memberId })
      return { id, until: now.plus({ minutes: undoMinutes }) }
    })
  }

  /** Which days were spread in a way that can still be taken back as a whole: one spreading a day, the last. */
  async undoable(manager: EntityManager, group: GroupTimes): Promise<{ id: string; date: string; until: DateTime }[]> {
    const found: { id: string; date: string; until: DateTime }[] = []
    const since = this.clock.now().minus({ minutes: undoMinutes })
    for (const { id, moves, madeAt, fingerprint } of await this.spreads.standing(manager, group.id, since)) {
      const date = dateOfMoves(moves)
      if (date === '' || found.some((each) => each.date === date)) continue
      if ((await this.fingerprint(manager, group, date)) !== fingerprint) continue
      found.push({ id, date, until: madeAt.plus({ minutes: undoMinutes }) })
    }
    return found
  }

  /** @throws DomainError when it is too late, or something on that day changed since */
  async undo(actor: Actor, group: GroupTimes, id: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      const spread = await this.spreads.lock(manager, group.id, id)
      if (!spread) throw new DomainError('no-such-spread', 'There is no such change in this group.', 'not-found')
      if (spread.undone) throw new DomainError('undone', 'This was undone already.', 'conflict')
      if (spread.madeAt.plus({ minutes: undoMinutes }) < this.clock.now())
        throw new DomainError(
          'too-late',
          `This can be undone for ${undoMinutes} minutes. Move the posts one by one instead.`,
          'conflict',
        )
      const found: PublicationEntity[] = []
      for (const { id: publicationId } of spread.moves)
        found.push(await this.store.get(manager, group.id, publicationId))
      for (const postId of [...new Set(found.map((each) => each.postId))].sort())
        await this.posts.lock(manager, group.id, postId)
      const date = dateOfMoves(spread.moves)
      if ((await this.fingerprint(manager, group, date)) !== spread.fingerprint)
        throw new DomainError(
          'changed-since',
          'Something else on this day changed since, so it is not undone as a whole. Move the posts one by one.',
          'conflict',
        )
      await this.place(
        manager,
        await Promise.all(
          spread.moves.map(async (move) => {
            const publication = found.find((each) => each.id === move.id)!
            const { gapMinutes } = await this.channels.get(group.id, publication.channelId, manager)
            const { windowEnds } = move
            const place = {
              ...move,
              slot: DateTime.fromISO(move.slot),
              windowEnds: windowEnds === null ? null : DateTime.fromISO(windowEnds),
              gapMinutes,
            }
            return { publication, place }
          }),
        ),
      )
      for (const { postId } of found)
        await this.posts.addEvent(
          manager,
          actor,
          postId,
          this.clock.now(),
          `${actor.name} undid the spreading; it is back in its slot.`,
        )
      await this.spreads.markUndone(manager, group.id, id)
      await this.audit.append(manager, group.id, {
        kind: 'day-spread-undone',
        count: found.length,
        member: actor.memberId,
      })
    })
  }

  /** All at once: none of them is in the way of another that moves as well. */
  private async place(
    manager: EntityManager,
    moves: readonly { publication: PublicationEntity; place: ReturnType<typeof placeOf> }[],
  ): Promise<void> {
    const groupId = moves[0]?.publication.groupId ?? ''
    await this.spreads.liftSpacing(
      manager,
      groupId,
      moves.map(({ publication }) => publication.id),
    )
    for (const { publication, place } of moves) {
      if (!(await this.store.move(manager, publication, place)))
        throw new DomainError('slot-taken', 'Another post took one of these slots meanwhile. Look again.', 'conflict')
    }
  }

  private async onChannel(
    manager: EntityManager,
    group: GroupTimes,
    date: string,
    channel: Channel,
    here: readonly PublicationEntity[],
  ): Promise<Proposal[]> {
    const movable: Spreadable[] = []
    for (const publication of here) {
      const spreadable = await this.spreadable(manager, group, channel, publication)
      if (spreadable) movable.push(spreadable)
    }
    if (movable.length === 0) return []
    const { from, to } = dayOf(date, group.timeZone)
    const near = await this.store.between(manager, group.id, from.minus({ days: 2 }), to.plus({ days: 2 }))
    const fixed = near
      .filter(
        (each) => each.channelId === channel.id && holdsSlot(each.state) && !movable.some(({ id }) => id === each.id),
      )
      .map((each) => ({ at: each.publishedAt ?? each.slot, windowName: each.windowName, labels: [] }))
    const any = { id: movable[0]!.postId, wish: { kind: 'queue' as const }, approvedAt: this.clock.now() }
    const rules = await this.planning.rulesFor(manager, group, any, channel, null)
    return spreadDay(date, movable, fixed, rules).map(({ id, to: place }) => ({
      publication: here.find((each) => each.id === id)!,
      channel,
      to: place,
    }))
  }

  /** What waits in a window of its queue and may be moved inside what its reviewers were shown; else null. */
  private async spreadable(
    manager: EntityManager,
    group: GroupTimes,
    channel: Channel,
    publication: PublicationEntity,
  ): Promise<Spreadable | null> {
    const now = this.clock.now()
    if (publication.state !== 'planned' || publication.doubt || publication.windowName === null) return null
    if (publication.slot < now.plus({ minutes: soonMinutes })) return null
    const post = await this.posts.get(manager, group.id, publication.postId)
    if (post.wish.kind !== 'queue' || post.wish.own?.[channel.id] || post.currentRevisionId === null) return null
    const revision = await this.posts.revision(manager, group.id, post.currentRevisionId)
    if (!revision) return null
    const { timing } = openEnvelope(revision.envelope)
    const { leadMinutes } = await this.planning.rulesFor(manager, group, post, channel, null)
    return {
      id: publication.id,
      postId: post.id,
      at: publication.slot,
      windowName: publication.windowName,
      labels: post.labels,
      earliest: now.plus({ minutes: Math.max(leadMinutes, soonMinutes) }),
      latest: post.usefulUntil,
      agreed: (at) => isInside(at, channel.id, timing),
    }
  }

  private async fingerprint(manager: EntityManager, group: GroupTimes, date: string): Promise<string> {
    const { from, to } = dayOf(date, group.timeZone)
    return fingerprintOf(await this.store.between(manager, group.id, from, to))
  }
}

function dateOfMoves(moves: readonly KeptMove[]): string {
  return moves[0]?.wall.slice(0, 10) ?? ''
}

function dayOf(date: string, zone: string): { from: DateTime; to: DateTime } {
  const from = instantOf(`${date}T00:00`, zone)
  const next = dateOf(from.plus({ hours: 30 }), zone)
  return { from, to: instantOf(`${next}T00:00`, zone) }
}

function keep({ id, slot, wall, zone, windowName, windowEnds, reasons, spacingWaived }: PublicationEntity) {
  return {
    id,
    slot: slot.toISO() ?? '',
    wall,
    zone,
    windowName,
    windowEnds: windowEnds?.toISO() ?? null,
    reasons,
    spacingWaived,
  }
}
