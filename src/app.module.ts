import { type DynamicModule, Module } from '@nestjs/common'
import { ScheduleModule } from '@nestjs/schedule'

import { AuditModule } from './audit/audit.module.js'
import { ChannelsModule } from './channels/channels.module.js'
import type { Config } from './config/config.js'
import { ConfigModule } from './config/config.module.js'
import { ConversationModule } from './conversation/conversation.module.js'
import { DatabaseModule } from './database/database.module.js'
import type { DatabaseAddresses } from './database/migrate.js'
import { DemoModule } from './demo/demo.module.js'
import { DraftsModule } from './drafts/drafts.module.js'
import { EngagementModule } from './engagement/engagement.module.js'
import { GovernanceModule } from './governance/governance.module.js'
import { GroupsModule } from './groups/groups.module.js'
import { HealthModule } from './health/health.module.js'
import { HttpEdgeModule } from './http/http-edge.module.js'
import type { Clock } from './kernel/clock.js'
import { MailModule } from './mail/mail.module.js'
import { PlatformsModule } from './platforms/platforms.module.js'
import { ReviewersModule } from './reviewers/reviewers.module.js'
import { SchedulerModule } from './scheduler/scheduler.module.js'
import { SummariesModule } from './summaries/summaries.module.js'
import { WorkspaceModule } from './workspace/workspace.module.js'

export interface AppOptions {
  /** Another clock than the machine's. */
  readonly clock?: Clock
  /** Whether the process does recurring work by itself; the command line and tests do not. */
  readonly ticking?: boolean
}

/** The composition root: the only file that knows every feature. */
@Module({})
export class AppModule {
  static with(config: Config, database: DatabaseAddresses, { clock, ticking = true }: AppOptions = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config, clock),
        DatabaseModule.at(database),
        ...(ticking && config.role !== 'web' ? [ScheduleModule.forRoot()] : []),
        HttpEdgeModule,
        MailModule,
        AuditModule,
        GroupsModule,
        GovernanceModule,
        PlatformsModule,
        ChannelsModule,
        DraftsModule,
        SchedulerModule,
        ConversationModule,
        ReviewersModule,
        EngagementModule,
        SummariesModule,
        WorkspaceModule,
        DemoModule,
        HealthModule,
      ],
    }
  }
}
