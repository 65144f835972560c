import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, IsNull } from 'typeorm'

import { newId } from '../kernel/ids.js'
import { ChannelEntity } from './channel.entity.js'
import { WindowEntity } from './window.entity.js'
import type { Window } from './window.js'

@Injectable()
export class ChannelsStore {
  list(manager: EntityManager, groupId: string): Promise<ChannelEntity[]> {
    return manager.find(ChannelEntity, {
      where: { groupId, removedAt: IsNull() },
      order: { createdAt: 'asc', id: 'asc' },
    })
  }

  /** Removed channels too. */
  listAll(manager: EntityManager, groupId: string): Promise<ChannelEntity[]> {
    return manager.find(ChannelEntity, { where: { groupId }, order: { createdAt: 'asc', id: 'asc' } })
  }

  find(manager: EntityManager, groupId: string, id: string): Promise<ChannelEntity | null> {
    return manager.findOneBy(ChannelEntity, { groupId, id })
  }

  /** Several channels, of any groups, removed ones too. */
  findMany(manager: EntityManager, channels: readonly { groupId: string; id: string }[]): Promise<ChannelEntity[]> {
    return manager
      .createQueryBuilder(ChannelEntity, 'c')
      .where('(c.group_id, c.id) in (select * from unnest(cast(:groups as uuid[]), cast(:ids as uuid[])))', {
        groups: channels.map((each) => each.groupId),
        ids: channels.map((each) => each.id),
      })
      .getMany()
  }

  lock(manager: EntityManager, groupId: string, id: string): Promise<ChannelEntity | null> {
    return manager.findOne(ChannelEntity, {
      where: { groupId, id, removedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    })
  }

  /**
   * For as long as credentials are traded. One trade at a time; claims skip the channel meanwhile, and settings wait.
   * Rows that only name the channel, such as a publication that is being planned, do not.
   */
  lockToRenew(manager: EntityManager, groupId: string, id: string): Promise<ChannelEntity | null> {
    return manager.findOne(ChannelEntity, {
      where: { groupId, id, removedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    })
  }

  /** Every group's channels, removed ones too, locked until the transaction ends. */
  lockEvery(manager: EntityManager): Promise<ChannelEntity[]> {
    return manager.find(ChannelEntity, { order: { groupId: 'asc', id: 'asc' }, lock: { mode: 'pessimistic_write' } })
  }

  /**
   * Takes channels whose credentials should be renewed, each for five minutes, so that no other process takes it too.
   * @returns them as they are, with the number of tries that failed
   */
  takeToRenew(manager: EntityManager, most: number): Promise<ChannelEntity[]> {
    return this.take(manager, 'renew_next_at', '5 minutes', most)
  }

  /** Takes channels whose limits are to be asked for, each for an hour. */
  takeToAsk(manager: EntityManager, most: number): Promise<ChannelEntity[]> {
    return this.take(manager, 'limits_next_at', '1 hour', most)
  }

  private async take(
    manager: EntityManager,
    column: 'renew_next_at' | 'limits_next_at',
    lease: string,
    most: number,
  ): Promise<ChannelEntity[]> {
    const [taken]: [{ groupId: string; id: string }[]] = await manager.query(
      `update channels c set ${column} = clock() + $1::interval
       from (select group_id, id from channels
             where removed_at is null and cause is null and ${column} <= clock()
             order by ${column} limit $2 for no key update skip locked) due
       where c.group_id = due.group_id and c.id = due.id
       returning c.group_id as "groupId", c.id`,
      [lease, most],
    )
    return taken.length === 0 ? [] : this.findMany(manager, taken)
  }

  /** @returns false when it has other credentials than these by now, or was marked before */
  async markToReconnect(
    manager: EntityManager,
    groupId: string,
    id: string,
    cause: string,
    sealed: string,
  ): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `update channels set state = case state when 'paused' then state else 'to_reconnect' end, cause = $3
       where group_id = $1 and id = $2 and sealed_credentials = $4 and cause is null`,
      [groupId, id, cause, sealed],
    )
    return count > 0
  }

