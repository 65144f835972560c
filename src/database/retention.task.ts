import { Injectable, Logger } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { RetentionService } from './retention.service.js'

/** Looks every hour for rows that are of no more use. In any number of processes: one of them does it. */
@Injectable()
export class RetentionTask {
  private readonly log = new Logger('RetentionTask')
  private running = false

  constructor(private readonly retention: RetentionService) {}

  @Interval('retention', 60 * 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.retention.retire()
    } catch (error) {
      this.log.warn({ message: 'Could not remove old rows; trying again in an hour', error: String(error) })
    } finally {
      this.running = false
    }
  }
}
