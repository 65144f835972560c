import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import type { ActingMember } from './acting-member.js'
import { InvitationsService } from './invitations.service.js'
import { MemberChanges } from './member-changes.service.js'
import type { Member } from './member.js'
import { type Membership, MembersStore } from './members.store.js'
import { PeopleService } from './people.service.js'
import { Rechecks } from './rechecks.service.js'
import { inOrder, type MemberStatus, type Role } from './roles.js'

/** What an admin may change of a member. */
export interface MemberChange {
  readonly roles?: Role[]
  readonly status?: MemberStatus
  readonly getsSummary?: boolean
}

@Injectable()
export class MembersService {
  constructor(
    private readonly store: MembersStore,
    private readonly people: PeopleService,
    private readonly invitations: InvitationsService,
    private readonly changes: MemberChanges,
    private readonly rechecks: Rechecks,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Everybody who is or was in the group, by name. */
  list(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Member[]> {
    return this.store.list(manager, groupId)
  }

  /** @throws DomainError `no-such-member` */
  async get(groupId: string, memberId: string, manager: EntityManager = this.transaction.manager): Promise<Member> {
    return (await this.store.find(manager, groupId, memberId)) ?? noSuchMember()
  }

  /** Whether two members are one human being. */
  async areOne(
    groupId: string,
    one: string,
    other: string,
    manager: EntityManager = this.transaction.manager,
  ): Promise<boolean> {
    return one === other || this.store.areOne(manager, groupId, one, other)
  }

  /** The active members with this role, by name. */
  activeWith(groupId: string, role: Role, manager: EntityManager = this.transaction.manager): Promise<Member[]> {
    return this.store.activeWith(manager, groupId, role)
  }

  /** The member that this person is in the group, whatever the status; null when they are none. */
  ofPerson(
    groupId: string,
    personId: string,
    manager: EntityManager = this.transaction.manager,
  ): Promise<Member | null> {
    return this.store.ofPerson(manager, groupId, personId)
  }

  /** Where this person is an active member, with what is shown of each group. */
  membershipsOf(personId: string, manager: EntityManager = this.transaction.manager): Promise<Membership[]> {
    return this.store.membershipsOf(manager, personId)
  }

  /**
   * Makes somebody an active member, in the caller's transaction, without a mail. The person is made if need be.
   * @throws DomainError `already-member`
   */
  async add(
    manager: EntityManager,
    group: { id: string; name: string },
    given: { name: string; email: string; roles: readonly Role[]; getsSummary?: boolean },
    invitedBy: string | null = null,
  ): Promise<Member> {
    const person = await this.people.ensure(manager, given)
    const present = await this.store.ofPerson(manager, group.id, person.id)
    if (present) alreadyMember(present, group.name)
    const now = this.clock.now()
    const id = newId(now.toMillis())
    const roles = inOrder(given.roles)
    await this.store.insert(manager, {
      groupId: group.id,
      id,
      personId: person.id,
      roles,
      status: 'active',
      // Admins get the weekly summary unless they say otherwise; anybody may join.
      getsSummary: given.getsSummary ?? roles.includes('admin'),
      joinedAt: null,
      createdAt: now,
    })
    await this.audit.append(manager, group.id, {
      kind: 'member-added',
      memberId: id,
      personId: person.id,
      roles,
      by: invitedBy,
    })
    return this.get(group.id, id, manager)
  }

  /** Adds somebody and mails them an invitation. @throws DomainError `already-member` */
  invite(acting: ActingMember, given: { name: string; email: string; roles: readonly Role[] }): Promise<Member> {
    return this.transaction.run(async (manager) => {
      await this.store.lockJoining(manager, acting.groupId)
      const member = await this.add(manager, acting.group, given, acting.memberId)
      await this.invitations.mail(manager, acting, member)
      return member
    })
  }

  /**
   * Changes roles, status and mails of a member. A suspended member is shut out at once.
   * @throws DomainError `no-such-member`, `last-admins`
   */
  async change(acting: ActingMember, memberId: string, change: MemberChange): Promise<Member> {
    const changed = await this.transaction.run((manager) =>
      this.apply(manager, acting.group, memberId, change, acting.memberId),
    )
    await this.rechecks.run(acting.groupId)
    return changed
  }

  /**
   * The same in the caller's transaction, by a member or, with `by` null, because a date came.
   * @throws DomainError `no-such-member`, `last-admins`; the transaction is broken then
   */
  async apply(
    manager: EntityManager,
    group: { id: string; name: string },
    memberId: string,
    change: MemberChange,
    by: string | null,
  ): Promise<Member> {
    await this.store.lockJoining(manager, group.id)
    const before = await this.get(group.id, memberId, manager)
    const { status, getsSummary } = change
    const changed = {
      ...(change.roles === undefined ? {} : { roles: inOrder(change.roles) }),
      ...(status === undefined ? {} : { status }),
      ...(getsSummary === undefined ? {} : { getsSummary }),
    }
    if (Object.keys(changed).length === 0) return before
    try {
      await this.store.update(manager, group.id, memberId, changed)
    } catch (error) {
      if (brokenConstraint(error) === 'members_two_admins') lastAdmins(group.name)
      throw error
    }
    const after = await this.get(group.id, memberId, manager)
    if (changed.roles !== undefined || status !== undefined) await this.changes.run(manager, { before, after, by })
    await this.audit.append(manager, group.id, { kind: 'member-changed', memberId, by, ...changed })
    return after
  }
}

function lastAdmins(groupName: string): never {
  throw new DomainError(
    'last-admins',
    `${groupName} keeps at least two active admins, so that nobody can be locked out. Make somebody else an admin first.`,
    'conflict',
  )
}

function noSuchMember(): never {
  throw new DomainError('no-such-member', 'There is no such member in this group.', 'not-found')
}

function alreadyMember(member: Member, groupName: string): never {
  const wayOut =
    member.status === 'active'
      ? 'Change their roles in the list of people instead.'
      : 'Make them active again in the list of people.'
  throw new DomainError('already-member', `${member.email} is a member of ${groupName} already. ${wayOut}`, 'conflict')
}
