import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseIntPipe,
  ParseUUIDPipe,
  Post,
  Put,
  UseGuards,
} from '@nestjs/common'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { MembersService } from '../groups/members.service.js'
import { StepUp } from '../groups/sign-in/step-up.guard.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { AbsencesService } from './absences.service.js'
import { EthicsService } from './ethics.service.js'
import {
  AbsenceDto,
  CodeOfEthicsDto,
  GovernanceView,
  HandOverNotesDto,
  HandOverTickDto,
  HandOverView,
  ManagerDto,
  presentCode,
  presentHandOver,
  presentManager,
  presentRoleEnd,
  RoleEndDto,
  summariseHandOver,
} from './governance.dto.js'
import { GovernanceService } from './governance.service.js'
import { HandOversService } from './hand-overs.service.js'
import { ManagersService } from './managers.service.js'
import { RoleEndsService } from './role-ends.service.js'

/** How the group is run: who answers for it, roles that end, absences, the code of ethics, hand-overs. */
@Controller('api/groups/:groupId/governance')
@UseGuards(GroupGuard)
export class GovernanceController {
  constructor(
    private readonly governance: GovernanceService,
    private readonly managers: ManagersService,
    private readonly ethics: EthicsService,
    private readonly roleEnds: RoleEndsService,
    private readonly absences: AbsencesService,
    private readonly handOvers: HandOversService,
    private readonly members: MembersService,
    private readonly clock: Clock,
  ) {}

  @Get()
  async get(@Acting() acting: ActingMember): Promise<GovernanceView> {
    const isAdmin = acting.roles.includes('admin')
    const members = await this.members.list(acting.groupId)
    const byId = new Map(members.map((member) => [member.id, member]))
    const nameOf = (memberId: string) => byId.get(memberId)?.name ?? ''
    const managers = await this.managers.list(acting.groupId)
    const now = this.clock.now()
    return {
      managers: managers.map((each) => presentManager(each, isAdmin, now)),
      notices: await this.managers.notices(acting.group, managers),
      admins: members
        .filter((each) => each.status === 'active' && each.roles.includes('admin'))
        .map(({ name }) => name),
      roleEnds: (await this.roleEnds.list(acting.groupId)).flatMap((end) => {
        const member = byId.get(end.memberId)
        return member ? [presentRoleEnd(end, member)] : []
      }),
      away: (await this.absences.list(acting.groupId)).map((each) => ({ ...each, name: nameOf(each.memberId) })),
      ethics: presentCode(await this.ethics.current(acting.groupId), nameOf),
      unanswering: isAdmin ? await this.governance.unanswering(acting.group) : null,
      handOvers: isAdmin ? (await this.handOvers.list(acting.groupId)).map(summariseHandOver) : null,
    }
  }

  /** Names one of the two who answer for the accounts, which also confirms it. */
  @Put('managers/:place')
  @ForRoles('admin')
  @StepUp()
  @HttpCode(204)
  async nameManager(
    @Acting() acting: ActingMember,
    @Param('place', ParseIntPipe) place: number,
    @Body() given: ManagerDto,
  ): Promise<void> {
    await this.managers.put(acting, known(place), given)
  }

  /** Says that what is written there is still right. */
  @Post('managers/:place/confirm')
  @ForRoles('admin')
  @StepUp()
  @HttpCode(204)
  async confirmManager(@Acting() acting: ActingMember, @Param('place', ParseIntPipe) place: number): Promise<void> {
    await this.managers.confirm(acting, known(place))
  }

  @Delete('managers/:place')
  @ForRoles('admin')
  @StepUp()
  @HttpCode(204)
  async removeManager(@Acting() acting: ActingMember, @Param('place', ParseIntPipe) place: number): Promise<void> {
    await this.managers.remove(acting, known(place))
  }

  /** Writes a new version of the code of ethics. */
  @Put('ethics')
  @ForRoles('admin')
  @StepUp()
  @HttpCode(204)
  async changeEthics(@Acting() acting: ActingMember, @Body() given: CodeOfEthicsDto): Promise<void> {
    await this.ethics.change(acting, given)
  }

  /** Sets the last day of a member's role, or takes it away. */
  @Put('role-ends/:memberId')
  @ForRoles('admin')
  @StepUp()
  @HttpCode(204)
  async setRoleEnd(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
    @Body() { role, endsOn }: RoleEndDto,
  ): Promise<void> {
    await this.roleEnds.set(acting, memberId, role, endsOn ?? null)
  }

  /** Pauses asking somebody to review: oneself, or as an admin anybody. */
  @Put('absences/:memberId')
  @HttpCode(204)
  async setAbsence(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
    @Body() { until }: AbsenceDto,
  ): Promise<void> {
    await this.absences.set(acting, memberId, until ?? null)
  }

  /** What somebody left behind, or would leave behind. */
  @Get('hand-overs/:memberId')
  @ForRoles('admin')
  async handOver(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
  ): Promise<HandOverView> {
    return presentHandOver(await this.handOvers.of(acting.groupId, memberId))
  }

  @Put('hand-overs/:memberId/ticks')
  @ForRoles('admin')
  async tick(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
    @Body() { item, done }: HandOverTickDto,
  ): Promise<HandOverView> {
    await this.handOvers.tick(acting, memberId, item, done)
    return presentHandOver(await this.handOvers.of(acting.groupId, memberId))
  }

  @Put('hand-overs/:memberId/notes')
  @ForRoles('admin')
  async note(
    @Acting() acting: ActingMember,
    @Param('memberId', ParseUUIDPipe) memberId: string,
    @Body() { notes }: HandOverNotesDto,
  ): Promise<HandOverView> {
    await this.handOvers.note(acting, memberId, notes)
    return presentHandOver(await this.handOvers.of(acting.groupId, memberId))
  }
}

function known(place: number): number {
  if (place === 1 || place === 2) return place
  throw new DomainError(
    'no-such-place',
    `There is no place ${place}: two people answer for the accounts, 1 and 2.`,
    'not-found',
  )
}
