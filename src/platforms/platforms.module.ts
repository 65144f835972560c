import { Module } from '@nestjs/common'

import { BlueskyAdapter } from './bluesky/bluesky.adapter.js'
import { BlueskyModule } from './bluesky/bluesky.module.js'
import { ExaminingService } from './examining.service.js'
import { FacebookAdapter } from './facebook/facebook.adapter.js'
import { FacebookModule } from './facebook/facebook.module.js'
import { InstagramAdapter } from './instagram/instagram.adapter.js'
import { InstagramModule } from './instagram/instagram.module.js'
import { LinkedInAdapter } from './linkedin/linkedin.adapter.js'
import { LinkedInModule } from './linkedin/linkedin.module.js'
import { MastodonAdapter } from './mastodon/mastodon.adapter.js'
import { MastodonModule } from './mastodon/mastodon.module.js'
import { NoticeboardAdapter } from './noticeboard/noticeboard.adapter.js'
import { NoticeboardModule } from './noticeboard/noticeboard.module.js'
import { PlatformRegistry } from './platform-registry.js'
import type { Platform } from './platform.js'
import { TelegramAdapter } from './telegram/telegram.adapter.js'
import { TelegramModule } from './telegram/telegram.module.js'
import { ThreadsAdapter } from './threads/threads.adapter.js'
import { ThreadsModule } from './threads/threads.module.js'
import { WebhookAdapter } from './webhook/webhook.adapter.js'
import { WebhookModule } from './webhook/webhook.module.js'
import { XAdapter } from './x/x.adapter.js'
import { XModule } from './x/x.module.js'

/** The networks, behind one door, in the order in which they are offered. A new one joins here. */
@Module({
  imports: [
    NoticeboardModule,
    BlueskyModule,
    MastodonModule,
    XModule,
    FacebookModule,
    InstagramModule,
    ThreadsModule,
    LinkedInModule,
    TelegramModule,
    WebhookModule,
  ],
  providers: [
    ExaminingService,
    {
      provide: PlatformRegistry,
      useFactory: (...platforms: Platform[]) => new PlatformRegistry(platforms),
      inject: [
        NoticeboardAdapter,
        BlueskyAdapter,
        XAdapter,
        MastodonAdapter,
        FacebookAdapter,
        InstagramAdapter,
        ThreadsAdapter,
        LinkedInAdapter,
        TelegramAdapter,
        WebhookAdapter,
      ],
    },
  ],
  exports: [PlatformRegistry, ExaminingService],
})
export class PlatformsModule {}
