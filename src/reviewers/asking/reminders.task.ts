import { Injectable, Logger } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { EscalationService } from './escalation.service.js'
import { RemindersService } from './reminders.service.js'

/** Looks every minute for who is to be reminded or asked next. Several processes may: each row is taken once. */
@Injectable()
export class RemindersTask {
  private readonly log = new Logger('Reminders')
  private running = false

  constructor(
    private readonly reminders: RemindersService,
    private readonly escalation: EscalationService,
  ) {}

  @Interval('review-reminders', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.reminders.remind()
      await this.escalation.escalate()
    } catch (error) {
      this.log.error({
        message: 'Reviewers could not be reminded',
        error: error instanceof Error ? error.stack : 'not an Error',
      })
    } finally {
      this.running = false
    }
  }
}
