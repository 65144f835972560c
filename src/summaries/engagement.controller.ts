import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common'
import { ApiProduces, ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, GroupGuard } from '../groups/group.guard.js'
import { EngagementQuery, EngagementRange, EngagementView } from './engagement.dto.js'
import { EngagementService } from './engagement.service.js'

/** The weekly summary as a page shows it, and its numbers as a table. */
@ApiTags('engagement')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId')
export class EngagementController {
  constructor(private readonly engagement: EngagementService) {}

  /** One week: the finished summary, or the week as it stands while it is not over. */
  @Get('engagement')
  get(@Acting() acting: ActingMember, @Query() query: EngagementQuery): Promise<EngagementView> {
    return this.engagement.view(acting, query.week)
  }

  /** One row a publication, for spreadsheets. */
  @Get('engagement.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="engagement.csv"')
  @ApiProduces('text/csv')
  csv(@Acting() acting: ActingMember, @Query() range: EngagementRange): Promise<string> {
    return this.engagement.csv(acting, range.from, range.to)
  }
}
