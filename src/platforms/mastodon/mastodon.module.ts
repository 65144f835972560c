import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { MastodonAdapter } from './mastodon.adapter.js'

/** Mastodon and compatible servers, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: MastodonAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        return new MastodonAdapter(new Outward({ privateHosts }), clock)
      },
      inject: [Config, Clock],
    },
  ],
  exports: [MastodonAdapter],
})
export class MastodonModule {}
