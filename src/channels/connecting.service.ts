import { Injectable, type OnModuleInit } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { GroupFounding } from '../groups/group-founding.service.js'
import type { Group } from '../groups/group.js'
import { Rechecks } from '../groups/rechecks.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { Sealing } from '../kernel/sealing.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { Account, Grant, Network, Platform } from '../platforms/platform.js'
import { defaultQuiet } from './channel-limits.js'
import type { ChannelEntity } from './channel.entity.js'
import type { Channel } from './channel.js'
import { credentialsPurpose, grantedColumns, noSuchChannel } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { LimitsService } from './limits.service.js'
import { defaultWindows } from './window.js'

type Answers = Readonly<Record<string, unknown>>

/** Connects accounts, and connects them again when the network no longer takes their credentials. */
@Injectable()
export class ConnectingService implements OnModuleInit {
  constructor(
    private readonly store: ChannelsStore,
    private readonly platforms: PlatformRegistry,
    private readonly sealing: Sealing,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly founding: GroupFounding,
    private readonly rechecks: Rechecks,
    private readonly limits: LimitsService,
  ) {}

  /** Every new group gets the default windows and a public page of its own. */
  onModuleInit(): void {
    this.founding.add(async (manager, group) => {
      await this.store.replaceWindows(manager, group.id, null, defaultWindows(), this.clock.now().toMillis())
      const platform = this.platforms.get('noticeboard')
      await this.insert(manager, group.id, platform, await ask(platform, group, {}), null)
    })
  }

  /**
   * Connects an account with what a person typed.
   * @throws DomainError `connection-refused` (with `field`), `missing-answer`, `already-connected`
   */
  async connect(acting: ActingMember, network: Network, answers: Answers): Promise<Channel> {
    return this.add(acting, network, await ask(this.platforms.get(network), acting.group, answers))
  }

  /**
   * Takes new credentials for the same account; for another one only where that is said expressly, and then nothing
   * that was approved for the one before goes out any more.
   * @throws DomainError `no-such-channel`, `connection-refused`, `missing-answer`, `other-account`, `on-its-way`
   */
  async reconnect(acting: ActingMember, channelId: string, answers: Answers, otherAccount = false): Promise<Channel> {
    const { network } = await this.present(acting, channelId)
    const account = await ask(this.platforms.get(network), acting.group, answers)
    return this.replace(acting, channelId, account, otherAccount)
  }

  /**
   * Makes a channel of an account that the network has opened to us.
   * @throws DomainError `already-connected`
   */
  async add(acting: ActingMember, network: Network, account: Account): Promise<Channel> {
    const platform = this.platforms.get(network)
    try {
      return await this.limits.ask(
        await this.transaction.run((manager) =>
          this.insert(manager, acting.groupId, platform, account, acting.memberId),
        ),
      )
    } catch (error) {
      if (brokenConstraint(error) === 'channels_remote_unique') alreadyConnected(account, platform, acting)
      throw error
    }
  }

  /**
   * Puts an account that the network has opened to us behind a channel; see `reconnect`.
   * @throws DomainError `no-such-channel`, `other-account`, `on-its-way`, `already-connected`
   */
  async replace(acting: ActingMember, channelId: string, account: Account, otherAccount = false): Promise<Channel> {
    const before = await this.present(acting, channelId)
    try {
      const changed = await this.transaction.run((manager) =>
        this.take(manager, acting, channelId, account, otherAccount),
      )
      if (changed.remoteAccountId !== before.remoteAccountId) await this.rechecks.run(acting.groupId)
      return await this.limits.ask(changed)
    } catch (error) {
      const platform = this.platforms.get(before.network)
      if (brokenConstraint(error) === 'channels_remote_unique') alreadyConnected(account, platform, acting)
      throw error
    }
  }

  private async present(acting: ActingMember, channelId: string): Promise<Channel> {
    const channel = await this.store.find(this.transaction.manager, acting.groupId, channelId)
    return channel?.removedAt === null ? channel : noSuchChannel()
  }

