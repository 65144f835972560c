import { Body, Controller, Get, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common'
import { ApiProduces, ApiTags } from '@nestjs/swagger'
import type { Response } from 'express'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { StepUp } from '../groups/sign-in/step-up.guard.js'
import { Clock } from '../kernel/clock.js'
import { LogPageService } from './log-page.service.js'
import { LogWatchService } from './log-watch.service.js'
import { LogHold, LogPage, LogQuery, LogStanding, ResumeAnswer, ResumeInput } from './log.dto.js'

/** The audit log: for admins, but for whether it keeps publishing back, which everybody sees. */
@ApiTags('log')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/log')
export class LogController {
  constructor(
    private readonly pages: LogPageService,
    private readonly watch: LogWatchService,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ForRoles('admin')
  page(@Acting() acting: ActingMember, @Query() query: LogQuery): Promise<LogPage> {
    return this.pages.page(acting, query)
  }

  @Get('standing')
  @ForRoles('admin')
  standing(@Acting() acting: ActingMember): Promise<LogStanding> {
    return this.pages.standing(acting)
  }

  @Get('hold')
  hold(@Acting() acting: ActingMember): Promise<LogHold> {
    return this.pages.hold(acting)
  }

  /** Reads the whole log again, now. What was found is in the answer, and what follows from it has happened. */
  @Post('verify')
  @HttpCode(200)
  @ForRoles('admin')
  async verify(@Acting() acting: ActingMember): Promise<LogStanding> {
    await this.watch.check(acting.group, acting.memberId)
    return this.pages.standing(acting)
  }

  /** The log as a file, a line an entry, which `audit:verify --file` checks without the database. Written down first. */
  @Post('export')
  @HttpCode(200)
  @ForRoles('admin')
  @StepUp()
  @ApiProduces('application/x-ndjson')
  async export(@Acting() acting: ActingMember, @Res() response: Response): Promise<void> {
    const { group } = acting
    const { seq } = await this.audit.head(group.id)
    await this.transaction.run((manager) =>
      this.audit.append(manager, group.id, { kind: 'log-exported', member: acting.memberId, upTo: seq }),
    )
    const now = this.clock.now()
    response.type('application/x-ndjson')
    response.setHeader('Cache-Control', 'no-store')
    response.attachment(`${group.slug}-log-${now.toISODate() ?? ''}.ndjson`)
    await this.audit.export(group, now.toISO() ?? '', async (text) => {
      // Waits while the reader is slower than the database, but not for one that is gone.
      if (!response.write(text) && !response.closed) {
        await new Promise((go) => response.once('drain', go).once('close', go))
      }
    })
    response.end()
  }

  /** Lets publishing go on after the log did not fit. Two admins do it together. */
  @Post('resume')
  @HttpCode(200)
  @ForRoles('admin')
  @StepUp()
  async resume(@Acting() acting: ActingMember, @Body() { reason }: ResumeInput): Promise<ResumeAnswer> {
    return { goesOn: await this.watch.resume(acting, reason.trim()) }
  }
}
