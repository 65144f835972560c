import { Controller, Get, Query, UseGuards } from '@nestjs/common'
import { ApiQuery, ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, GroupGuard } from '../groups/group.guard.js'
import { Queue } from './post-views.dto.js'
import { QueueService } from './queue.service.js'
import { WeekView } from './week.dto.js'
import { WeekService } from './week.service.js'

/** The queue and the week: what waits for whom, what is planned when, what went out. */
@ApiTags('queue')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId')
export class QueueController {
  constructor(
    private readonly queues: QueueService,
    private readonly weeks: WeekService,
  ) {}

  /** What is open, up to fifty posts of a kind at once; `after` is the `more` of the page before. */
  @Get('queue')
  @ApiQuery({ name: 'after', required: false })
  queue(@Acting() acting: ActingMember, @Query('after') after?: string): Promise<Queue> {
    return this.queues.get(acting, after ?? null)
  }

  /** Windows by days, from the Monday on or before `from` (the present week when it is left out). */
  @Get('week')
  @ApiQuery({ name: 'from', required: false })
  week(@Acting() acting: ActingMember, @Query('from') from?: string): Promise<WeekView> {
    return this.weeks.get(acting, from ?? null)
  }
}
