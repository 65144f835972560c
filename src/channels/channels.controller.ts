import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Put,
  UseGuards,
} from '@nestjs/common'
import { Throttle } from '@nestjs/throttler'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { StepUp } from '../groups/sign-in/step-up.guard.js'
import { Clock } from '../kernel/clock.js'
import { ChannelSettings } from './channel-settings.service.js'
import type { Channel } from './channel.js'
import {
  ChannelChangeDto,
  ChannelCheckView,
  ChannelView,
  ChannelWindowsDto,
  ConnectDto,
  presentChannel,
  ReconnectDto,
} from './channels.dto.js'
import { ChannelsService } from './channels.service.js'
import { CheckingService } from './checking.service.js'
import { ConnectingService } from './connecting.service.js'

/** The group's connected accounts. */
@Controller('api/groups/:groupId/channels')
@UseGuards(GroupGuard)
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly settings: ChannelSettings,
    private readonly connecting: ConnectingService,
    private readonly checking: CheckingService,
    private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Acting() acting: ActingMember): Promise<ChannelView[]> {
    const windows = await this.settings.windows(acting.groupId)
    const channels = await this.channels.list(acting.groupId)
    return channels.map((channel) => presentChannel(channel, windows.get(channel.id) ?? null, this.clock.now()))
  }

  /** Connects an account. Few times a minute: each asks the network. */
  @Post()
  @ForRoles('admin')
  @StepUp()
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async connect(@Acting() acting: ActingMember, @Body() { network, answers }: ConnectDto): Promise<ChannelView> {
    return this.present(await this.connecting.connect(acting, network, answers))
  }

  /** Takes new credentials: for the same account, or expressly for another one. */
  @Post(':channelId/reconnect')
  @HttpCode(200)
  @ForRoles('admin')
  @StepUp()
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async reconnect(
    @Acting() acting: ActingMember,
    @Param('channelId', ParseUUIDPipe) channelId: string,
    @Body() { answers, otherAccount }: ReconnectDto,
  ): Promise<ChannelView> {
    return this.present(await this.connecting.reconnect(acting, channelId, answers, otherAccount))
  }

  /** Looks whether all is well with it, here and at the network. Nothing becomes public by it. */
  @Post(':channelId/check')
  @HttpCode(200)
  @ForRoles('admin')
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async check(
    @Acting() acting: ActingMember,
    @Param('channelId', ParseUUIDPipe) channelId: string,
  ): Promise<ChannelCheckView> {
    return { findings: await this.checking.check(acting.groupId, channelId) }
  }

  @Patch(':channelId')
  @ForRoles('admin')
  async change(
    @Acting() acting: ActingMember,
    @Param('channelId', ParseUUIDPipe) channelId: string,
    @Body() change: ChannelChangeDto,
  ): Promise<ChannelView> {
    return this.present(await this.settings.change(acting, channelId, change))
  }

  /** Refused while posts are planned or on their way. */
  @Delete(':channelId')
  @HttpCode(204)
  @ForRoles('admin')
  async remove(@Acting() acting: ActingMember, @Param('channelId', ParseUUIDPipe) channelId: string): Promise<void> {
    await this.settings.remove(acting, channelId)
  }

  /** Gives the channel windows of its own, or with null the group's again. */
  @Put(':channelId/windows')
  @ForRoles('admin')
  async setWindows(
    @Acting() acting: ActingMember,
    @Param('channelId', ParseUUIDPipe) channelId: string,
    @Body() { windows }: ChannelWindowsDto,
  ): Promise<ChannelView> {
    await this.settings.setChannelWindows(acting, channelId, windows)
    return this.present(await this.channels.get(acting.groupId, channelId))
  }

  private async present(channel: Channel): Promise<ChannelView> {
    const windows = await this.settings.windows(channel.groupId)
    return presentChannel(channel, windows.get(channel.id) ?? null, this.clock.now())
  }
}
