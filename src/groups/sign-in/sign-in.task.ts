import { Injectable, Logger } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { Config } from '../../config/config.js'
import { ClockShift } from '../clock-shift.service.js'
import { SignInService } from './sign-in.service.js'

/** What has to be looked after while the process runs: the demonstration's clock, and links and sessions that ran out. */
@Injectable()
export class SignInTask {
  private readonly log = new Logger('SignInTask')

  constructor(
    private readonly shift: ClockShift,
    private readonly signIn: SignInService,
    private readonly config: Config,
  ) {}

  @Interval(60_000)
  async readClock(): Promise<void> {
    if (!this.config.production) await this.guard('read the clock', this.shift.refresh())
  }

  @Interval(60 * 60_000)
  async sweep(): Promise<void> {
    await this.guard('remove old sessions', this.signIn.sweep())
  }

  private async guard(what: string, work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) =>
      this.log.warn({ message: `Could not ${what}; trying again later`, error: String(error) }),
    )
  }
}
