import { Module } from '@nestjs/common'

import { NoticeboardModule } from './noticeboard/noticeboard.module.js'
import { PlatformRegistry } from './platform-registry.js'

/** The networks, behind one door. */
@Module({
  imports: [NoticeboardModule],
  providers: [PlatformRegistry],
  exports: [PlatformRegistry],
})
export class PlatformsModule {}
