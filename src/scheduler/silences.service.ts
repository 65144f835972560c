import { Injectable } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import type { SilenceEntity } from './silence.entity.js'
import { StillnessStore } from './stillness.store.js'
import { instantOf, sayTime } from './wall-time.js'

/** What an admin says about a silence. Wall times are in the group's zone, `YYYY-MM-DDTHH:mm`. */
export interface NewSilence {
  readonly name: string
  readonly from: string
  /** Exclusive. */
  readonly until: string
  /** Null: every channel. */
  readonly channelIds: readonly string[] | null
}

/** A longer one is a slip of the year more often than a plan. */
const longestDays = 366

/** Times in which nothing goes out. Whoever plans one also has what lies inside it moved; removing one moves nothing. */
@Injectable()
export class SilencesService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: StillnessStore,
    private readonly channels: ChannelsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Those that are not over. */
  list(groupId: string): Promise<SilenceEntity[]> {
    return this.store.silences(this.transaction.manager, groupId)
  }

  /** @throws DomainError `bad-silence`, `no-such-channel`, `bad-wall-time` */
  async add(acting: ActingMember, given: NewSilence): Promise<void> {
    const zone = acting.group.timeZone
    const startsAt = instantOf(given.from, zone)
    const endsAt = instantOf(given.until, zone)
    const now = this.clock.now()
    if (endsAt <= startsAt) refuse(`It ends on ${sayTime(endsAt, zone)}, before it begins. Choose a later end.`)
    if (endsAt <= now) refuse(`It was over on ${sayTime(endsAt, zone)} already. Choose a later end.`)
    if (endsAt.diff(startsAt, 'days').days > longestDays)
      refuse('It is longer than a year. Is the year right? Choose an earlier end, or pause everything.')
    await this.transaction.run(async (manager) => {
      const known = new Set((await this.channels.list(acting.groupId, manager)).map((channel) => channel.id))
      if (given.channelIds?.some((id) => !known.has(id)))
        throw new DomainError('no-such-channel', 'One of the channels is not connected any more. Choose again.')
      const id = newId(now.toMillis())
      await this.store.insertSilence(manager, {
        groupId: acting.groupId,
        id,
        name: given.name,
        fromWall: given.from,
        untilWall: given.until,
        zone,
        startsAt,
        endsAt,
        channelIds: given.channelIds === null ? null : [...new Set(given.channelIds)],
        madeBy: acting.memberId,
        madeAt: now,
        removedBy: null,
        removedAt: null,
      })
      await this.audit.append(manager, acting.groupId, { kind: 'silence-made', silence: id, member: acting.memberId })
    })
  }

  /** @throws DomainError `no-such-silence` */
  async remove(acting: ActingMember, id: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      if (!(await this.store.removeSilence(manager, acting.groupId, id, acting.memberId, this.clock.now())))
        throw new DomainError(
          'no-such-silence',
          'This silence is not there any more. Load the page again.',
          'not-found',
        )
      await this.audit.append(manager, acting.groupId, {
        kind: 'silence-removed',
        silence: id,
        member: acting.memberId,
      })
    })
  }
}

function refuse(why: string): never {
  throw new DomainError('bad-silence', why)
}
