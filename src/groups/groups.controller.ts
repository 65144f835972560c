import { Body, Controller, Get, Patch, Post, Req, UseGuards } from '@nestjs/common'
import type { Request } from 'express'

import type { ActingMember } from './acting-member.js'
import { Acting, ForRoles, GroupGuard } from './group.guard.js'
import { GroupChangeDto, GroupView, NewGroupDto, presentGroup } from './groups.dto.js'
import { GroupsService } from './groups.service.js'
import { SessionService } from './sign-in/session.service.js'
import { SetUpService } from './sign-in/set-up.service.js'

/** Groups and their settings. */
@Controller('api/groups')
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly setUps: SetUpService,
    private readonly sessions: SessionService,
  ) {}

  /** Makes a further group; for admins of any. */
  @Post()
  async create(@Body() given: NewGroupDto, @Req() request: Request): Promise<GroupView> {
    const group = await this.setUps.addGroup(await this.sessions.require(request), given)
    return presentGroup(group, await this.groups.noticeboardUrl(group.id))
  }

  @Get(':groupId')
  @UseGuards(GroupGuard)
  async get(@Acting() acting: ActingMember): Promise<GroupView> {
    return presentGroup(acting.group, await this.groups.noticeboardUrl(acting.groupId))
  }

  @Patch(':groupId')
  @UseGuards(GroupGuard)
  @ForRoles('admin')
  async change(@Acting() acting: ActingMember, @Body() change: GroupChangeDto): Promise<GroupView> {
    const group = await this.groups.change(acting, change)
    return presentGroup(group, await this.groups.noticeboardUrl(group.id))
  }
}
