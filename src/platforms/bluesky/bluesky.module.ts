import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { BlueskyAdapter } from './bluesky.adapter.js'

/** Bluesky, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: BlueskyAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        return new BlueskyAdapter(new Outward({ privateHosts }), clock)
      },
      inject: [Config, Clock],
    },
  ],
  exports: [BlueskyAdapter],
})
export class BlueskyModule {}
