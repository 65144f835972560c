import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { LogWatchService } from './log-watch.service.js'

/** Looks every ten minutes for groups whose night has come. */
@Injectable()
export class LogWatchTask {
  private running = false

  constructor(private readonly watch: LogWatchService) {}

  @Interval('log-watch', 10 * 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.watch.checkDue()
    } finally {
      this.running = false
    }
  }
}
