import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { FacebookAdapter } from './facebook.adapter.js'

/** Facebook, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: FacebookAdapter,
      useFactory: ({ privateHosts, facebookApiUrl: apiUrl, facebookSiteUrl: siteUrl }: Config, clock: Clock) => {
        const hosts = privateHosts.split(',').map((host) => host.trim())
        return new FacebookAdapter(new Outward({ privateHosts: hosts }), clock, { apiUrl, siteUrl })
      },
      inject: [Config, Clock],
    },
  ],
  exports: [FacebookAdapter],
})
export class FacebookModule {}
