import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { Config } from '../config/config.js'
import { SamplingService } from '../engagement/sampling.service.js'
import { Clock } from '../kernel/clock.js'
import { LateService } from '../reviewers/late.service.js'
import { PublishingService } from '../scheduler/publishing.service.js'
import { SummariesService } from '../summaries/summaries.service.js'

/** A jump of more than this many milliseconds was made by hand. */
const jump = 30_000

/** When somebody lets time pass in the demonstration, what is due by then happens at once and not at the next tick of each task. */
@Injectable()
export class DemoTicks {
  private last: number | null = null
  private running = false

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly publishing: PublishingService,
    private readonly late: LateService,
    private readonly sampling: SamplingService,
    private readonly summaries: SummariesService,
  ) {}

  @Interval('demo', 500)
  async run(): Promise<void> {
    if (!this.config.demo || this.config.production || this.running) return
    const now = this.clock.now().toMillis()
    const jumped = this.last !== null && now - this.last > jump
    this.last = now
    if (!jumped) return
    this.running = true
    try {
      await this.publishing.runDue()
      await this.late.moveLate()
      await this.sampling.sampleDue()
      await this.summaries.finishDue()
    } finally {
      this.running = false
    }
  }
}
