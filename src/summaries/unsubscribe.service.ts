import { Injectable } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { DomainError } from '../kernel/domain-error.js'
import { SummariesStore } from './summaries.store.js'
import { readUnsubscribeToken } from './unsubscribe-token.js'

/** Stops the weekly summary by the link in a mail, without signing in (RFC 8058). */
@Injectable()
export class UnsubscribeService {
  constructor(
    private readonly store: SummariesStore,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** Whose mails the token would stop, or null for a token that nobody was given. Changes nothing. */
  async look(token: string): Promise<{ groupId: string; memberId: string; groupName: string; email: string } | null> {
    const { secret, secretPrevious } = this.config
    const ids = readUnsubscribeToken([secret, ...(secretPrevious ? [secretPrevious] : [])], token)
    if (ids === null) return null
    try {
      const group = await this.groups.get(ids.groupId)
      const { email } = await this.members.get(ids.groupId, ids.memberId)
      return { ...ids, groupName: group.name, email }
    } catch (error) {
      if (error instanceof DomainError) return null
      throw error
    }
  }

  /** Admins too: who wants no mails gets none. A second time changes nothing. @returns the group's name, or null as `look` */
  async stop(token: string): Promise<string | null> {
    const found = await this.look(token)
    if (found === null) return null
    const { groupId, memberId, groupName } = found
    await this.transaction.run(async (manager) => {
      if (!(await this.store.stop(manager, groupId, memberId))) return
      await this.audit.append(manager, groupId, { kind: 'member-changed', memberId, by: memberId, getsSummary: false })
    })
    return groupName
  }
}
