import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { ActingMember } from './acting-member.js'
import { MembersService } from './members.service.js'
import { MembersStore } from './members.store.js'
import { PeopleStore } from './people.store.js'
import { Rechecks } from './rechecks.service.js'
import { type Belonging, SamePersonStore } from './same-person.store.js'

/**
 * Says that two sign-ins are one human being: from then on they count as one wherever a second person is asked for.
 * It gives nobody any access, takes approvals away and never adds one, and is not undone.
 */
@Injectable()
export class SamePersonService {
  constructor(
    private readonly store: SamePersonStore,
    private readonly people: PeopleStore,
    private readonly members: MembersService,
    private readonly membersStore: MembersStore,
    private readonly rechecks: Rechecks,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
  ) {}

  /**
   * By an admin, about two members of their group who are known nowhere else: what one group finds out must not
   * change who counts in another.
   * @throws DomainError `one-already`, `known-elsewhere`, `last-admins`, `no-such-member`
   */
  async mergeMembers(acting: ActingMember, memberId: string, sameAsId: string): Promise<void> {
    const groups = await this.transaction.run(async (manager) => {
      const member = await this.members.get(acting.groupId, memberId, manager)
      const other = await this.members.get(acting.groupId, sameAsId, manager)
      return this.merge(manager, member, other, acting)
    })
    await this.rechecks.run(...groups)
  }

  /** By whoever runs the installation, by address. @throws DomainError `no-such-person`, `one-already`, `last-admins` */
  async mergeByEmail(email: string, sameAsEmail: string): Promise<void> {
    const groups = await this.transaction.run(async (manager) => {
      const [one, other] = [await this.known(manager, email), await this.known(manager, sameAsEmail)]
      return this.merge(manager, one, other, null)
    })
    await this.rechecks.run(...groups)
  }

  /** @returns the groups in which they count as one from now on */
  private async merge(
    manager: EntityManager,
    one: { personId: string; name: string },
    other: { personId: string; name: string },
    acting: ActingMember | null,
  ): Promise<string[]> {
    const root = await this.store.rootOf(manager, one.personId)
    const sameAs = await this.store.rootOf(manager, other.personId)
    if (root === sameAs)
      throw new DomainError('one-already', `${one.name} and ${other.name} count as one person already.`, 'conflict')
    const belongings = await this.store.belongings(manager, [root, sameAs])
    const groups = [...new Set(belongings.map((each) => each.groupId))]
    if (acting && groups.some((each) => each !== acting.groupId)) {
      throw new DomainError(
        'known-elsewhere',
        `${one.name} or ${other.name} is known outside ${acting.group.name} too, so this cannot be said from here. Ask whoever runs this installation: the command is person:merge.`,
        'conflict',
      )
    }
    for (const groupId of groups) await this.membersStore.lockJoining(manager, groupId)
    try {
      await this.store.link(manager, root, sameAs)
    } catch (error) {
      const constraint = brokenConstraint(error)
      if (constraint !== 'people_two_admins' && constraint !== 'members_two_admins') throw error
      throw new DomainError(
        'last-admins',
        `${one.name} and ${other.name} are the only two admins of a group, and a group keeps two. Make somebody else an admin first.`,
        'conflict',
      )
    }
    await this.tell(manager, belongings)
    const by = acting?.memberId ?? null
    for (const { groupId, memberId } of belongings) {
      await this.audit.append(manager, groupId, { kind: 'people-merged', memberId, by })
    }
    return groups
  }

  /** Once to each address: a mistake is noticed by those whom it is about. */
  private async tell(manager: EntityManager, belongings: readonly Belonging[]): Promise<void> {
    const addresses = [...new Map(belongings.map((each) => [each.email, each])).values()]
    const names = [...new Set(addresses.map((each) => `${each.name} (${each.email})`))].join(' and ')
    const subject = 'Two sign-ins count as one person now'
    for (const { personId, email, groupId } of addresses) {
      const parts = [
        { kind: 'text', text: `From now on Seconder counts ${names} as one person.` },
        {
          kind: 'text',
          text: 'Each of them signs in as before. What one of them wrote, the other does not approve. If this is wrong, tell an admin of your group.',
        },
      ] as const
      await this.mailer.enqueue(manager, {
        groupId,
        personId,
        to: email,
        kind: 'people-merged',
        subject,
        ...composeMail(parts, {
          title: subject,
          groupName: 'Seconder',
          footer: 'Sent because it is about your sign-in.',
        }),
      })
    }
  }

  private async known(manager: EntityManager, email: string): Promise<{ personId: string; name: string }> {
    const person = await this.people.findByEmail(manager, email.trim().toLowerCase())
    if (person) return { personId: person.id, name: person.name }
    throw new DomainError('no-such-person', `Nobody here has the address "${email}".`, 'not-found')
  }
}
