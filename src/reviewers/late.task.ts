import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { ExpiryService } from './expiry.service.js'
import { LateService } from './late.service.js'
import { LostApprovalsService } from './lost-approvals.service.js'

/** Looks every half minute for what could not go out in its slot. */
@Injectable()
export class LateTask {
  private running = false

  constructor(
    private readonly late: LateService,
    private readonly lost: LostApprovalsService,
    private readonly expiry: ExpiryService,
  ) {}

  @Interval('late', 30_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.expiry.endUseless()
      await this.lost.lookSoon()
      await this.late.moveSilenced()
      await this.late.moveLate()
    } finally {
      this.running = false
    }
  }
}
