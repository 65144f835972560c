import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { ChannelsModule } from '../channels/channels.module.js'
import { ConversationModule } from '../conversation/conversation.module.js'
import { DraftsModule } from '../drafts/drafts.module.js'
import { GovernanceModule } from '../groups/governance.module.js'
import { GroupsModule } from '../groups/groups.module.js'
import { SchedulerModule } from '../scheduler/scheduler.module.js'
import { AnsweringService } from './answering.service.js'
import { AskingService } from './asking.service.js'
import { AuthorMailsService } from './author-mails.service.js'
import { CodesService } from './codes.service.js'
import { EscalationService } from './escalation.service.js'
import { ExaminationService } from './examination.service.js'
import { ExpiryService } from './expiry.service.js'
import { HandingOverService } from './handing-over.service.js'
import { LateService } from './late.service.js'
import { LateTask } from './late.task.js'
import { LinksService } from './links.service.js'
import { LinksStore } from './links.store.js'
import { LivePostsStore } from './live-posts.store.js'
import { LostApprovalsService } from './lost-approvals.service.js'
import { ProofsService } from './proofs.service.js'
import { ReceiptsService } from './receipts.service.js'
import { RemindersService } from './reminders.service.js'
import { RemindersStore } from './reminders.store.js'
import { RemindersTask } from './reminders.task.js'
import { ReplacedLinkEntity } from './replaced-link.entity.js'
import { RequestMailsService } from './request-mails.service.js'
import { ReviewAccessService } from './review-access.service.js'
import { ReviewDeviceEntity } from './review-device.entity.js'
import { ReviewEscalationEntity } from './review-escalation.entity.js'
import { ReviewLinkController } from './review-link.controller.js'
import { ReviewPassesService } from './review-passes.service.js'
import { ReviewPicturesService } from './review-pictures.service.js'
import { ReviewRemarksService } from './review-remarks.service.js'
import { ReviewRequestEntity } from './review-request.entity.js'
import { ReviewResponses } from './review-responses.service.js'
import { ReviewSettingsController } from './review-settings.controller.js'
import { ReviewSettingsEntity } from './review-settings.entity.js'
import { ReviewSettingsService } from './review-settings.service.js'
import { ReviewSettingsStore } from './review-settings.store.js'
import { ReviewViewsService } from './review-views.service.js'
import { ReviewController } from './review.controller.js'
import { ReviewsService } from './reviews.service.js'
import { ReviewsStore } from './reviews.store.js'
import { StandingNotices } from './standing-notices.service.js'
import { StandingService } from './standing.service.js'
import { SubmissionService } from './submission.service.js'
import { VerdictChecksService } from './verdict-checks.service.js'
import { VerdictEntity } from './verdict.entity.js'
import { VerdictsService } from './verdicts.service.js'
import { WithdrawalService } from './withdrawal.service.js'

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ReviewRequestEntity,
      ReviewDeviceEntity,
      ReviewSettingsEntity,
      ReviewEscalationEntity,
      ReplacedLinkEntity,
      VerdictEntity,
    ]),
    GroupsModule,
    GovernanceModule,
    ChannelsModule,
    DraftsModule,
    SchedulerModule,
    ConversationModule,
  ],
  controllers: [ReviewController, ReviewLinkController, ReviewSettingsController],
  providers: [
    ReviewsStore,
    ReviewsService,
    ReviewAccessService,
    ReviewViewsService,
    ReviewPicturesService,
    ReviewRemarksService,
    CodesService,
    VerdictChecksService,
    VerdictsService,
    ReceiptsService,
    RemindersStore,
    RemindersService,
    EscalationService,
    RemindersTask,
    LinksStore,
    LinksService,
    ProofsService,
    ReviewPassesService,
    ReviewResponses,
    AnsweringService,
    HandingOverService,
    AuthorMailsService,
    RequestMailsService,
    ReviewSettingsStore,
    ReviewSettingsService,
    AskingService,
    ExaminationService,
    ExpiryService,
    SubmissionService,
    LateService,
    LateTask,
    LivePostsStore,
    LostApprovalsService,
    StandingNotices,
    StandingService,
    WithdrawalService,
  ],
  exports: [
    HandingOverService,
    ReviewsStore,
    AskingService,
    SubmissionService,
    ExaminationService,
    VerdictsService,
    ExpiryService,
    LateService,
    LostApprovalsService,
    WithdrawalService,
  ],
})
export class ReviewersModule {}