  /** Tries again after so many minutes, unless somebody has renewed it meanwhile. */
  async postponeRenewal(
    manager: EntityManager,
    channel: ChannelEntity,
    minutes: number,
    failed: number,
  ): Promise<void> {
    await manager.query(
      `update channels set renew_next_at = clock() + $3 * interval '1 minute', renew_failed = $4
       where group_id = $1 and id = $2 and sealed_credentials = $5`,
      [channel.groupId, channel.id, minutes, failed, channel.sealedCredentials],
    )
  }

  /** Connected channels for which somebody has to agree again within these days. */
  endingConsents(manager: EntityManager, days: number): Promise<ChannelEntity[]> {
    return manager
      .createQueryBuilder(ChannelEntity, 'c')
      .where('c.removed_at is null and c.consent_until > clock()')
      .andWhere(`c.consent_until <= clock() + :days * interval '1 day'`, { days })
      .andWhere('c.cause is null')
      .getMany()
  }

  /** Connected channels for which somebody should have agreed again by now. */
  endedConsents(manager: EntityManager): Promise<ChannelEntity[]> {
    return manager
      .createQueryBuilder(ChannelEntity, 'c')
      .where('c.removed_at is null and c.consent_until <= clock()')
      .andWhere('c.cause is null')
      .getMany()
  }

  async insert(manager: EntityManager, channel: ChannelEntity): Promise<void> {
    await manager.insert(ChannelEntity, channel)
  }

  async update(manager: EntityManager, groupId: string, id: string, change: Partial<ChannelEntity>): Promise<void> {
    await manager.update(ChannelEntity, { groupId, id }, change)
  }

  /** The longest pause that was asked for holds. */
  async limitNetwork(manager: EntityManager, network: string, until: DateTime): Promise<void> {
    await manager.query(
      `insert into network_limits (network, until) values ($1, $2)
       on conflict (network) do update set until = greatest(network_limits.until, excluded.until)`,
      [network, until.toJSDate()],
    )
  }

  /**
   * How many publications of the channel are still to go out or on their way. With those that get a slot only when they
   * are approved: of these the sealed version says that they are for the channel.
   */
  async unfinished(manager: EntityManager, groupId: string, id: string): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `select ((select count(*) from publications
         where group_id = $1 and channel_id = $2 and state in ('planned', 'publishing', 'in_doubt', 'retracting'))
         + (select count(*) from posts p
           join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
           where p.group_id = $1 and p.state in ('in_review', 'changes_requested', 'approved')
             and not exists (select 1 from publications u
               where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
             and exists (select 1 from jsonb_array_elements(r.envelope::jsonb -> 'channels') as part
               where part ->> 'channelId' = $2::text)))::integer as count`,
      [groupId, id],
    )
    return rows[0]?.count ?? 0
  }

  /** How many of the channel's publications may be at the network this moment. */
  async onTheirWay(manager: EntityManager, groupId: string, id: string): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `select count(*)::integer as count from publications
       where group_id = $1 and channel_id = $2 and state in ('publishing', 'in_doubt', 'unconfirmed', 'retracting')`,
      [groupId, id],
    )
    return rows[0]?.count ?? 0
  }

  /** The group's windows by channel id; those of the group itself under null. */
  async windows(manager: EntityManager, groupId: string): Promise<Map<string | null, Window[]>> {
    const rows = await manager.find(WindowEntity, { where: { groupId }, order: { starts: 'asc', id: 'asc' } })
    const byChannel = new Map<string | null, Window[]>([[null, []]])
    for (const { channelId, days, starts, ends, name } of rows) {
      const list = byChannel.get(channelId) ?? []
      list.push({ days, start: starts, end: ends, name })
      byChannel.set(channelId, list)
    }
    return byChannel
  }

  async replaceWindows(
    manager: EntityManager,
    groupId: string,
    channelId: string | null,
    windows: readonly Window[],
    nowMs: number,
  ): Promise<void> {
    await manager.delete(WindowEntity, { groupId, channelId: channelId ?? IsNull() })
    if (windows.length === 0) return
    await manager.insert(
      WindowEntity,
      windows.map(({ days, start, end, name }) => ({
        groupId,
        id: newId(nowMs),
        channelId,
        days: [...new Set(days)].toSorted((a, b) => a - b),
        starts: start,
        ends: end,
        name: name.trim(),
      })),
    )
  }
}
