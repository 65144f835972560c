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
/** What somebody had locked is free again in a moment; doubled while nothing of it could be sent. */
const firstAgainMs = 250
const nextDue = 'next-due'

/**
 * Publishes when something falls due: by a timer set to the next such instant, soon again when somebody had it locked,
 * when the database announces a change, and every half minute in any case. Stops claiming and lets sends finish when
 * the process ends.
 */
@Injectable()
export class PublishingTask implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('PublishingTask')
  private rounds = 0
  private again = false
  private againMs = firstAgainMs
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
      const sent = await this.publishing.runDue()
      await this.setTimer(sent > 0)
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

  private async setTimer(hasSent: boolean): Promise<void> {
    if (this.stopped) return
    const { ms: dueMs, isLeft } = await this.publishing.next()
    const againMs = isLeft ? this.againMs : slowPollMs
    this.againMs = isLeft && !hasSent ? Math.min(this.againMs * 2, slowPollMs) : firstAgainMs
    const ms = Math.min(dueMs ?? slowPollMs, againMs)
    if (ms >= slowPollMs || this.stopped || !this.timers) return
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
