import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { ChannelsModule } from '../channels/channels.module.js'
import { PlatformsModule } from '../platforms/platforms.module.js'
import { EngagementSampleEntity } from './engagement-sample.entity.js'
import { SamplesStore } from './samples.store.js'
import { SamplingService } from './sampling.service.js'
import { SamplingTask } from './sampling.task.js'

@Module({
  imports: [TypeOrmModule.forFeature([EngagementSampleEntity]), ChannelsModule, PlatformsModule],
  providers: [SamplesStore, SamplingService, SamplingTask],
  exports: [SamplingService],
})
export class EngagementModule {}
