import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { XAdapter } from './x.adapter.js'

/** X, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: XAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        const hosts = { api: config.xApiUrl, authorize: config.xConsentUrl }
        return new XAdapter(new Outward({ privateHosts }), clock, hosts)
      },
      inject: [Config, Clock],
    },
  ],
  exports: [XAdapter],
})
export class XModule {}
