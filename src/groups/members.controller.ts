import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, UseGuards } from '@nestjs/common'

import type { ActingMember } from './acting-member.js'
import { Acting, ForRoles, GroupGuard } from './group.guard.js'
import { InvitationDto, MemberChangeDto, MemberView, presentMember } from './members.dto.js'
import { MembersService } from './members.service.js'
import { StepUp } from './step-up.guard.js'

/** The people of a group and their roles. */
@Controller('api/groups/:groupId/members')
@UseGuards(GroupGuard)
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  async list(@Acting() acting: ActingMember): Promise<MemberView[]> {
    return (await this.members.list(acting.groupId)).map((member) => presentMember(member, acting.memberId))
  }

  /** Adds somebody and mails them. */
  @Post()
  @ForRoles('admin')
  @StepUp()
  async invite(@Acting() acting: ActingMember, @Body() given: InvitationDto): Promise<MemberView> {
    return presentMember(await this.members.invite(acting, given), acting.memberId)
  }

  @Patch(':memberId')
  @ForRoles('admin')
  @StepUp()
  async change(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
    @Body() change: MemberChangeDto,
  ): Promise<MemberView> {
    return presentMember(await this.members.change(acting, memberId, change), acting.memberId)
  }
}
