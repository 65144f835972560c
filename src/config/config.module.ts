import { type DynamicModule, Global, Module } from '@nestjs/common'

import { Clock, SystemClock } from '../kernel/clock.js'
import { Sealing } from '../kernel/sealing.js'
import { Config } from './config.js'

/** Hands the settings, the clock and the sealing of secrets to every feature. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: Config, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: Sealing, useValue: new Sealing(config.secret, config.secretPrevious) },
      ],
      exports: [Config, Clock, Sealing],
    }
  }
}
