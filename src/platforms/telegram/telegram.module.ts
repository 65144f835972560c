import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { TelegramAdapter } from './telegram.adapter.js'

/** Telegram channels, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: TelegramAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        return new TelegramAdapter(new Outward({ privateHosts }), clock)
      },
      inject: [Config, Clock],
    },
  ],
  exports: [TelegramAdapter],
})
export class TelegramModule {}
