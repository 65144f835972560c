import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'

import { Config } from '../config/config.js'
import { Jobs } from '../database/jobs.js'
import { MailSender } from './mail-sender.service.js'
import { mailJobs } from './mailer.service.js'
import { MailsService } from './mails.service.js'

/** Makes this process send mails, when there is a mail server to send them through. */
@Injectable()
export class MailDelivery implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly mails: MailsService,
    private readonly sender: MailSender,
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.sender.ready || this.config.role === 'web') return
    await this.jobs.work(mailJobs, ({ mailId }) => this.sender.deliver(mailId), { concurrency: 2 })
    await this.mails.sweep()
  }

  onApplicationShutdown(): void {
    this.sender.close()
  }

  /** Every ten minutes, as a net under the jobs. */
  @Interval(10 * 60 * 1000)
  async tick(): Promise<void> {
    if (this.sender.ready) await this.mails.sweep()
  }
}
