import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { PlatformsModule } from '../platforms/platforms.module.js'
import { ChannelMails } from './channel-mails.service.js'
import { ChannelSettings } from './channel-settings.service.js'
import { ChannelEntity } from './channel.entity.js'
import { ChannelsController } from './channels.controller.js'
import { ChannelsService } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { CheckingService } from './checking.service.js'
import { ConnectingService } from './connecting.service.js'
import { ConsentEntity } from './consent.entity.js'
import { ConsentingService } from './consenting.service.js'
import { ConsentsController } from './consents.controller.js'
import { ConsentsStore } from './consents.store.js'
import { KeepingService } from './keeping.service.js'
import { KeepingTask } from './keeping.task.js'
import { LimitsService } from './limits.service.js'
import { NetworksController } from './networks.controller.js'
import { ResealingService } from './resealing.service.js'
import { WindowEntity } from './window.entity.js'
import { WindowsController } from './windows.controller.js'

/** Connected accounts, their credentials, windows and limits. */
@Module({
  imports: [TypeOrmModule.forFeature([ChannelEntity, ConsentEntity, WindowEntity]), PlatformsModule],
  controllers: [NetworksController, ConsentsController, ChannelsController, WindowsController],
  providers: [
    ChannelsService,
    ChannelsStore,
    ChannelSettings,
    ConnectingService,
    ConsentingService,
    ConsentsStore,
    ChannelMails,
    LimitsService,
    CheckingService,
    KeepingService,
    KeepingTask,
    ResealingService,
  ],
  exports: [ChannelsService, CheckingService, ChannelMails],
})
export class ChannelsModule {}
