import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { InstagramAdapter } from './instagram.adapter.js'

/** Instagram, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: InstagramAdapter,
      useFactory: (config: Config, clock: Clock) => {
        const privateHosts = config.privateHosts.split(',').map((host) => host.trim())
        return new InstagramAdapter(new Outward({ privateHosts }), clock, {
          apiUrl: config.instagramApiUrl,
          tokenUrl: config.instagramTokenUrl,
          siteUrl: config.instagramSiteUrl,
          facebookApiUrl: config.facebookApiUrl,
          facebookSiteUrl: config.facebookSiteUrl,
        })
      },
      inject: [Config, Clock],
    },
  ],
  exports: [InstagramAdapter],
})
export class InstagramModule {}
