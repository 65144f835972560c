import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, UseGuards } from '@nestjs/common'

import type { ActingMember } from './acting-member.js'
import { Acting, ForRoles, GroupGuard } from './group.guard.js'
import { InvitationDto, MemberChangeDto, MemberView, presentMember, SamePersonDto } from './members.dto.js'
import { MembersService } from './members.service.js'
import { SamePersonService } from './same-person.service.js'
import { StepUp } from './sign-in/step-up.guard.js'

/** The people of a group and their roles. */
@Controller('api/groups/:groupId/members')
@UseGuards(GroupGuard)
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly samePerson: SamePersonService,
  ) {}

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

  /** Says that this member and another are one human being. Not undone. */
  @Post(':memberId/same-person')
  @HttpCode(200)
  @ForRoles('admin')
  @StepUp()
  async merge(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
    @Body() { sameAs }: SamePersonDto,
  ): Promise<MemberView[]> {
    await this.samePerson.mergeMembers(acting, memberId, sameAs)
    return this.list(acting)
  }
}
