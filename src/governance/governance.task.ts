import { Injectable } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { RoleEndsService } from './role-ends.service.js'

/** Looks every five minutes for roles that end: days begin at other times in other zones. */
@Injectable()
export class GovernanceTask {
  private running = false

  constructor(private readonly roleEnds: RoleEndsService) {}

  @Interval('role-ends', 5 * 60_000)
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.roleEnds.run()
    } finally {
      this.running = false
    }
  }
}
