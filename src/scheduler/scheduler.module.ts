import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { ChannelsModule } from '../channels/channels.module.js'
import { DraftsModule } from '../drafts/drafts.module.js'
import { PlatformsModule } from '../platforms/platforms.module.js'
import { AftercareService } from './aftercare.service.js'
import { AftercareTask } from './aftercare.task.js'
import { AlarmsService } from './alarms.service.js'
import { AttemptEntity } from './attempt.entity.js'
import { AttemptsStore } from './attempts.store.js'
import { ClaimsStore } from './claims.store.js'
import { DueService } from './due.service.js'
import { DueStore } from './due.store.js'
import { HolidaysService } from './holidays.service.js'
import { MovingService } from './moving.service.js'
import { OutcomesService } from './outcomes.service.js'
import { PartsStore } from './parts.store.js'
import { PauseEntity } from './pause.entity.js'
import { PausesService } from './pauses.service.js'
import { PlanningService } from './planning.service.js'
import { PublicationPartEntity } from './publication-part.entity.js'
import { PublicationEntity } from './publication.entity.js'
import { PublicationsStore } from './publications.store.js'
import { PublishingService } from './publishing.service.js'
import { PublishingTask } from './publishing.task.js'
import { SendingService } from './sending.service.js'
import { SilenceEntity } from './silence.entity.js'
import { SilencesService } from './silences.service.js'
import { SpreadingService } from './spreading.service.js'
import { SpreadsStore } from './spreads.store.js'
import { StillnessStore } from './stillness.store.js'
import { TakedownNotices } from './takedown-notices.service.js'
import { TakingDownService } from './taking-down.service.js'

@Module({
  imports: [
    TypeOrmModule.forFeature([PublicationEntity, PublicationPartEntity, AttemptEntity, PauseEntity, SilenceEntity]),
    ChannelsModule,
    DraftsModule,
    PlatformsModule,
  ],
  providers: [
    PublicationsStore,
    ClaimsStore,
    AttemptsStore,
    PartsStore,
    DueStore,
    DueService,
    PlanningService,
    MovingService,
    SpreadingService,
    SpreadsStore,
    SendingService,
    OutcomesService,
    AlarmsService,
    PublishingService,
    PublishingTask,
    AftercareService,
    AftercareTask,
    TakedownNotices,
    TakingDownService,
    StillnessStore,
    SilencesService,
    PausesService,
    HolidaysService,
  ],
  exports: [
    PublicationsStore,
    ClaimsStore,
    AttemptsStore,
    PartsStore,
    PlanningService,
    MovingService,
    SpreadingService,
    PublishingService,
    AftercareService,
    DueService,
    SilencesService,
    PausesService,
    HolidaysService,
  ],
})
export class SchedulerModule {}
