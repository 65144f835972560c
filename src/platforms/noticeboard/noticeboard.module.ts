import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { NoticeboardPictureEntity } from './noticeboard-picture.entity.js'
import { NoticeboardPostEntity } from './noticeboard-post.entity.js'
import { NoticeboardAdapter } from './noticeboard.adapter.js'
import { NoticeboardController } from './noticeboard.controller.js'
import { NoticeboardService } from './noticeboard.service.js'
import { NoticeboardStore } from './noticeboard.store.js'

/** The built-in network: a public page on this server, with feeds. */
@Module({
  imports: [TypeOrmModule.forFeature([NoticeboardPostEntity, NoticeboardPictureEntity])],
  controllers: [NoticeboardController],
  providers: [NoticeboardAdapter, NoticeboardService, NoticeboardStore],
  exports: [NoticeboardAdapter],
})
export class NoticeboardModule {}
