import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Req, UseGuards } from '@nestjs/common'
import { Throttle } from '@nestjs/throttler'
import type { Request } from 'express'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { SessionService } from '../groups/sign-in/session.service.js'
import { StepUp } from '../groups/sign-in/step-up.guard.js'
import { Clock } from '../kernel/clock.js'
import { ChannelSettings } from './channel-settings.service.js'
import type { Channel } from './channel.js'
import { type ChannelView, presentChannel } from './channels.dto.js'
import { type Traveller, ConsentingService } from './consenting.service.js'
import { CameBackDto, CameView, ChooseDto, ConsentDto, ConsentView, presentChoice } from './consents.dto.js'

/**
 * Connecting by agreeing at the network. A fresh proof is asked for before the browser leaves, and not once more on
 * the way back: codes of some networks are good for 30 seconds, and the way back is bound to the same session.
 */
@Controller('api/groups/:groupId/channels/consent')
@UseGuards(GroupGuard)
@ForRoles('admin')
@Throttle({ general: { ttl: 60_000, limit: 20 } })
export class ConsentsController {
  constructor(
    private readonly consenting: ConsentingService,
    private readonly sessions: SessionService,
    private readonly settings: ChannelSettings,
    private readonly clock: Clock,
  ) {}

  /** Says where the browser goes to agree; `reconnect` is the channel to connect again. */
  @Post()
  @StepUp()
  async begin(
    @Acting() acting: ActingMember,
    @Req() request: Request,
    @Body() { network, answers, reconnect = null }: ConsentDto,
  ): Promise<ConsentView> {
    const traveller = await this.traveller(acting, request)
    return { url: await this.consenting.begin(traveller, { network, answers, reconnect }) }
  }

  /** Takes what came back with the browser: connects the account, or says among which to choose. */
  @Post('back')
  @HttpCode(200)
  async finish(
    @Acting() acting: ActingMember,
    @Req() request: Request,
    @Body() { state, code, error, errorDescription }: CameBackDto,
  ): Promise<CameView> {
    const came = await this.consenting.finish(await this.traveller(acting, request), state, {
      code,
      error,
      errorDescription,
    })
    return came.kind === 'connected' ? { channel: await this.present(came.channel), choice: null } : presentChoice(came)
  }

  /** The same once more, with what was typed before. */
  @Post(':consentId/again')
  @StepUp()
  async again(
    @Acting() acting: ActingMember,
    @Req() request: Request,
    @Param('consentId', ParseUUIDPipe) consentId: string,
  ): Promise<ConsentView> {
    return { url: await this.consenting.again(await this.traveller(acting, request), consentId) }
  }

  /** Connects one of the accounts that the consent opened. */
  @Post(':consentId/choose')
  async choose(
    @Acting() acting: ActingMember,
    @Req() request: Request,
    @Param('consentId', ParseUUIDPipe) consentId: string,
    @Body() { remoteAccountId, otherAccount = false }: ChooseDto,
  ): Promise<ChannelView> {
    const traveller = await this.traveller(acting, request)
    return this.present(await this.consenting.choose(traveller, consentId, remoteAccountId, otherAccount))
  }

  private async traveller(acting: ActingMember, request: Request): Promise<Traveller> {
    return { acting, sessionId: (await this.sessions.require(request)).sessionId }
  }

  private async present(channel: Channel): Promise<ChannelView> {
    const windows = await this.settings.windows(channel.groupId)
    return presentChannel(channel, windows.get(channel.id) ?? null, this.clock.now())
  }
}
