import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { ChannelsModule } from '../channels/channels.module.js'
import { DraftsModule } from '../drafts/drafts.module.js'
import { GroupsModule } from '../groups/groups.module.js'
import { SchedulerModule } from '../scheduler/scheduler.module.js'
import { CommentEntity } from './comment.entity.js'
import { ConversationMuteEntity } from './conversation-mute.entity.js'
import { ConversationService } from './conversation.service.js'
import { ConversationStore } from './conversation.store.js'
import { StopController } from './stop.controller.js'
import { SuggestionEntity } from './suggestion.entity.js'
import { SuggestionsService } from './suggestions.service.js'
import { TellingService } from './telling.service.js'
import { TellingTask } from './telling.task.js'

/** What people say to each other about a post: comments and suggested words. */
@Module({
  imports: [
    TypeOrmModule.forFeature([CommentEntity, SuggestionEntity, ConversationMuteEntity]),
    GroupsModule,
    ChannelsModule,
    DraftsModule,
    SchedulerModule,
  ],
  controllers: [StopController],
  providers: [ConversationStore, ConversationService, SuggestionsService, TellingService, TellingTask],
  exports: [ConversationService, SuggestionsService, TellingService],
})
export class ConversationModule {}
