import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { AftercareService } from './aftercare.service.js'

/** Somebody has a day to look at what was taken down: so many rounds come between two reminders. */
const roundsPerReminder = 10

/** Looks every minute for what a network did not take down at the first asking. */
@Injectable()
export class AftercareTask {
  private running = false
  private rounds = 0

  constructor(private readonly aftercare: AftercareService) {}

  @Interval('aftercare', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.aftercare.carryOutDue()
      if (this.rounds % roundsPerReminder === 0) await this.aftercare.remindDue()
      this.rounds += 1
    } finally {
      this.running = false
    }
  }
}
