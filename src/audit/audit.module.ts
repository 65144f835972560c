import { Global, Module } from '@nestjs/common'

import { AuditLog } from './audit-log.service.js'
import { AuditStore } from './audit.store.js'

@Global()
@Module({ providers: [AuditLog, AuditStore], exports: [AuditLog, AuditStore] })
export class AuditModule {}
