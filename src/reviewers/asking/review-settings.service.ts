import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../../audit/audit-log.service.js'
import { Transaction } from '../../database/transaction.js'
import type { ActingMember } from '../../groups/acting-member.js'
import { DomainError } from '../../kernel/domain-error.js'
import type { ReviewSettings } from './review-settings.js'
import { ReviewSettingsStore } from './review-settings.store.js'

/** How a group wants its reviewers to be asked: what stands in the mails, and when reminders may come. */
@Injectable()
export class ReviewSettingsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewSettingsStore,
    private readonly audit: AuditLog,
  ) {}

  get(groupId: string, manager: EntityManager = this.transaction.manager): Promise<ReviewSettings> {
    return this.store.get(manager, groupId)
  }

  /** @throws DomainError `waking-hours` */
  async change(acting: ActingMember, change: Partial<ReviewSettings>): Promise<ReviewSettings> {
    return this.transaction.run(async (manager) => {
      const before = await this.get(acting.groupId, manager)
      const after: ReviewSettings = {
        mailContent: change.mailContent ?? before.mailContent,
        wakingFrom: change.wakingFrom ?? before.wakingFrom,
        wakingUntil: change.wakingUntil ?? before.wakingUntil,
      }
      if (after.wakingFrom >= after.wakingUntil) {
        throw new DomainError(
          'waking-hours',
          `Reminders cannot come between ${after.wakingFrom} and ${after.wakingUntil}: the first time has to be earlier in the day than the second.`,
        )
      }
      const names = (Object.keys(after) as (keyof ReviewSettings)[]).filter((name) => after[name] !== before[name])
      if (names.length === 0) return before
      await this.store.put(manager, acting.groupId, after)
      await this.audit.append(manager, acting.groupId, {
        kind: 'group-changed',
        memberId: acting.memberId,
        changed: names,
      })
      return after
    })
  }
}
