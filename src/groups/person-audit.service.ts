import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { AuditEvent } from '../audit/audit-event.js'
import { AuditLog } from '../audit/audit-log.service.js'
import { MembersStore } from './members.store.js'

/** What a person does with their own sign-in belongs to no group alone: it is noted in each that they are active in. */
@Injectable()
export class PersonAudit {
  constructor(
    private readonly members: MembersStore,
    private readonly audit: AuditLog,
  ) {}

  /** Call it last in the transaction, as `AuditLog.append`. */
  async append(manager: EntityManager, personId: string, event: AuditEvent): Promise<void> {
    const memberships = await this.members.membershipsOf(manager, personId)
    // By id, so that two at once lock the heads in the same order.
    for (const { groupId, memberId } of memberships.toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1))) {
      await this.audit.append(manager, groupId, { ...event, memberId })
    }
  }
}
