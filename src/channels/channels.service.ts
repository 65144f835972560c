import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import { Sealing } from '../kernel/sealing.js'
import type { Connection } from '../platforms/platform.js'
import type { Channel } from './channel.js'
import { ChannelsStore } from './channels.store.js'
import type { Window } from './window.js'

/** Separates the key of sealed credentials from those of other sealed things. */
export const credentialsPurpose = 'credentials'

/** What the features after this one ask of a group's channels. */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly store: ChannelsStore,
    private readonly transaction: Transaction,
    private readonly sealing: Sealing,
  ) {}

  /** The group's channels without the removed ones, the oldest first. */
  list(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Channel[]> {
    return this.store.list(manager, groupId)
  }

  /** Every channel that the group ever had: what went out on a removed one still names it. */
  listAll(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Channel[]> {
    return this.store.listAll(manager, groupId)
  }

  /**
   * One channel, even a removed one (`removedAt`).
   * @throws DomainError `no-such-channel`
   */
  async get(groupId: string, id: string, manager: EntityManager = this.transaction.manager): Promise<Channel> {
    return (await this.store.find(manager, groupId, id)) ?? noSuchChannel()
  }

  /**
   * The account with its credentials opened, for the network's adapter only.
   * @throws DomainError `no-such-channel`; Error when they were sealed with a secret that is not configured
   */
  async connection(groupId: string, id: string): Promise<Connection> {
    const channel = (await this.store.find(this.transaction.manager, groupId, id)) ?? noSuchChannel()
    return {
      groupId,
      channelId: id,
      remoteAccountId: channel.remoteAccountId,
      handle: channel.handle,
      credentials: JSON.parse(this.sealing.open(channel.sealedCredentials, credentialsPurpose)) as Record<
        string,
        string
      >,
    }
  }

  /** The channel's own windows, else the group's. */
  async windowsOf(
    groupId: string,
    channelId: string,
    manager: EntityManager = this.transaction.manager,
  ): Promise<Window[]> {
    const windows = await this.store.windows(manager, groupId)
    return windows.get(channelId) ?? windows.get(null) ?? []
  }

  /** The group's windows, for every channel without its own. */
  async windowsOfGroup(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Window[]> {
    return (await this.store.windows(manager, groupId)).get(null) ?? []
  }

  /** The network no longer takes the credentials: nothing goes out until a person has connected the channel again. */
  async markToReconnect(manager: EntityManager, groupId: string, id: string, cause: string): Promise<void> {
    await this.store.update(manager, groupId, id, { state: 'to_reconnect', cause })
  }

  /** The network asked for a pause: nothing goes out on this channel until then. */
  async limitUntil(manager: EntityManager, groupId: string, id: string, until: DateTime): Promise<void> {
    await this.store.update(manager, groupId, id, { limitedUntil: until })
  }
}

export function noSuchChannel(): never {
  throw new DomainError(
    'no-such-channel',
    'There is no such channel in this group. It may have been removed.',
    'not-found',
  )
}
