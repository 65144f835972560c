import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import type { Member } from '../groups/member.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { GovernanceStore } from './governance.store.js'
import { dayIn, dayInWords, daysBetween, isDay } from './role-end.js'

const longestDays = 366

/** Who is not asked to review before a day: by their own word, or an admin’s. What they say unasked counts as ever. */
@Injectable()
export class AbsencesService {
  constructor(
    private readonly store: GovernanceStore,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Who is away today, and from when they are asked again. */
  list(groupId: string): Promise<{ memberId: string; until: string }[]> {
    return this.store.away(this.transaction.manager, groupId)
  }

  /**
   * Asks nothing of a member before a day of the group; null: ask as usual.
   * @throws DomainError `not-yours`, `bad-day`, `no-such-member`
   */
  async set(acting: ActingMember, memberId: string, until: string | null): Promise<void> {
    if (memberId !== acting.memberId && !acting.roles.includes('admin')) {
      throw new DomainError(
        'not-yours',
        'Only they themselves or an admin can say when somebody is away. Ask an admin.',
        'forbidden',
      )
    }
    if (until !== null) this.checkDay(acting, until)
    await this.transaction.run(async (manager) => {
      const member = await this.members.get(acting.groupId, memberId, manager)
      if (until === null) {
        if (!(await this.store.removeAbsence(manager, acting.groupId, memberId))) return
      } else {
        const setAt = this.clock.now()
        await this.store.putAbsence(manager, {
          groupId: acting.groupId,
          memberId,
          until,
          setBy: acting.memberId,
          setAt,
        })
      }
      if (memberId !== acting.memberId && until !== null) await this.tell(manager, acting, member, until)
      await this.audit.append(manager, acting.groupId, {
        kind: until === null ? 'absence-ended' : 'absence-set',
        memberId,
        until,
        by: acting.memberId,
      })
    })
  }

  private checkDay(acting: ActingMember, until: string): void {
    const today = dayIn(acting.group.timeZone, this.clock.now())
    const days = isDay(until) ? daysBetween(today, until) : 0
    if (days >= 1 && days <= longestDays) return
    throw new DomainError('bad-day', `"${until}" is no day of the year that comes. Choose one from tomorrow on.`)
  }

  private async tell(manager: EntityManager, acting: ActingMember, member: Member, until: string): Promise<void> {
    const title = `You are not asked to review until ${dayInWords(until)}`
    const parts = [
      { kind: 'text', text: `Hello ${member.name},` },
      {
        kind: 'text',
        text: `${acting.name} has paused asking you to review for ${acting.group.name} until ${dayInWords(until)}, so that you have peace. Your roles stay as they are. If you would rather be asked, change it among the people of the group.`,
      },
      {
        kind: 'button',
        label: 'See the people of the group',
        href: `${this.config.publicOrigin}/g/${acting.group.slug}/settings/people`,
      },
    ] as const
    await this.mailer.enqueue(manager, {
      groupId: acting.groupId,
      personId: member.personId,
      to: member.email,
      kind: 'asking-paused',
      subject: title,
      ...composeMail(parts, { title, groupName: acting.group.name }),
    })
  }
}
