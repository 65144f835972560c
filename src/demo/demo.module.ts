import { Module } from '@nestjs/common'

import { ChannelsModule } from '../channels/channels.module.js'
import { DraftsModule } from '../drafts/drafts.module.js'
import { EngagementModule } from '../engagement/engagement.module.js'
import { GovernanceModule } from '../governance/governance.module.js'
import { ReviewersModule } from '../reviewers/reviewers.module.js'
import { SchedulerModule } from '../scheduler/scheduler.module.js'
import { SummariesModule } from '../summaries/summaries.module.js'
import { WorkspaceModule } from '../workspace/workspace.module.js'
import { DemoPlay } from './demo-play.service.js'
import { DemoSeed } from './demo-seed.service.js'
import { DemoStore } from './demo.store.js'
import { PassingTime } from './passing-time.service.js'

/** The demonstration: made in an empty installation, refused in production. */
@Module({
  imports: [
    ChannelsModule,
    DraftsModule,
    EngagementModule,
    GovernanceModule,
    ReviewersModule,
    SchedulerModule,
    SummariesModule,
    WorkspaceModule,
  ],
  providers: [DemoStore, DemoPlay, DemoSeed, PassingTime],
})
export class DemoModule {}
