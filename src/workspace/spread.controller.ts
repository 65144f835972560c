import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import { Transaction } from '../database/transaction.js'
import { firstWords, textFor } from '../drafts/content.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { SpreadingService } from '../scheduler/spreading.service.js'
import { SpreadDone, SpreadDto, SpreadProposal, SpreadQuery } from './spread.dto.js'

/** Spreads the posts of a day again: shown first, then done, then undone for ten minutes. */
@ApiTags('queue')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/spreads')
export class SpreadController {
  constructor(
    private readonly spreading: SpreadingService,
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
  ) {}

  /** Before and after, with the reasons; changes nothing. */
  @Get()
  async propose(@Acting() { group }: ActingMember, @Query() query: SpreadQuery): Promise<SpreadProposal> {
    const { manager } = this.transaction
    const proposals = await this.spreading.propose(manager, group, query.date, query.channelId ?? null)
    const ids = proposals.map(({ publication }) => publication.postId)
    const posts = new Map((await this.posts.listByIds(manager, group.id, ids)).map((post) => [post.id, post]))
    const moves = proposals.map(({ publication, channel, to }) => {
      const post = posts.get(publication.postId)
      return {
        publicationId: publication.id,
        channelName: channel.name,
        firstWords: post ? firstWords(textFor(post.content, channel.id), 60) : '',
        before: publication.wall.slice(11, 16),
        after: to.wall.slice(11, 16),
        slot: to.at.toISO() ?? '',
        reasons: [...to.reasons],
      }
    })
    const sentence =
      moves.length === 0
        ? 'The posts of this day are spread as well as its windows allow. Nothing would move.'
        : `${moves.length === 1 ? 'One post moves' : `${moves.length} posts move`}, inside what was approved: the approvals stay.`
    return { date: query.date, moves, sentence }
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
