import { Body, Controller, Get, Patch, UseGuards } from '@nestjs/common'

import type { ActingMember } from '../../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../../groups/group.guard.js'
import { ReviewSettingsChangeDto, ReviewSettingsView } from './review-settings.dto.js'
import { ReviewSettingsService } from './review-settings.service.js'

/** What stands in the mails to reviewers, and when reminders may come. */
@Controller('api/groups/:groupId/review-settings')
@UseGuards(GroupGuard)
export class ReviewSettingsController {
  constructor(private readonly settings: ReviewSettingsService) {}

  @Get()
  get(@Acting() acting: ActingMember): Promise<ReviewSettingsView> {
    return this.settings.get(acting.groupId)
  }

  @Patch()
  @ForRoles('admin')
  change(@Acting() acting: ActingMember, @Body() change: ReviewSettingsChangeDto): Promise<ReviewSettingsView> {
    return this.settings.change(acting, change)
  }
}
