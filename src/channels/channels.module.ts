import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { PlatformsModule } from '../platforms/platforms.module.js'
import { ChannelSettings } from './channel-settings.service.js'
import { ChannelEntity } from './channel.entity.js'
import { ChannelsController } from './channels.controller.js'
import { ChannelsService } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { ConnectingService } from './connecting.service.js'
import { NetworksController } from './networks.controller.js'
import { ResealingService } from './resealing.service.js'
import { WindowEntity } from './window.entity.js'
import { WindowsController } from './windows.controller.js'

/** Connected accounts, their credentials, windows and limits. */
@Module({
  imports: [TypeOrmModule.forFeature([ChannelEntity, WindowEntity]), PlatformsModule],
  controllers: [NetworksController, ChannelsController, WindowsController],
  providers: [ChannelsService, ChannelsStore, ChannelSettings, ConnectingService, ResealingService],
  exports: [ChannelsService],
})
export class ChannelsModule {}
