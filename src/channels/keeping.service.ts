import { Injectable, Logger } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { KeepAliveOutcome, Network } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { ChannelMails } from './channel-mails.service.js'
import type { ChannelEntity } from './channel.entity.js'
import { ChannelsService } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { minutesUntilNextTry, reminderDue, reminderDays } from './keeping.js'
import { LimitsService } from './limits.service.js'

/** Asked at the same time: each holds a connection of the database while its network takes its time. */
const atOnce = 3
/** Of one round; the others come with the next. */
const most = 300
/** Within the time for which the database lets a transaction wait. */
const deadlineMs = 30_000

/**
 * Keeps channels able to post: renews credentials ahead of their end, reminds of consents that end, stops channels whose
 * consent has ended (their posts would be refused one by one), asks for limits.
 * Any number of processes may do it at once: each channel is taken by one.
 */
@Injectable()
export class KeepingService {
  private readonly log = new Logger('Channels')

  constructor(
    private readonly store: ChannelsStore,
    private readonly channels: ChannelsService,
    private readonly limits: LimitsService,
    private readonly platforms: PlatformRegistry,
    private readonly mails: ChannelMails,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Renews what is due to be renewed, and asks for limits. */
  async renewAndAsk(): Promise<void> {
    await this.few(
      (limit) => this.store.takeToRenew(this.transaction.manager, limit),
      (channel) => this.renew(channel),
    )
    await this.few(
      (limit) => this.store.takeToAsk(this.transaction.manager, limit),
      async (channel) => void (await this.limits.ask(channel)),
    )
  }

  /** Reminds of consents that end, and stops channels whose consent has ended. After the renewals, which move the end. */
  async lookAtConsents(): Promise<void> {
    for (const channel of await this.store.endingConsents(this.transaction.manager, reminderDays[0]))
      await this.alone(channel, (each) => this.remind(each))
    for (const channel of await this.store.endedConsents(this.transaction.manager))
      await this.alone(channel, (each) => this.end(each, consentEnded(each.network), 'channel-consent-ended'))
  }

  private async few(
    take: (limit: number) => Promise<ChannelEntity[]>,
    work: (channel: ChannelEntity) => Promise<void>,
  ): Promise<void> {
    for (let done = 0; done < most; done += atOnce) {
      const channels = await take(atOnce)
      await Promise.all(channels.map((channel) => this.alone(channel, work)))
      if (channels.length < atOnce) return
    }
  }

  /** One that breaks must not keep the others waiting. */
  private async alone(channel: ChannelEntity, work: (channel: ChannelEntity) => Promise<void>): Promise<void> {
    try {
      await work(channel)
    } catch (error) {
      const { id, network } = channel
      const stack = error instanceof Error ? error.stack : 'not an Error'
      this.log.error({ message: 'A channel could not be kept', channel: id, network, error: stack })
    }
  }

  private async renew(channel: ChannelEntity): Promise<void> {
    const outcome = await this.keepAlive(channel)
    if (outcome.kind === 'unauthorized') return this.end(channel, outcome.cause, 'channel-not-renewed')
    if (outcome.kind === 'renewed') {
      // By the renewal itself, unless there was none: then it is looked at again in an hour.
      await this.store.postponeRenewal(this.transaction.manager, channel, 60, 0)
      return
    }
    const failed = channel.renewFailed + 1
    await this.store.postponeRenewal(this.transaction.manager, channel, minutesUntilNextTry(failed), failed)
    this.log.warn({ message: 'A channel was not renewed; it is tried again', channel: channel.id, failed })
  }

  private async keepAlive(channel: ChannelEntity): Promise<KeepAliveOutcome> {
    const platform = this.platforms.get(channel.network)
    if (!platform.keepAlive) return { kind: 'renewed' }
    try {
      const connection = await this.channels.connection(channel.groupId, channel.id)
      return await platform.keepAlive(connection, AbortSignal.timeout(deadlineMs))
    } catch (error) {
      return { kind: 'retry', cause: error instanceof Error ? error.message : 'unknown' }
    }
  }

  /** Nothing goes out any more until a person has connected it again; not if one has done so meanwhile. */
  private async end(
    channel: ChannelEntity,
    cause: string,
    kind: 'channel-not-renewed' | 'channel-consent-ended',
  ): Promise<void> {
    const { groupId, id } = channel
    await this.transaction.run(async (manager) => {
      const now = await this.store.lock(manager, groupId, id)
      if (!now || !(await this.channels.markToReconnect(manager, groupId, id, cause, channel.sealedCredentials))) return
      await this.mails.toReconnect(manager, now, cause)
      await this.audit.append(manager, groupId, { kind, channelId: id })
    })
  }

  private async remind({ groupId, id }: ChannelEntity): Promise<void> {
    await this.transaction.run(async (manager) => {
      const channel = await this.store.lock(manager, groupId, id)
      if (!channel?.consentUntil) return
      const stage = reminderDue(channel.consentUntil, channel.consentReminded, this.clock.now())
      if (stage === null) return
      await this.store.update(manager, groupId, id, { consentReminded: stage })
      await this.mails.consentEnds(manager, channel, stage)
    })
  }
}

function consentEnded(network: Network): string {
  const { name } = platformRules[network].capabilities
  return `What somebody agreed to at ${name} has ended. Press “Connect again” and agree once more.`
}
