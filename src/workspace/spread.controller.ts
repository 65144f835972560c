import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { SpreadingService } from '../scheduler/spreading.service.js'
import { SpreadProposalsService } from './spread-proposals.service.js'
import { SpreadDone, SpreadDto, SpreadProposal, SpreadQuery } from './spread.dto.js'

/** Spreads the posts of a day again: shown first, then done, then undone for ten minutes. */
@ApiTags('queue')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/spreads')
export class SpreadController {
  constructor(
    private readonly spreading: SpreadingService,
    private readonly proposals: SpreadProposalsService,
  ) {}

  /** Before and after, with the reasons; changes nothing. */
  @Get()
  propose(@Acting() { group }: ActingMember, @Query() query: SpreadQuery): Promise<SpreadProposal> {
    return this.proposals.propose(group, query)
  }

  @Post()
  @ForRoles('editor', 'admin')
  async apply(@Acting() acting: ActingMember, @Body() { date, channelId, moves }: SpreadDto): Promise<SpreadDone> {
    const { id, until } = await this.spreading.apply(acting, acting.group, date, channelId ?? null, moves)
    return { id, undoUntil: until.toISO() ?? '' }
  }

  /** Puts all of it back, for ten minutes and while nothing else on that day has changed. */
  @Post(':spreadId/undo')
  @HttpCode(204)
  @ForRoles('editor', 'admin')
  undo(@Acting() acting: ActingMember, @Param('spreadId', ParseUUIDPipe) id: string): Promise<void> {
    return this.spreading.undo(acting, acting.group, id)
  }
}
