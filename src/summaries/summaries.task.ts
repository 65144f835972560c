import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { SummariesService } from './summaries.service.js'

/** Looks every minute for weeks that are over and not summed up. */
@Injectable()
export class SummariesTask {
  private running = false

  constructor(private readonly summaries: SummariesService) {}

  @Interval('summaries', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.summaries.finishDue()
    } finally {
      this.running = false
    }
  }
}
