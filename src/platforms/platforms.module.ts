import { Module } from '@nestjs/common'

import { BlueskyAdapter } from './bluesky/bluesky.adapter.js'
import { BlueskyModule } from './bluesky/bluesky.module.js'
import { NoticeboardAdapter } from './noticeboard/noticeboard.adapter.js'
import { NoticeboardModule } from './noticeboard/noticeboard.module.js'
import { PlatformRegistry } from './platform-registry.js'

/** The networks, behind one door. A new one joins here. */
@Module({
  imports: [NoticeboardModule, BlueskyModule],
  providers: [
    {
      provide: PlatformRegistry,
      useFactory: (noticeboard: NoticeboardAdapter, bluesky: BlueskyAdapter) =>
        new PlatformRegistry({ noticeboard, bluesky }),
      inject: [NoticeboardAdapter, BlueskyAdapter],
    },
  ],
  exports: [PlatformRegistry],
})
export class PlatformsModule {}
