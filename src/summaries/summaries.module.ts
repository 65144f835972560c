import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { GroupsModule } from '../groups/groups.module.js'
import { EngagementController } from './engagement.controller.js'
import { EngagementService } from './engagement.service.js'
import { SummariesService } from './summaries.service.js'
import { SummariesStore } from './summaries.store.js'
import { SummariesTask } from './summaries.task.js'
import { SummaryEntity } from './summary.entity.js'
import { UnsubscribeController } from './unsubscribe.controller.js'
import { UnsubscribeService } from './unsubscribe.service.js'

/** The weekly summary: a mail each Monday and a page at any time. */
@Module({
  imports: [TypeOrmModule.forFeature([SummaryEntity]), GroupsModule],
  controllers: [EngagementController, UnsubscribeController],
  providers: [SummariesStore, SummariesService, SummariesTask, EngagementService, UnsubscribeService],
  exports: [SummariesService],
})
export class SummariesModule {}
