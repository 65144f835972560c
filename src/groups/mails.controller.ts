import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common'

import { MailsService } from '../mail/mails.service.js'
import type { ActingMember } from './acting-member.js'
import { Acting, ForRoles, GroupGuard } from './group.guard.js'
import { GroupMail } from './mails.dto.js'

/** What became of the group's mails; for its admins. */
@Controller('api/groups/:groupId/mails')
@UseGuards(GroupGuard)
@ForRoles('admin')
export class MailsController {
  constructor(private readonly mails: MailsService) {}

  @Get()
  list(@Acting() acting: ActingMember): Promise<GroupMail[]> {
    return this.mails.list(acting.groupId)
  }

  @Post(':mailId/retry')
  @HttpCode(200)
  retry(@Acting() acting: ActingMember, @Param('mailId', ParseUUIDPipe) mailId: string): Promise<GroupMail> {
    return this.mails.retry(acting.groupId, mailId)
  }
}
