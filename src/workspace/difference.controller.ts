import { Controller, Get, Param, ParseUUIDPipe, Query, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, GroupGuard } from '../groups/group.guard.js'
import { DifferenceQuery, DifferenceView } from './difference.dto.js'
import { DifferenceService } from './difference.service.js'

/** The difference of any two versions of a post. */
@ApiTags('posts')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/posts/:postId/difference')
export class DifferenceController {
  constructor(private readonly differences: DifferenceService) {}

  /** Text by word, pictures by their bytes, link, language, channels and time. */
  @Get()
  get(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Query() { from, to }: DifferenceQuery,
  ): Promise<DifferenceView> {
    return this.differences.get(acting, postId, from, to)
  }
}
