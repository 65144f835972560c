import { Controller, Get, ServiceUnavailableException } from '@nestjs/common'
import { SkipThrottle } from '@nestjs/throttler'

import { Transaction } from '../database/transaction.js'

/** Whether the process lives, and whether it can serve. */
@SkipThrottle()
@Controller('health')
export class HealthController {
  constructor(private readonly transaction: Transaction) {}

  /** The process answers. */
  @Get('live')
  live(): { status: string } {
    return { status: 'alive' }
  }

  /** The database answers too. */
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    await this.transaction.manager.query('select 1').catch((cause: unknown) => {
      throw new ServiceUnavailableException('The database does not answer.', { cause })
    })
    return { status: 'ready' }
  }
}
