import { Injectable, type OnModuleInit } from '@nestjs/common'
import type { DateTime } from 'luxon'

import { SamplingService } from '../engagement/sampling.service.js'
import { RoleEndsService } from '../governance/role-ends.service.js'
import { ClockShift, type Happenings } from '../groups/clock-shift.service.js'
import { LateService } from '../reviewers/late.service.js'
import { PublishingService } from '../scheduler/publishing.service.js'
import { SummariesService } from '../summaries/summaries.service.js'
import { DemoStore } from './demo.store.js'

/** A slot has come when the database's clock has gone past it. */
const past = { seconds: 1 }

/** When somebody lets time pass, posts go out at their slots, and all is done before the answer comes. */
@Injectable()
export class PassingTime implements OnModuleInit, Happenings {
  constructor(
    private readonly shift: ClockShift,
    private readonly store: DemoStore,
    private readonly publishing: PublishingService,
    private readonly late: LateService,
    private readonly sampling: SamplingService,
    private readonly summaries: SummariesService,
    private readonly roleEnds: RoleEndsService,
  ) {}

  onModuleInit(): void {
    this.shift.fillWith(this)
  }

  async next(from: DateTime, to: DateTime): Promise<DateTime | null> {
    return (await this.store.nextSlot(from, to))?.plus(past) ?? null
  }

  async happen(): Promise<void> {
    await this.publishing.runDue()
    await this.late.moveLate()
    await this.sampling.sampleDue()
    await this.summaries.finishDue()
    await this.roleEnds.run()
  }
}
