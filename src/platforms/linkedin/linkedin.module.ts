import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { LinkedInAdapter } from './linkedin.adapter.js'

/** LinkedIn, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: LinkedInAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        const hosts = { api: config.linkedinApiUrl, site: config.linkedinSiteUrl, version: config.linkedinVersion }
        return new LinkedInAdapter(new Outward({ privateHosts }), clock, hosts)
      },
      inject: [Config, Clock],
    },
  ],
  exports: [LinkedInAdapter],
})
export class LinkedInModule {}
