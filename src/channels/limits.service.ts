import { Injectable, Logger } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { Channel } from './channel.js'
import { ChannelsService } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'

const deadlineMs = 15_000
const hoursBetween = 24

/** Asks networks for limits that differ from account to account. */
@Injectable()
export class LimitsService {
  private readonly log = new Logger('Channels')

  constructor(
    private readonly store: ChannelsStore,
    private readonly channels: ChannelsService,
    private readonly platforms: PlatformRegistry,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks once and keeps what is told. A network that does not answer is asked again by the task; until then what it
   * told before holds, or the rules' own.
   * @returns the channel as it is now
   */
  async ask(channel: Channel): Promise<Channel> {
    const { groupId, id } = channel
    const platform = this.platforms.get(channel.network)
    if (!platform.askLimits) return channel
    try {
      const connection = await this.channels.connection(groupId, id)
      const limits = await platform.askLimits(connection, AbortSignal.timeout(deadlineMs))
      const limitsNextAt = this.clock.now().plus({ hours: hoursBetween })
      await this.store.update(this.transaction.manager, groupId, id, { limits, limitsNextAt })
    } catch (error) {
      const cause = error instanceof Error ? error.name : 'unknown'
      this.log.warn({ message: 'The limits of a channel were not told', channel: id, cause })
    }
    return this.channels.get(groupId, id)
  }
}
