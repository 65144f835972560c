import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { TellingService } from './telling.service.js'

/** Looks every minute for what was said too soon after the last mail. */
@Injectable()
export class TellingTask {
  private running = false

  constructor(private readonly telling: TellingService) {}

  @Interval('conversation', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.telling.tellDue()
    } finally {
      this.running = false
    }
  }
}
