import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { PublishingService } from './publishing.service.js'

/** Looks every three seconds for what is due; stops claiming and lets sends finish when the process ends. */
@Injectable()
export class PublishingTask implements BeforeApplicationShutdown {
  private running = false

  constructor(private readonly publishing: PublishingService) {}

  @Interval('publishing', 3000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.publishing.runDue()
    } finally {
      this.running = false
    }
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.publishing.stop()
  }
}
