import { type DynamicModule, Global, Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'
import { DataSource } from 'typeorm'

import { dataSourceOptions } from './data-source.js'
import { DatabaseAddress } from './database-address.js'
import { Jobs } from './jobs.js'
import type { DatabaseAddresses } from './migrate.js'
import { Notices } from './notices.js'
import { RetentionService } from './retention.service.js'
import { RetentionTask } from './retention.task.js'
import { Transaction } from './transaction.js'

/** The connection to PostgreSQL. Features add their entities with `TypeOrmModule.forFeature`. */
@Global()
@Module({})
export class DatabaseModule {
  static at({ url, ownerUrl = url, directUrl = url }: DatabaseAddresses): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(url), autoLoadEntities: true, retryAttempts: 3 })],
      providers: [
        Transaction,
        Jobs,
        { provide: Notices, useFactory: (source: DataSource) => new Notices(source, directUrl), inject: [DataSource] },
        RetentionService,
        RetentionTask,
        { provide: DatabaseAddress, useValue: new DatabaseAddress(ownerUrl) },
      ],
      exports: [Transaction, Jobs, Notices],
    }
  }
}
