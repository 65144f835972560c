import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { LateService } from './late.service.js'

/** Looks every half minute for what could not go out in its slot. */
@Injectable()
export class LateTask {
  private running = false

  constructor(private readonly late: LateService) {}

  @Interval('late', 30_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.late.moveLate()
    } finally {
      this.running = false
    }
  }
}
