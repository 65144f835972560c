import { Injectable, type OnModuleInit } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { GroupFounding } from '../groups/group-founding.service.js'
import { GroupsStore } from '../groups/groups.store.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import type { CodeOfEthicsEntity } from './code-of-ethics.entity.js'
import { firstCode, longestCode, sizeOfCode, tidyCode } from './code-of-ethics.js'
import { GovernanceStore } from './governance.store.js'

/** The group's code of ethics, in versions. */
@Injectable()
export class EthicsService implements OnModuleInit {
  constructor(
    private readonly store: GovernanceStore,
    private readonly groups: GroupsStore,
    private readonly founding: GroupFounding,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Every group starts with one: a copy of its own, so that a later Seconder does not change what the group agreed. */
  onModuleInit(): void {
    this.founding.add((manager, group) =>
      this.store.insertCode(manager, {
        groupId: group.id,
        number: 1,
        text: firstCode,
        madeBy: null,
        madeAt: this.clock.now(),
      }),
    )
  }

  /** The code in force. */
  async current(groupId: string, manager: EntityManager = this.transaction.manager): Promise<CodeOfEthicsEntity> {
    const code = await this.store.code(manager, groupId)
    if (!code) throw new Error('A group has no code of ethics')
    return code
  }

  /** @throws DomainError `empty-code`, `code-too-long`, `code-changed` when somebody else changed it meanwhile */
  change(acting: ActingMember, given: { text: string; number: number }): Promise<void> {
    const text = tidyCode(given.text)
    if (text === '')
      throw new DomainError('empty-code', 'A code of ethics says something. Write at least one sentence.')
    const size = sizeOfCode(text)
    if (size > longestCode) {
      throw new DomainError(
        'code-too-long',
        `The code of ethics takes ${size} bytes; a review page has room for ${longestCode}. Say it more briefly, and reviewers will read it.`,
      )
    }
    return this.transaction.run(async (manager) => {
      await this.groups.lock(manager, acting.groupId)
      const before = await this.current(acting.groupId, manager)
      if (before.number !== given.number) {
        throw new DomainError(
          'code-changed',
          'Somebody else changed the code of ethics since you opened it. Look at theirs first; your text is still here.',
          'conflict',
        )
      }
      if (before.text === text) return
      const number = before.number + 1
      await this.store.insertCode(manager, {
        groupId: acting.groupId,
        number,
        text,
        madeBy: acting.memberId,
        madeAt: this.clock.now(),
      })
      await this.audit.append(manager, acting.groupId, { kind: 'code-of-ethics-changed', number, by: acting.memberId })
    })
  }
}
