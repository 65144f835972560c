import { Module } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { Outward } from '../outward.adapter.js'
import { ThreadsAdapter } from './threads.adapter.js'

/** Threads, reached through the guarded way out. */
@Module({
  providers: [
    {
      provide: ThreadsAdapter,
      useFactory: ({ privateHosts, threadsApiUrl: apiUrl, threadsSiteUrl: siteUrl }: Config, clock: Clock) => {
        const hosts = privateHosts.split(',').map((host) => host.trim())
        return new ThreadsAdapter(new Outward({ privateHosts: hosts }), clock, { apiUrl, siteUrl })
      },
      inject: [Config, Clock],
    },
  ],
  exports: [ThreadsAdapter],
})
export class ThreadsModule {}
