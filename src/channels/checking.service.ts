import { Injectable } from '@nestjs/common'

import { Clock } from '../kernel/clock.js'
import { ExaminingService } from '../platforms/examining.service.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { Connection, Finding } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { standingFindings } from './channel-findings.js'
import type { Channel } from './channel.js'
import { ChannelsService } from './channels.service.js'
import { LimitsService } from './limits.service.js'

const deadlineMs = 30_000

/** Looks whether all is well with a channel, here and at its network, and says what to do where it is not. */
@Injectable()
export class CheckingService {
  constructor(
    private readonly channels: ChannelsService,
    private readonly limits: LimitsService,
    private readonly platforms: PlatformRegistry,
    private readonly examining: ExaminingService,
    private readonly clock: Clock,
  ) {}

  /**
   * Nothing becomes public by it; limits that the network tells are kept.
   * @throws DomainError `no-such-channel`
   */
  async check(groupId: string, channelId: string): Promise<Finding[]> {
    const channel = await this.channels.get(groupId, channelId)
    const standing = standingFindings(channel, this.clock.now())
    const connection = await this.opened(channel)
    if (connection === null) {
      return [
        {
          about: 'credentials',
          state: 'bad',
          said: 'They cannot be opened: they were sealed with another SECRET than the one that is set now.',
          nextStep: 'Set SECRET_PREVIOUS to the secret of before and start again; or connect the channel again.',
        },
        ...standing,
      ]
    }
    const good: Finding = { about: 'credentials', state: 'good', said: 'They can be opened.', nextStep: null }
    const platform = this.platforms.get(channel.network)
    const found = await this.examining.examine(platform, connection, AbortSignal.timeout(deadlineMs))
    const limits = found.some(({ about }) => about === 'limits') ? [] : [await this.limitsOf(channel)]
    return [good, ...standing, ...found, ...limits]
  }

  private async limitsOf(channel: Channel): Promise<Finding> {
    const { network, limits: told } = await this.limits.ask(channel)
    const { rules, askLimits } = this.platforms.get(network)
    const { textLimit, pictures } = told ?? rules.limits
    const said = `Posts may have ${textLimit} ${rules.measure('').unit} and ${pictures} ${pictures === 1 ? 'picture' : 'pictures'}.`
    const untold = askLimits !== undefined && told === null
    return {
      about: 'limits',
      state: untold ? 'warning' : 'good',
      said: untold ? `${said} That is what usually holds; the network has not told any of its own.` : said,
      nextStep: untold ? 'Nothing to do: it is asked again within a day.' : null,
    }
  }

  private async opened(channel: Channel): Promise<Connection | null> {
    try {
      return await this.channels.connection(channel.groupId, channel.id)
    } catch {
      return null
    }
  }
}

/** "River (Bluesky, river.example.org)". */
export function titleOf({ name, network, handle }: Channel): string {
  return `${name} (${platformRules[network].capabilities.name}, ${handle})`
}
