import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { KeepingService } from './keeping.service.js'

/** Consents end on a day: so many rounds come between two looks at them. */
const roundsPerLook = 10

/** Looks every minute: some tokens are good for two hours only, and a renewal may need a second try. */
@Injectable()
export class KeepingTask {
  private running = false
  private rounds = 0

  constructor(private readonly keeping: KeepingService) {}

  @Interval('keeping-channels', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.keeping.renewAndAsk()
      if (this.rounds % roundsPerLook === 0) await this.keeping.lookAtConsents()
      this.rounds += 1
    } finally {
      this.running = false
    }
  }
}
