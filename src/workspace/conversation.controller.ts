import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'

import { ConversationService } from '../conversation/conversation.service.js'
import type { Place } from '../conversation/place.js'
import { SuggestionsService } from '../conversation/suggestions.service.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { ConversationViewsService } from './conversation-views.service.js'
import { CommentDto, ConversationView, DismissDto, MuteDto, SuggestionDto } from './conversation.dto.js'

/** What people say to each other about a post. Every answer is the conversation as it then is. */
@ApiTags('conversation')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/posts/:postId')
export class ConversationController {
  constructor(
    private readonly conversation: ConversationService,
    private readonly suggestions: SuggestionsService,
    private readonly views: ConversationViewsService,
  ) {}

  @Get('conversation')
  get(@Acting() acting: ActingMember, @Param('postId', ParseUUIDPipe) postId: string): Promise<ConversationView> {
    return this.views.get(acting, postId)
  }

  @Post('comments')
  async comment(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Body() { text }: CommentDto,
  ): Promise<ConversationView> {
    await this.conversation.comment(acting, postId, text)
    return this.views.get(acting, postId)
  }

  /** Takes one's own words back; that there was a comment stays. */
  @Delete('comments/:commentId')
  async remove(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Param('commentId', ParseUUIDPipe) commentId: string,
  ): Promise<ConversationView> {
    await this.conversation.remove(acting, postId, commentId)
    return this.views.get(acting, postId)
  }

  @Post('suggestions')
  async suggest(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Body() given: SuggestionDto,
  ): Promise<ConversationView> {
    const { words, note, version = null } = given
    await this.suggestions.suggest(acting, postId, { place: placeIn(given), words, note, version })
    return this.views.get(acting, postId)
  }

  /** Puts the suggested words into the post, as an edit by whoever applies them. */
  @Post('suggestions/:suggestionId/apply')
  @HttpCode(200)
  @ForRoles('editor', 'admin')
  async apply(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Param('suggestionId', ParseUUIDPipe) suggestionId: string,
  ): Promise<ConversationView> {
    await this.suggestions.apply(acting, postId, suggestionId)
    return this.views.get(acting, postId)
  }

  @Post('suggestions/:suggestionId/dismiss')
  @HttpCode(200)
  async dismiss(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Param('suggestionId', ParseUUIDPipe) suggestionId: string,
    @Body() { note }: DismissDto,
  ): Promise<ConversationView> {
    const mayEdit = acting.roles.includes('editor') || acting.roles.includes('admin')
    await this.suggestions.dismiss(acting, postId, suggestionId, note, mayEdit)
    return this.views.get(acting, postId)
  }

  /** Whether the one who asks is mailed what others say about this post. */
  @Post('conversation/mute')
  @HttpCode(200)
  async mute(
    @Acting() acting: ActingMember,
    @Param('postId', ParseUUIDPipe) postId: string,
    @Body() { muted }: MuteDto,
  ): Promise<ConversationView> {
    await this.conversation.mute(acting, postId, muted)
    return this.views.get(acting, postId)
  }
}

function placeIn({ place, channelId = '', mediaId = '' }: SuggestionDto): Place {
  if (place === 'channel') return { kind: 'channel', channelId }
  return place === 'alt' ? { kind: 'alt', mediaId } : { kind: 'text' }
}
