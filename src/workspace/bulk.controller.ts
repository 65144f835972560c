import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { BulkCheckDto, BulkDto, BulkPreview, BulkProgress } from './bulk.dto.js'
import { BulkService } from './bulk.service.js'

/** Several posts at once: looked at first, accepted in one request, then followed. */
@ApiTags('posts')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId')
export class BulkController {
  constructor(private readonly bulk: BulkService) {}

  /** What would be written, with problems as sentences; keeps nothing. */
  @Post('posts/bulk/check')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  check(@Acting() acting: ActingMember, @Body() input: BulkCheckDto): Promise<BulkPreview> {
    return this.bulk.check(acting, input)
  }

  /** Accepted at once and dealt with one after the other; asked again with the same key, it is the same request. */
  @Post('posts/bulk')
  @HttpCode(202)
  @ForRoles('editor', 'admin')
  start(@Acting() acting: ActingMember, @Body() input: BulkDto): Promise<BulkProgress> {
    return this.bulk.start(acting, input)
  }

  /** The last requests of the group in a week, the newest first, and how far they are. */
  @Get('bulk')
  latest(@Acting() acting: ActingMember): Promise<BulkProgress[]> {
    return this.bulk.latest(acting)
  }

  /** How far it is. */
  @Get('bulk/:bulkId')
  progress(@Acting() acting: ActingMember, @Param('bulkId', ParseUUIDPipe) id: string): Promise<BulkProgress> {
    return this.bulk.progress(acting, id)
  }

  /** Ends it early: what is written and sent stays, the rest is not written. */
  @Post('bulk/:bulkId/stop')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  stop(@Acting() acting: ActingMember, @Param('bulkId', ParseUUIDPipe) id: string): Promise<BulkProgress> {
    return this.bulk.stop(acting, id)
  }

  /** Has the rest of a stopped request written after all, each sent for review as was asked. */
  @Post('bulk/:bulkId/go-on')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  goOn(@Acting() acting: ActingMember, @Param('bulkId', ParseUUIDPipe) id: string): Promise<BulkProgress> {
    return this.bulk.goOn(acting, id)
  }
}
