import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { KeepingService } from './keeping.service.js'

/** Looks every minute: some tokens are good for two hours only, and a renewal may need a second try. */
@Injectable()
export class KeepingTask {
  private running = false

  constructor(private readonly keeping: KeepingService) {}

  @Interval('keeping-channels', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.keeping.run()
    } finally {
      this.running = false
    }
  }
}
