import { Module } from '@nestjs/common'

import { BlueskyAdapter } from './bluesky/bluesky.adapter.js'
import { BlueskyModule } from './bluesky/bluesky.module.js'
import { NoticeboardAdapter } from './noticeboard/noticeboard.adapter.js'
import { NoticeboardModule } from './noticeboard/noticeboard.module.js'
import { PlatformRegistry } from './platform-registry.js'
import { ThreadsAdapter } from './threads/threads.adapter.js'
import { ThreadsModule } from './threads/threads.module.js'

/** The networks, behind one door. A new one joins here. */
@Module({
  imports: [NoticeboardModule, BlueskyModule, ThreadsModule],
  providers: [
    {
      provide: PlatformRegistry,
      useFactory: (noticeboard: NoticeboardAdapter, bluesky: BlueskyAdapter, threads: ThreadsAdapter) =>
        new PlatformRegistry({ noticeboard, bluesky, threads }),
      inject: [NoticeboardAdapter, BlueskyAdapter, ThreadsAdapter],
    },
  ],
  exports: [PlatformRegistry],
})
export class PlatformsModule {}
