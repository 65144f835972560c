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

  /** How many publications of the channel are still to go out or on their way. */
  async unfinished(manager: EntityManager, groupId: string, id: string): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `select count(*)::integer as count from publications
       where group_id = $1 and channel_id = $2 and state in ('planned', 'publishing', 'in_doubt', 'retracting')`,
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
