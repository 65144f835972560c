import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { SamplingService } from './sampling.service.js'

/** Looks every five minutes for counters to read. */
@Injectable()
export class SamplingTask {
  private running = false

  constructor(private readonly sampling: SamplingService) {}

  @Interval('sampling', 300_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.sampling.sampleDue()
    } finally {
      this.running = false
    }
  }
}
