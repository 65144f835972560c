import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { ChannelsModule } from '../channels/channels.module.js'
import { ConversationModule } from '../conversation/conversation.module.js'
import { DraftsModule } from '../drafts/drafts.module.js'
import { GovernanceModule } from '../governance/governance.module.js'
import { GroupsModule } from '../groups/groups.module.js'
import { SchedulerModule } from '../scheduler/scheduler.module.js'
import { AskingService } from './asking/asking.service.js'
import { AuthorMailsService } from './asking/author-mails.service.js'
import { EscalationService } from './asking/escalation.service.js'
import { ExaminationService } from './asking/examination.service.js'
import { HandingOverService } from './asking/handing-over.service.js'
import { LinksService } from './asking/links.service.js'
import { LinksStore } from './asking/links.store.js'
import { RemindersService } from './asking/reminders.service.js'
import { RemindersStore } from './asking/reminders.store.js'
import { RemindersTask } from './asking/reminders.task.js'
import { ReplacedLinkEntity } from './asking/replaced-link.entity.js'
import { RequestMailsService } from './asking/request-mails.service.js'
import { ReviewEscalationEntity } from './asking/review-escalation.entity.js'
import { ReviewRequestEntity } from './asking/review-request.entity.js'
import { ReviewSettingsController } from './asking/review-settings.controller.js'
import { ReviewSettingsEntity } from './asking/review-settings.entity.js'
import { ReviewSettingsService } from './asking/review-settings.service.js'
import { ReviewSettingsStore } from './asking/review-settings.store.js'
import { SubmissionService } from './asking/submission.service.js'
import { ExpiryService } from './expiry.service.js'
import { LateService } from './late.service.js'
import { LateTask } from './late.task.js'
import { LivePostsStore } from './live-posts.store.js'
import { LostApprovalsService } from './lost-approvals.service.js'
import { AnsweringService } from './page/answering.service.js'
import { CodesService } from './page/codes.service.js'
import { ProofsService } from './page/proofs.service.js'
import { ReviewAccessService } from './page/review-access.service.js'
import { ReviewLinkController } from './page/review-link.controller.js'
import { ReviewPassesService } from './page/review-passes.service.js'
import { ReviewPicturesService } from './page/review-pictures.service.js'
import { ReviewRemarksService } from './page/review-remarks.service.js'
import { ReviewResponses } from './page/review-responses.service.js'
import { ReviewViewsService } from './page/review-views.service.js'
import { ReviewController } from './page/review.controller.js'
import { ReceiptsService } from './receipts.service.js'
import { ReviewDeviceEntity } from './review-device.entity.js'
import { ReviewsService } from './reviews.service.js'
import { ReviewsStore } from './reviews.store.js'
import { StandingNotices } from './standing-notices.service.js'
import { StandingService } from './standing.service.js'
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
