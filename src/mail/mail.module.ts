import { Global, Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { Config } from '../config/config.js'
import { MailDelivery } from './mail-delivery.task.js'
import { MailSender } from './mail-sender.service.js'
import { MailEntity } from './mail.entity.js'
import { MailboxController } from './mailbox.controller.js'
import { MailboxService } from './mailbox.service.js'
import { Mailer } from './mailer.service.js'
import { MailsService } from './mails.service.js'
import { MailsStore } from './mails.store.js'
import { SmtpAdapter } from './smtp.adapter.js'

/** The outbox: every feature puts its mails in through `Mailer`. Needs `ScheduleModule.forRoot()` at the root. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([MailEntity])],
  controllers: [MailboxController],
  providers: [
    {
      provide: SmtpAdapter,
      inject: [Config],
      useFactory: (config: Config) => new SmtpAdapter(config.smtpUrl, config.mailFrom, config.publicOrigin),
    },
    MailsStore,
    Mailer,
    MailSender,
    MailsService,
    MailboxService,
    MailDelivery,
  ],
  exports: [Mailer, MailsService],
})
export class MailModule {}
