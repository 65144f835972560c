import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { WebhookAdapter } from './webhook.adapter.js'

/** Receivers of signed posts, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: WebhookAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        return new WebhookAdapter(new Outward({ privateHosts }), clock)
      },
      inject: [Config, Clock],
    },
  ],
  exports: [WebhookAdapter],
})
export class WebhookModule {}
