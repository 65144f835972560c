import { Module } from '@nestjs/common'

import { NoticeboardAdapter } from './noticeboard/noticeboard.adapter.js'
import { NoticeboardModule } from './noticeboard/noticeboard.module.js'
import { PlatformRegistry } from './platform-registry.js'

/** The networks, behind one door. A new one joins here. */
@Module({
  imports: [NoticeboardModule],
  providers: [
    {
      provide: PlatformRegistry,
      useFactory: (noticeboard: NoticeboardAdapter) => new PlatformRegistry({ noticeboard }),
      inject: [NoticeboardAdapter],
    },
  ],
  exports: [PlatformRegistry],
})
export class PlatformsModule {}
