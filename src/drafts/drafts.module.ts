import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { ChannelsModule } from '../channels/channels.module.js'
import { PlatformsModule } from '../platforms/platforms.module.js'
import { ContributorEntity } from './contributor.entity.js'
import { MediaAddresses } from './media-addresses.service.js'
import { MediaEntity } from './media.entity.js'
import { MediaService } from './media.service.js'
import { MediaStore } from './media.store.js'
import { PostEventEntity } from './post-event.entity.js'
import { PostEntity } from './post.entity.js'
import { PostsService } from './posts.service.js'
import { PostsStore } from './posts.store.js'
import { PublicMediaController } from './public-media.controller.js'
import { RevisionEntity } from './revision.entity.js'
import { TargetsService } from './targets.service.js'

@Module({
  imports: [
    TypeOrmModule.forFeature([PostEntity, RevisionEntity, ContributorEntity, PostEventEntity, MediaEntity]),
    ChannelsModule,
    PlatformsModule,
  ],
  controllers: [PublicMediaController],
  providers: [PostsService, PostsStore, MediaService, MediaStore, MediaAddresses, TargetsService],
  exports: [PostsService, PostsStore, MediaService, MediaAddresses, TargetsService],
})
export class DraftsModule {}
