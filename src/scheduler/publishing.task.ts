import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { PublishingService } from './publishing.service.js'

/** A network that takes its time holds up one of these rounds, and not the posts of everybody else. */
const mostRounds = 4

/** Looks every three seconds for what is due; stops claiming and lets sends finish when the process ends. */
@Injectable()
export class PublishingTask implements BeforeApplicationShutdown {
  private rounds = 0

  constructor(private readonly publishing: PublishingService) {}

  @Interval('publishing', 3000)
  async run(): Promise<void> {
    if (this.rounds >= mostRounds) return
    this.rounds += 1
    try {
      await this.publishing.runDue()
    } finally {
      this.rounds -= 1
    }
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.publishing.stop()
  }
}
