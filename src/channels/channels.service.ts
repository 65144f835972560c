import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

import { Injectable, Logger } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { Sealing } from '../kernel/sealing.js'
import type { Connection, Credentials, Grant, Network } from '../platforms/platform.js'
import type { ChannelEntity } from './channel.entity.js'
import type { Channel } from './channel.js'
import { ChannelsStore } from './channels.store.js'
import { stageOf } from './keeping.js'
import type { Window } from './window.js'

/** Separates the key of sealed credentials from those of other sealed things. */
export const credentialsPurpose = 'credentials'

/** Doubled from a quarter of a second: half a minute in all. */
const mostPauseMs = 16_000

/** What the features after this one ask of a group's channels. */
@Injectable()
export class ChannelsService {
  private readonly log = new Logger('Channels')

  constructor(
    private readonly store: ChannelsStore,
    private readonly transaction: Transaction,
    private readonly sealing: Sealing,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
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

  /** Several channels, of any groups, by id. */
  async byIds(
    channels: readonly { groupId: string; id: string }[],
    manager: EntityManager = this.transaction.manager,
  ): Promise<Map<string, Channel>> {
    return new Map((await this.store.findMany(manager, channels)).map((channel) => [channel.id, channel]))
  }

  /**
   * The account with its credentials opened, for the network's adapter only.
   * @throws DomainError `no-such-channel`; Error when they were sealed with a secret that is not configured
   */
  async connection(groupId: string, id: string): Promise<Connection> {
    return this.open((await this.store.find(this.transaction.manager, groupId, id)) ?? noSuchChannel()).connection
  }

  /** Several accounts with their credentials opened, by channel id. Those that cannot be opened are left out. */
  async connections(channels: readonly { groupId: string; id: string }[]): Promise<Map<string, OpenedChannel>> {
    const opened = new Map<string, OpenedChannel>()
    for (const channel of await this.store.findMany(this.transaction.manager, channels)) {
      try {
        opened.set(channel.id, this.open(channel))
      } catch (error) {
        this.log.error({
          message: 'The credentials of a channel cannot be opened: is SECRET the one they were sealed with?',
          channel: channel.id,
          error: error instanceof Error ? error.message : 'unknown',
        })
      }
    }
    return opened
  }

  private open({ groupId, id, network, sealedCredentials, ...account }: ChannelEntity): OpenedChannel {
    let sealed = sealedCredentials
    const connection: Connection = {
      groupId,
      channelId: id,
      remoteAccountId: account.remoteAccountId,
      handle: account.handle,
      credentials: JSON.parse(this.sealing.open(sealed, credentialsPurpose)) as Credentials,
      ...(account.limits ? { limits: account.limits } : {}),
      renew: async (used, trade) => {
        const renewed = await this.renew(groupId, id, used, trade)
        sealed = renewed.sealed
        return renewed.credentials
      },
    }
    return { network, connection, sealed: () => sealed }
  }

  /**
   * Under a lock on the channel, so that of several processes one trades: a network may take a refresh token once only.
   * The lock is kept while the network is asked, and the new ones are stored before anybody uses them. What the network
   * gave is nowhere else: when the database goes away meanwhile, storing is tried again until it is back, for half a
   * minute.
   */
  private async renew(
    groupId: string,
    id: string,
    used: Credentials,
    trade: (current: Credentials) => Promise<Grant>,
  ): Promise<{ credentials: Credentials; sealed: string }> {
    let granted: Grant | undefined
    const once = async (current: Credentials) => (granted ??= await trade(current))
    for (let pauseMs = 250; ; pauseMs *= 2) {
      try {
        return await this.renewOnce(groupId, id, used, once, granted !== undefined)
      } catch (error) {
        if (!granted || pauseMs > mostPauseMs || error instanceof DomainError) throw error
        this.log.warn({ message: 'Renewed credentials could not be stored; it is tried again', channel: id })
        await pause(pauseMs)
      }
    }
  }

  /** @param isGranted whether the network has given new ones already, which could not be stored */
  private renewOnce(
    groupId: string,
    id: string,
    used: Credentials,
    trade: (current: Credentials) => Promise<Grant>,
    isGranted: boolean,
  ): Promise<{ credentials: Credentials; sealed: string }> {
    return this.transaction.run(async (manager) => {
      const channel = (await this.store.lockToRenew(manager, groupId, id)) ?? noSuchChannel()
      const current = JSON.parse(this.sealing.open(channel.sealedCredentials, credentialsPurpose)) as Credentials
      if (!isDeepStrictEqual(current, used)) return { credentials: current, sealed: channel.sealedCredentials }
      const granted = await trade(current)
      const sealedCredentials = this.sealing.seal(JSON.stringify(granted.credentials), credentialsPurpose)
      const columns = grantedColumns(granted, this.clock.now())
      const sameEnd = columns.consentUntil?.toMillis() === channel.consentUntil?.toMillis()
      const { consentReminded } = sameEnd ? channel : columns
      // With the lock gone, another process may have tried what was worn by then, and given the channel up.
      const well = isGranted
        ? { cause: null, ...(channel.state === 'to_reconnect' ? { state: 'connected' as const } : {}) }
        : {}
      await this.store.update(manager, groupId, id, { sealedCredentials, ...columns, consentReminded, ...well })
      await this.audit.append(manager, groupId, { kind: 'channel-renewed', channelId: id })
      return { credentials: granted.credentials, sealed: sealedCredentials }
    })
  }

  /** The channel's own windows, else the group's. */
  async windowsOf(
    groupId: string,
    channelId: string,
    manager: EntityManager = this.transaction.manager,
  ): Promise<Window[]> {
    return (await this.windowsByChannel(groupId, manager))(channelId)
  }

  /** The same for many channels, read once. */
  async windowsByChannel(
    groupId: string,
    manager: EntityManager = this.transaction.manager,
  ): Promise<(channelId: string) => Window[]> {
    const windows = await this.store.windows(manager, groupId)
    return (channelId) => windows.get(channelId) ?? windows.get(null) ?? []
  }

  /** The group's windows, for every channel without its own. */
  async windowsOfGroup(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Window[]> {
    return (await this.store.windows(manager, groupId)).get(null) ?? []
  }

  /**
   * The network no longer takes the credentials: nothing goes out until a person has connected the channel again. A
   * channel that an admin paused stays paused, and says so when it is to go on.
   * @param sealed the credentials with which it was tried
   * @returns false when the channel has others by now, or it was known: then nothing changes
   */
  markToReconnect(
    manager: EntityManager,
    groupId: string,
    id: string,
    cause: string,
    sealed: string,
  ): Promise<boolean> {
    return this.store.markToReconnect(manager, groupId, id, cause, sealed)
  }

  /** Whether somebody connected the channel anew, or it was renewed, since these credentials were opened. */
  async hasOthers(manager: EntityManager, groupId: string, id: string, sealed: string): Promise<boolean> {
    return (await this.store.find(manager, groupId, id))?.sealedCredentials !== sealed
  }

  /** The network asked the whole application for a pause: nothing goes out on any channel of it until then. */
  async limitNetworkOf(manager: EntityManager, groupId: string, id: string, until: DateTime): Promise<void> {
    const { network } = await this.get(groupId, id, manager)
    await this.store.limitNetwork(manager, network, until)
  }

  /** The network asked for a pause: nothing goes out on this channel until then. */
  async limitUntil(manager: EntityManager, groupId: string, id: string, until: DateTime): Promise<void> {
    await this.store.update(manager, groupId, id, { limitedUntil: until })
  }
}

/** A channel with its account's credentials opened. */
export interface OpenedChannel {
  readonly network: Network
  readonly connection: Connection
  /** The credentials that were used last, as the database keeps them: those of the connection, or what they were renewed to. */
  readonly sealed: () => string
}

/** How long credentials last, as the channel's row has it. */
export function grantedColumns({ renewAt, consentUntil }: Grant, now: DateTime) {
  const renewal = renewAt === undefined ? null : DateTime.fromISO(renewAt, { zone: 'utc' })
  const end = consentUntil === undefined ? null : DateTime.fromISO(consentUntil, { zone: 'utc' })
  return {
    renewAt: renewal,
    renewNextAt: renewal,
    renewFailed: 0,
    consentUntil: end,
    // Of an end that is so near from the start, nobody is reminded twice.
    consentReminded: end && stageOf(end, now),
  }
}

export function noSuchChannel(): never {
  throw new DomainError(
    'no-such-channel',
    'There is no such channel in this group. It may have been removed.',
    'not-found',
  )
}