  private async take(
    manager: EntityManager,
    acting: ActingMember,
    channelId: string,
    account: Account,
    otherAccount: boolean,
  ): Promise<Channel> {
    const channel = (await this.store.lock(manager, acting.groupId, channelId)) ?? noSuchChannel()
    const isOther = account.remoteAccountId !== channel.remoteAccountId
    if (isOther && !otherAccount) {
      throw new DomainError(
        'other-account',
        `These answers belong to ${account.handle === channel.handle ? `another account than this channel, though both are shown as ${channel.handle}` : `${account.handle}, but this channel is ${channel.handle}`}. What was approved for one account must not go out on another: remove this channel and connect ${account.handle} as a new one, or say that you mean the other account, and everything that is planned here has to be approved anew.`,
        'conflict',
      )
    }
    if (isOther && (await this.store.onTheirWay(manager, acting.groupId, channelId)) > 0) {
      throw new DomainError(
        'on-its-way',
        `Something is just going out on ${channel.name}, is being looked up or taken down. Wait until that is settled, then connect ${account.handle}.`,
        'conflict',
      )
    }
    const change = {
      remoteAccountId: account.remoteAccountId,
      handle: account.handle,
      name: channel.name === channel.handle ? account.handle : channel.name,
      url: account.url,
      ...this.granted(account),
      state: channel.state === 'paused' ? ('paused' as const) : ('connected' as const),
      cause: null,
      limitedUntil: null,
      ...asksLimits(this.platforms.get(channel.network), this.clock.now()),
    }
    await this.store.update(manager, acting.groupId, channelId, change)
    await this.audit.append(manager, acting.groupId, {
      kind: isOther ? 'channel-account-changed' : 'channel-reconnected',
      channelId,
      memberId: acting.memberId,
      ...(isOther ? { from: channel.remoteAccountId, to: account.remoteAccountId } : {}),
    })
    return { ...channel, ...change }
  }

  private async insert(
    manager: EntityManager,
    groupId: string,
    platform: Platform,
    account: Account,
    memberId: string | null,
  ): Promise<Channel> {
    const { network, capabilities } = platform.rules
    const now = this.clock.now()
    const channel: ChannelEntity = {
      groupId,
      id: newId(now.toMillis()),
      network,
      remoteAccountId: account.remoteAccountId,
      name: network === 'noticeboard' ? capabilities.name : account.handle,
      handle: account.handle,
      url: account.url,
      ...this.granted(account),
      state: 'connected',
      cause: null,
      gapMinutes: capabilities.gapMinutes,
      dailyCap: capabilities.dailyCap,
      ...defaultQuiet,
      limitedUntil: null,
      ...asksLimits(platform, now),
      createdAt: now,
      removedAt: null,
    }
    await this.store.insert(manager, channel)
    const { id: channelId, remoteAccountId } = channel
    await this.audit.append(manager, groupId, {
      kind: 'channel-connected',
      channelId,
      network,
      remoteAccountId,
      memberId,
    })
    return channel
  }

  private granted(grant: Grant) {
    return {
      sealedCredentials: this.sealing.seal(JSON.stringify(grant.credentials), credentialsPurpose),
      ...grantedColumns(grant, this.clock.now()),
    }
  }
}

/** Where the network tells limits: that it is to be asked, and that nothing is known yet of this account. */
function asksLimits(platform: Platform, now: DateTime) {
  return { limits: null, limitsNextAt: platform.askLimits ? now : null }
}

/**
 * The answers that the network wants, and nothing else that was sent along.
 * @throws DomainError `missing-answer`
 */
export function answersOf({ connectFields }: Platform, given: Answers): Record<string, string> {
  const answers: Record<string, string> = {}
  for (const { name, label, optional } of connectFields) {
    const value = given[name]
    const text = typeof value === 'string' ? value.trim() : ''
    if (text !== '') answers[name] = text
    else if (!optional)
      throw new DomainError('missing-answer', `"${label}" is empty. Fill it in to connect.`, 'invalid', { field: name })
  }
  return answers
}

async function ask(platform: Platform, group: Pick<Group, 'id' | 'slug' | 'name'>, given: Answers): Promise<Account> {
  const { name } = platform.rules.capabilities
  if (platform.consent)
    throw new DomainError('needs-consent', `${name} wants you to agree there: connect it in the browser.`, 'conflict')
  const answers = answersOf(platform, given)
  const outcome = await platform.connect({ id: group.id, slug: group.slug, name: group.name }, answers)
  if (outcome.kind === 'connected') return outcome
  throw new DomainError('connection-refused', outcome.cause, 'invalid', { field: outcome.field })
}

function alreadyConnected(account: Account, platform: Platform, acting: ActingMember): never {
  throw new DomainError(
    'already-connected',
    `${account.handle} on ${platform.rules.capabilities.name} is a channel of ${acting.group.name} already. Use "connect again" on that channel if it has a problem.`,
    'conflict',
  )
}
