import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common'
import { Interval, SchedulerRegistry } from '@nestjs/schedule'

import { Notices } from '../database/notices.js'
import { PublishingService } from './publishing.service.js'

/** The net under the timer and the notices: nothing waits longer than this for being noticed. */
const slowPollMs = 30_000
/** Rounds of one process at once. A network that takes its time holds up its own round, and not the next. */
const mostRounds = 4
const nextDue = 'next-due'

/**
 * Publishes when something falls due: by a timer set to the next such instant, when the database announces a change,
 * and every half minute in any case. Stops claiming and lets sends finish when the process ends.
 */
@Injectable()
export class PublishingTask implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('PublishingTask')
  private rounds = 0
  private again = false
  private stopped = false

  constructor(
    private readonly publishing: PublishingService,
    private readonly notices: Notices,
    // Not there in processes that do no recurring work.
    @Optional() private readonly timers?: SchedulerRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.timers) await this.notices.listen('seconder_due', () => void this.run())
  }

  @Interval('publishing', slowPollMs)
  async run(): Promise<void> {
    if (this.stopped) return
    if (this.rounds >= mostRounds) {
      this.again = true
      return
    }
    this.rounds += 1
    try {
      await this.publishing.runDue()
      await this.setTimer()
    } catch (error) {
      // The next look comes by itself; what was claimed is looked up when its lease is over.
      this.log.error({
        message: 'A round of publishing broke',
        error: error instanceof Error ? error.stack : 'unknown',
      })
    } finally {
      this.rounds -= 1
    }
    if (this.again) {
      this.again = false
      await this.run()
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true
    this.forgetTimer()
    await this.publishing.stop()
  }

  private async setTimer(): Promise<void> {
    const ms = await this.publishing.nextDueInMs()
    if (ms === null || ms >= slowPollMs || this.stopped || !this.timers) return
    this.forgetTimer()
    this.timers.addTimeout(
      nextDue,
      setTimeout(
        () => {
          this.forgetTimer()
          void this.run()
        },
        Math.max(ms, 0),
      ),
    )
  }

  private forgetTimer(): void {
    if (this.timers?.doesExist('timeout', nextDue)) this.timers.deleteTimeout(nextDue)
  }
}
