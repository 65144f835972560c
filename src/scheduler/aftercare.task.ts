import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { AftercareService } from './aftercare.service.js'

/** Looks every minute for what a network did not take down at the first asking. */
@Injectable()
export class AftercareTask {
  private running = false

  constructor(private readonly aftercare: AftercareService) {}

  @Interval('aftercare', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.aftercare.carryOutDue()
      await this.aftercare.remindDue()
    } finally {
      this.running = false
    }
  }
}
