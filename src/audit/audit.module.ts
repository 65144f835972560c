import { Global, Module } from '@nestjs/common'

import { AuditLog } from './audit-log.service.js'
import { AuditStatesStore } from './audit-states.store.js'
import { AuditStore } from './audit.store.js'

@Global()
@Module({ providers: [AuditLog, AuditStore, AuditStatesStore], exports: [AuditLog, AuditStore, AuditStatesStore] })
export class AuditModule {}
