import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { ExpiryService } from './expiry.service.js'
import { LateService } from './late.service.js'
import { LostApprovalsService } from './lost-approvals.service.js'

/** Looks every minute for what could not go out in its slot; more rarely for approvals that were lost unnoticed. */
@Injectable()
export class LateTask {
  private running = false

  constructor(
    private readonly late: LateService,
    private readonly lost: LostApprovalsService,
    private readonly expiry: ExpiryService,
  ) {}

  @Interval('late', 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.expiry.endUseless()
      await this.late.moveSilenced()
      await this.late.moveLate()
    } finally {
      this.running = false
    }
  }

  /** The net under those who say what they changed, and under the gate, which finds it in any case. */
  @Interval('lost-approvals', 5 * 60_000)
  lookForLostApprovals(): Promise<void> {
    return this.lost.lookSoon()
  }
}
