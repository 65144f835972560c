import { type DynamicModule, Global, Module } from '@nestjs/common'

import { Clock, SystemClock } from '../kernel/clock.js'
import { Config } from './config.js'

/** Hands the settings and the clock to every feature. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: Config, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: Clock, useValue: clock },
      ],
      exports: [Config, Clock],
    }
  }
}
