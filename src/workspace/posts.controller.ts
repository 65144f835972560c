import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { DomainError } from '../kernel/domain-error.js'
import { SubmissionService } from '../reviewers/asking/submission.service.js'
import { CheckService } from './check.service.js'
import { PostCommandsService } from './post-commands.service.js'
import { PostDetailsService } from './post-details.service.js'
import { CheckPostDto, PostInputDto, SavePostDto, SendForReviewDto } from './post-input.dto.js'
import { CheckResult, PostDetail, ReviewAddress } from './post-views.dto.js'

/** Posts: written, saved, sent for review, held, cancelled, copied. */
@ApiTags('posts')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/posts')
export class PostsController {
  constructor(
    private readonly commands: PostCommandsService,
    private readonly submission: SubmissionService,
    private readonly details: PostDetailsService,
    private readonly checks: CheckService,
  ) {}

  @Post()
  @ForRoles('editor', 'admin')
  async create(@Acting() acting: ActingMember, @Body() input: PostInputDto): Promise<PostDetail> {
    return this.details.get(acting, await this.commands.create(acting, input))
  }

  /** What would stand in the way of sending this, and where it would go; keeps nothing. */
  @Post('check')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  check(@Acting() acting: ActingMember, @Body() input: CheckPostDto): Promise<CheckResult> {
    return this.checks.check(acting, input)
  }

  @Get(':postId')
  get(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<PostDetail> {
    return this.details.get(acting, postId)
  }

  /** A version that somebody else has replaced is a conflict; the answer carries what is there now as `current`. */
  @Put(':postId')
  @ForRoles('editor', 'admin')
  async save(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Body() input: SavePostDto,
  ): Promise<PostDetail> {
    try {
      await this.commands.save(acting, postId, input.version, input)
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'old-version') throw error
      throw new DomainError(error.code, error.message, error.refusal, {
        current: await this.details.get(acting, postId),
      })
    }
    return this.details.get(acting, postId)
  }

  @Post(':postId/send-for-review')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async sendForReview(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Body() { version }: SendForReviewDto,
  ): Promise<PostDetail> {
    await this.submission.send(acting, postId, version)
    return this.details.get(acting, postId)
  }

  @Post(':postId/hold')
  @HttpCode(200)
  async hold(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<PostDetail> {
    await this.commands.hold(acting, postId)
    return this.details.get(acting, postId)
  }

  @Post(':postId/cancel')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async cancel(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<PostDetail> {
    await this.commands.cancel(acting, postId)
    return this.details.get(acting, postId)
  }

  @Post(':postId/discard-edit')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async discardEdit(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
  ): Promise<PostDetail> {
    await this.commands.discardEdit(acting, postId)
    return this.details.get(acting, postId)
  }

  /** Takes back one's own answer to the review, as long as the post is not out. */
  @Post(':postId/withdraw')
  @HttpCode(200)
  async withdraw(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<PostDetail> {
    await this.commands.withdraw(acting, postId)
    return this.details.get(acting, postId)
  }

  /** Takes over the post of an author who has left the group. */
  @Post(':postId/adopt')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async adopt(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<PostDetail> {
    await this.commands.adopt(acting, postId)
    return this.details.get(acting, postId)
  }

  @Post(':postId/copy')
  @ForRoles('editor', 'admin')
  async copy(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<PostDetail> {
    return this.details.get(acting, await this.commands.copy(acting, postId))
  }

  /** The review page for a reviewer who was not asked by mail. */
  @Post(':postId/review')
  @HttpCode(200)
  async review(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<ReviewAddress> {
    return { url: await this.commands.review(acting, postId) }
  }
}
