import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { LateService } from '../reviewers/late.service.js'
import { AftercareService } from '../scheduler/aftercare.service.js'
import { MoveDto, MoveOptions, SlotsQuery } from './moves.dto.js'
import { MovesService } from './moves.service.js'
import { PostDetailsService } from './post-details.service.js'
import { AnswerDto, RetractDto } from './post-input.dto.js'
import { PostDetail } from './post-views.dto.js'

/** What people do about a post on one channel: move it while it is planned, and look after it once it is out. */
@ApiTags('publications')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/publications/:publicationId')
export class PublicationsController {
  constructor(
    private readonly aftercare: AftercareService,
    private readonly late: LateService,
    private readonly details: PostDetailsService,
    private readonly moves: MovesService,
  ) {}

  /** The next free slots, and what would come of a time that somebody has in mind; changes nothing. */
  @Get('slots')
  slots(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
    @Query() query: SlotsQuery,
  ): Promise<MoveOptions> {
    return this.moves.options(acting, id, query)
  }

  /** Moves it, and it alone. A slot that was taken or a move that was made meanwhile is a conflict. */
  @Post('move')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async move(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
    @Body() input: MoveDto,
  ): Promise<PostDetail> {
    return this.details.get(acting, await this.moves.move(acting, id, input))
  }

  /** Gives one that missed its time the next free slot that was agreed to. */
  @Post('next-slot')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async nextSlot(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
  ): Promise<PostDetail> {
    return this.details.get(acting, await this.late.replan(acting, id))
  }

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

  /** Leaves what failed or missed its time at that: it needs attention no more, until the post is changed or it is tried again. */
  @Post('accept-failure')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async acceptFailure(
    @Acting() acting: ActingMember,
    @Param('publicationId', ParseUUIDPipe) id: string,
  ): Promise<PostDetail> {
    return this.details.get(acting, await this.aftercare.acceptFailure(acting, id))
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
