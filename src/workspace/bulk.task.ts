import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Jobs } from '../database/jobs.js'
import { bulkJobs, BulkService } from './bulk.service.js'

/** Makes this process deal with requests for several posts. */
@Injectable()
export class BulkTask implements OnApplicationBootstrap {
  constructor(
    private readonly bulk: BulkService,
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'web') return
    await this.jobs.work(bulkJobs, (job) => this.bulk.work(job))
  }
}
