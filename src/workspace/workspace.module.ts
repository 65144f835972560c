import { Module } from '@nestjs/common'

import { ChannelsModule } from '../channels/channels.module.js'
import { ConversationModule } from '../conversation/conversation.module.js'
import { DraftsModule } from '../drafts/drafts.module.js'
import { GroupsModule } from '../groups/groups.module.js'
import { ReviewersModule } from '../reviewers/reviewers.module.js'
import { SchedulerModule } from '../scheduler/scheduler.module.js'
import { BulkController } from './bulk.controller.js'
import { BulkService } from './bulk.service.js'
import { BulkStore } from './bulk.store.js'
import { BulkTask } from './bulk.task.js'
import { CalendarController } from './calendar.controller.js'
import { CalendarService } from './calendar.service.js'
import { CheckService } from './check.service.js'
import { ConversationViewsService } from './conversation-views.service.js'
import { ConversationController } from './conversation.controller.js'
import { CountersStore } from './counters.store.js'
import { DifferenceController } from './difference.controller.js'
import { DifferenceService } from './difference.service.js'
import { ErasureService } from './erasure.service.js'
import { ErasureStore } from './erasure.store.js'
import { LogPageService } from './log-page.service.js'
import { LogWatchService } from './log-watch.service.js'
import { LogWatchTask } from './log-watch.task.js'
import { LogController } from './log.controller.js'
import { MediaController } from './media.controller.js'
import { MovesService } from './moves.service.js'
import { PostCardsService } from './post-cards.service.js'
import { PostCommandsService } from './post-commands.service.js'
import { PostDetailsService } from './post-details.service.js'
import { PostsController } from './posts.controller.js'
import { PublicationsController } from './publications.controller.js'
import { QueueController } from './queue.controller.js'
import { QueueService } from './queue.service.js'
import { QueueStore } from './queue.store.js'
import { SpreadProposalsService } from './spread-proposals.service.js'
import { SpreadController } from './spread.controller.js'
import { WeekService } from './week.service.js'

/** What editors see and do: the read models and commands of the web workspace. */
@Module({
  imports: [GroupsModule, ChannelsModule, DraftsModule, SchedulerModule, ConversationModule, ReviewersModule],
  controllers: [
    // Before the posts: its paths are not ids.
    BulkController,
    PostsController,
    DifferenceController,
    ConversationController,
    QueueController,
    MediaController,
    PublicationsController,
    SpreadController,
    LogController,
    CalendarController,
  ],
  providers: [
    SpreadProposalsService,
    PostCardsService,
    PostDetailsService,
    PostCommandsService,
    MovesService,
    BulkService,
    BulkStore,
    BulkTask,
    CheckService,
    DifferenceService,
    ConversationViewsService,
    QueueService,
    QueueStore,
    WeekService,
    CountersStore,
    ErasureService,
    ErasureStore,
    LogPageService,
    LogWatchService,
    LogWatchTask,
    CalendarService,
  ],
  exports: [PostCommandsService, PostCardsService],
})
export class WorkspaceModule {}
