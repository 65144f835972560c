import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, GroupGuard } from '../groups/group.guard.js'
import { AftercareService } from '../scheduler/aftercare.service.js'
import { PostDetailsService } from './post-details.service.js'
import { AnswerDto, RetractDto } from './post-input.dto.js'
import { PostDetail } from './post-views.dto.js'

/** What people do about a post on one channel once it is out. */
@ApiTags('publications')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/publications/:publicationId')
export class PublicationsController {
  constructor(
    private readonly aftercare: AftercareService,
    private readonly details: PostDetailsService,
  ) {}

  /** Takes it down at the network. */
  @Post('retract')
  @HttpCode(200)
  async retract(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
    @Body() { reason }: RetractDto,
  ): Promise<PostDetail> {
    return this.details.get(acting, await this.aftercare.retract(acting, id, reason))
  }

  /** A second person's word that taking it down was right. */
  @Post('acknowledge')
  @HttpCode(200)
  async acknowledge(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
  ): Promise<PostDetail> {
    return this.details.get(acting, await this.aftercare.acknowledge(acting, id))
  }

  /** Whether it is there, when no machine could tell. */
  @Post('answer')
  @HttpCode(200)
  async answer(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
    @Body() { there, url }: AnswerDto,
  ): Promise<PostDetail> {
    return this.details.get(acting, await this.aftercare.answer(acting, id, there, url ?? null))
  }
}
