import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { Clock } from '../kernel/clock.js'
import { SummariesService } from './summaries.service.js'

/** Somewhere a week is over at a full hour, a half or a quarter, and never in between. */
const quarterMs = 15 * 60_000

/** Looks every quarter of an hour for weeks that are over and not summed up. */
@Injectable()
export class SummariesTask implements BeforeApplicationShutdown {
  private running: Promise<unknown> | null = null
  private stopping = false
  private lookedIn = 0

  constructor(
    private readonly summaries: SummariesService,
    private readonly clock: Clock,
  ) {}

  @Interval('summaries', 60_000)
  async run(): Promise<void> {
    const quarter = Math.floor(this.clock.now().toMillis() / quarterMs)
    if (this.stopping || this.running !== null || quarter === this.lookedIn) return
    this.running = this.summaries.finishDue(() => this.stopping)
    try {
      await this.running
      this.lookedIn = quarter
    } finally {
      this.running = null
    }
  }

  /** The group in hand is finished while there is a database; the others wait for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true
    await this.running?.catch(() => undefined)
  }
}
