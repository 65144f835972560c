import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { Clock } from '../kernel/clock.js'
import { SummariesService } from './summaries.service.js'

/** Somewhere a week is over at a full hour, a half or a quarter, and never in between. */
const quarterMs = 15 * 60_000

/** Looks every quarter of an hour for weeks that are over and not summed up. */
@Injectable()
export class SummariesTask {
  private running = false
  private lookedIn = 0

  constructor(
    private readonly summaries: SummariesService,
    private readonly clock: Clock,
  ) {}

  @Interval('summaries', 60_000)
  async run(): Promise<void> {
    const quarter = Math.floor(this.clock.now().toMillis() / quarterMs)
    if (this.running || quarter === this.lookedIn) return
    this.running = true
    try {
      await this.summaries.finishDue()
      this.lookedIn = quarter
    } finally {
      this.running = false
    }
  }
}
