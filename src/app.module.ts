import { type DynamicModule, Module } from '@nestjs/common'
import { ScheduleModule } from '@nestjs/schedule'

import { AuditModule } from './audit/audit.module.js'
import { ConfigModule } from './config/config.module.js'
import type { Config } from './config/config.js'
import { DatabaseModule } from './database/database.module.js'
import { HealthModule } from './health/health.module.js'
import { HttpEdgeModule } from './http/http-edge.module.js'
import type { Clock } from './kernel/clock.js'

/** The composition root: the only file that knows every feature. */
@Module({})
export class AppModule {
  static with(config: Config, databaseUrl: string, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config, clock),
        DatabaseModule.at(databaseUrl),
        ScheduleModule.forRoot(),
        HttpEdgeModule,
        AuditModule,
        HealthModule,
      ],
    }
  }
}
