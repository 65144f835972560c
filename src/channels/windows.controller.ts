import { Body, Controller, Get, Put, UseGuards } from '@nestjs/common'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { ChannelSettings } from './channel-settings.service.js'
import { GroupWindowsDto, presentWindow, WindowView } from './channels.dto.js'
import { ChannelsService } from './channels.service.js'

/** The group's windows: for every channel that has none of its own. */
@Controller('api/groups/:groupId/windows')
@UseGuards(GroupGuard)
export class WindowsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly settings: ChannelSettings,
  ) {}

  @Get()
  async list(@Acting() acting: ActingMember): Promise<WindowView[]> {
    return (await this.channels.windowsOfGroup(acting.groupId)).map(presentWindow)
  }

  /** Replaces them all. What is planned already stays where it is. */
  @Put()
  @ForRoles('admin')
  async replace(@Acting() acting: ActingMember, @Body() { windows }: GroupWindowsDto): Promise<WindowView[]> {
    return (await this.settings.setGroupWindows(acting, windows)).map(presentWindow)
  }
}
