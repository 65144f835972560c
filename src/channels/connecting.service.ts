import { Injectable, type OnModuleInit } from '@nestjs/common'
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
import type { ConnectOutcome, Network, Platform } from '../platforms/platform.js'
import { defaultQuiet } from './channel-limits.js'
import type { ChannelEntity } from './channel.entity.js'
import type { Channel } from './channel.js'
import { credentialsPurpose, noSuchChannel } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { defaultWindows } from './window.js'

type Connected = Extract<ConnectOutcome, { kind: 'connected' }>
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
  ) {}

  /** Every new group gets the default windows and a public page of its own. */
  onModuleInit(): void {
    this.founding.add(async (manager, group) => {
      await this.store.replaceWindows(manager, group.id, null, defaultWindows(), this.clock.now().toMillis())
      const platform = this.platforms.get('noticeboard')
      await this.add(manager, group.id, platform, await ask(platform, group, {}), null)
    })
  }

  /**
   * Connects an account with what a person typed.
   * @throws DomainError `connection-refused` (with `field`), `missing-answer`, `already-connected`
   */
  async connect(acting: ActingMember, network: Network, answers: Answers): Promise<Channel> {
    const platform = this.platforms.get(network)
    const outcome = await ask(platform, acting.group, answers)
    try {
      return await this.transaction.run((manager) =>
        this.add(manager, acting.groupId, platform, outcome, acting.memberId),
      )
    } catch (error) {
      if (brokenConstraint(error) === 'channels_remote_unique') alreadyConnected(outcome, platform, acting)
      throw error
    }
  }

  /**
   * Takes new credentials for the same account; for another one only where that is said expressly, and then nothing
   * that was approved for the one before goes out any more.
   * @throws DomainError `no-such-channel`, `connection-refused`, `missing-answer`, `other-account`, `on-its-way`
   */
  async reconnect(acting: ActingMember, channelId: string, answers: Answers, otherAccount = false): Promise<Channel> {
    const before = await this.store.find(this.transaction.manager, acting.groupId, channelId)
    if (!before || before.removedAt !== null) noSuchChannel()
    const platform = this.platforms.get(before.network)
    const outcome = await ask(platform, acting.group, answers)
    try {
      const changed = await this.transaction.run((manager) =>
        this.take(manager, acting, channelId, outcome, otherAccount),
      )
      if (changed.remoteAccountId !== before.remoteAccountId) await this.rechecks.run(acting.groupId)
      return changed
    } catch (error) {
      if (brokenConstraint(error) === 'channels_remote_unique') alreadyConnected(outcome, platform, acting)
      throw error
    }
  }

  private async take(
    manager: EntityManager,
    acting: ActingMember,
    channelId: string,
    outcome: Connected,
    otherAccount: boolean,
  ): Promise<Channel> {
    const channel = (await this.store.lock(manager, acting.groupId, channelId)) ?? noSuchChannel()
    const isOther = outcome.remoteAccountId !== channel.remoteAccountId
    if (isOther && !otherAccount) {
      throw new DomainError(
        'other-account',
        `These answers belong to ${outcome.handle}, but this channel is ${channel.handle}. What was approved for one account must not go out on another: remove this channel and connect ${outcome.handle} as a new one, or say that you mean the other account, and everything that is planned here has to be approved anew.`,
        'conflict',
      )
    }
    if (isOther && (await this.store.onTheirWay(manager, acting.groupId, channelId)) > 0) {
      throw new DomainError(
        'on-its-way',
        `Something is just going out on ${channel.name}, is being looked up or taken down. Wait until that is settled, then connect ${outcome.handle}.`,
        'conflict',
      )
    }
    const change = {
      remoteAccountId: outcome.remoteAccountId,
      handle: outcome.handle,
      name: channel.name === channel.handle ? outcome.handle : channel.name,
      url: outcome.url,
      sealedCredentials: this.seal(outcome),
      state: channel.state === 'paused' ? ('paused' as const) : ('connected' as const),
      cause: null,
      limitedUntil: null,
    }
    await this.store.update(manager, acting.groupId, channelId, change)
    await this.audit.append(manager, acting.groupId, {
      kind: isOther ? 'channel-account-changed' : 'channel-reconnected',
      channelId,
      memberId: acting.memberId,
      ...(isOther ? { from: channel.remoteAccountId, to: outcome.remoteAccountId } : {}),
    })
    return { ...channel, ...change }
  }

  private async add(
    manager: EntityManager,
    groupId: string,
    platform: Platform,
    outcome: Connected,
    memberId: string | null,
  ): Promise<Channel> {
    const { network, capabilities } = platform.rules
    const now = this.clock.now()
    const channel: ChannelEntity = {
      groupId,
      id: newId(now.toMillis()),
      network,
      remoteAccountId: outcome.remoteAccountId,
      name: network === 'noticeboard' ? capabilities.name : outcome.handle,
      handle: outcome.handle,
      url: outcome.url,
      sealedCredentials: this.seal(outcome),
      state: 'connected',
      cause: null,
      gapMinutes: capabilities.gapMinutes,
      dailyCap: capabilities.dailyCap,
      ...defaultQuiet,
      limitedUntil: null,
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

  private seal(outcome: Connected): string {
    return this.sealing.seal(JSON.stringify(outcome.credentials), credentialsPurpose)
  }
}

/** Asks the network with the answers that it wants, and nothing else that was sent along. */
async function ask(platform: Platform, group: Pick<Group, 'id' | 'slug' | 'name'>, given: Answers): Promise<Connected> {
  const answers: Record<string, string> = {}
  for (const { name, label, optional } of platform.connectFields) {
    const value = given[name]
    const text = typeof value === 'string' ? value.trim() : ''
    if (text !== '') answers[name] = text
    else if (!optional)
      throw new DomainError('missing-answer', `"${label}" is empty. Fill it in to connect.`, 'invalid', { field: name })
  }
  const outcome = await platform.connect({ id: group.id, slug: group.slug, name: group.name }, answers)
  if (outcome.kind === 'connected') return outcome
  throw new DomainError('connection-refused', outcome.cause, 'invalid', { field: outcome.field })
}

function alreadyConnected(outcome: Connected, platform: Platform, acting: ActingMember): never {
  throw new DomainError(
    'already-connected',
    `${outcome.handle} on ${platform.rules.capabilities.name} is a channel of ${acting.group.name} already. Use "connect again" on that channel if it has a problem.`,
    'conflict',
  )
}
