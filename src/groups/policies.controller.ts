import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, UseGuards } from '@nestjs/common'

import type { ActingMember } from './acting-member.js'
import { Acting, ForRoles, GroupGuard } from './group.guard.js'
import { PolicyCheckDto, PolicyCheckView, PolicyProposalDto, PolicyView, presentPolicies } from './policies.dto.js'
import { PoliciesService } from './policies.service.js'
import { StepUp } from './sign-in/step-up.guard.js'

/** A group's rules of reviewing: everybody reads them, admins change them, and two admins weaken them. */
@Controller('api/groups/:groupId/policy')
@UseGuards(GroupGuard)
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Get()
  async get(@Acting() acting: ActingMember): Promise<PolicyView> {
    const history = await this.policies.history(acting.groupId)
    return presentPolicies(history, acting.memberId, acting.roles.includes('admin'))
  }

  /** What a change would mean; changes nothing. */
  @Post('check')
  @HttpCode(200)
  @ForRoles('admin')
  async check(@Acting() acting: ActingMember, @Body() { policy }: PolicyCheckDto): Promise<PolicyCheckView> {
    const { changes, refusal, waits } = await this.policies.check(acting.groupId, policy)
    return { changes: changes.map((change) => ({ ...change })), refusal, waits }
  }

  /** Stricter rules are in force at once; weaker ones wait for a second admin. */
  @Post()
  @HttpCode(200)
  @ForRoles('admin')
  @StepUp()
  async propose(@Acting() acting: ActingMember, @Body() { policy, reason }: PolicyProposalDto): Promise<PolicyView> {
    await this.policies.propose(acting, policy, reason)
    return this.get(acting)
  }

  @Post('proposals/:number/confirm')
  @HttpCode(200)
  @ForRoles('admin')
  @StepUp()
  async confirm(@Acting() acting: ActingMember, @Param('number', ParseIntPipe) number: number): Promise<PolicyView> {
    await this.policies.confirm(acting, number)
    return this.get(acting)
  }

  /** By the one who proposed it: taken back. */
  @Post('proposals/:number/refuse')
  @HttpCode(200)
  @ForRoles('admin')
  async refuse(@Acting() acting: ActingMember, @Param('number', ParseIntPipe) number: number): Promise<PolicyView> {
    await this.policies.refuse(acting, number)
    return this.get(acting)
  }
}
