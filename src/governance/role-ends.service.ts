import { Injectable, Logger, type OnModuleInit } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { MemberChanges } from '../groups/member-changes.service.js'
import type { Member } from '../groups/member.js'
import { MembersService } from '../groups/members.service.js'
import { MembersStore } from '../groups/members.store.js'
import { Rechecks } from '../groups/rechecks.service.js'
import type { Role } from '../groups/roles.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail, type MailPart } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { RoleEndEntity } from './role-end.entity.js'
import { dayIn, dayInWords, daysBetween, isDay, isOver, reminderDue } from './role-end.js'
import { RoleEndsStore } from './role-ends.store.js'

const longestDays = 3660
const asRole: Record<Role, string> = { admin: 'an admin', editor: 'an editor', reviewer: 'a reviewer' }

/** Roles that end with a day: reminders before, the end itself, and the two admins who stay whatever was set. */
@Injectable()
export class RoleEndsService implements OnModuleInit {
  private readonly log = new Logger('RoleEnds')

  constructor(
    private readonly store: RoleEndsStore,
    private readonly members: MembersService,
    private readonly people: MembersStore,
    private readonly changes: MemberChanges,
    private readonly rechecks: Rechecks,
    private readonly groups: GroupsService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** A role that is taken away has no end any more: given again, it is given without one. */
  onModuleInit(): void {
    this.changes.add(async (manager, { before, after }) => {
      const lost = before.roles.filter((role) => !after.roles.includes(role))
      if (lost.length > 0) await this.store.remove(manager, after.groupId, after.id, lost)
    })
  }

  list(groupId: string): Promise<RoleEndEntity[]> {
    return this.store.list(this.transaction.manager, groupId)
  }

  /**
   * Sets the last day of a role; null takes the end away.
   * @throws DomainError `no-such-member`, `role-not-held`, `bad-day`, `last-admins`
   */
  async set(acting: ActingMember, memberId: string, role: Role, endsOn: string | null): Promise<void> {
    if (endsOn !== null) this.checkDay(acting.group, endsOn)
    await this.transaction.run(async (manager) => {
      await this.people.lockJoining(manager, acting.groupId)
      const member = await this.members.get(acting.groupId, memberId, manager)
      if (!member.roles.includes(role)) {
        throw new DomainError(
          'role-not-held',
          `${member.name} is not ${asRole[role]}, so that role cannot end. Give it to them first.`,
          'conflict',
        )
      }
      if (endsOn === null) await this.store.remove(manager, acting.groupId, memberId, [role])
      else await this.put(manager, acting, member, role, endsOn)
      await this.audit.append(manager, acting.groupId, {
        kind: 'role-end-set',
        memberId,
        role,
        endsOn,
        by: acting.memberId,
      })
    })
  }

  /** Reminds and ends what is due. Any number of processes may do it at once: each row is taken by one. */
  async run(): Promise<void> {
    for (const { groupId, memberId, role } of await this.store.near(this.transaction.manager)) {
      // One that breaks must not keep the others waiting.
      await this.runOne(groupId, memberId, role).catch((error: unknown) =>
        this.log.error({
          message: 'A role could not be ended or reminded of',
          group: groupId,
          member: memberId,
          role,
          error: error instanceof Error ? error.stack : 'not an Error',
        }),
      )
    }
  }

  private async runOne(groupId: string, memberId: string, role: Role): Promise<void> {
    let hasEnded = false
    try {
      await this.locked(groupId, memberId, role, async (manager, group, end, member) => {
        hasEnded = isOver(end.endsOn, dayIn(group.timeZone, this.clock.now()))
        if (hasEnded) await this.end(manager, group, end, member)
        else await this.remind(manager, group, end, member)
      })
      if (hasEnded) await this.rechecks.run(groupId)
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'last-admins') throw error
      await this.locked(groupId, memberId, role, (manager, group, end, member) =>
        this.keep(manager, group, end, member),
      )
    }
  }

  private locked(
    groupId: string,
    memberId: string,
    role: Role,
    work: (manager: EntityManager, group: Group, end: RoleEndEntity, member: Member) => Promise<void>,
  ): Promise<void> {
    return this.transaction.run(async (manager) => {
      await this.people.lockJoining(manager, groupId)
      const end = await this.store.lock(manager, groupId, memberId, role)
      if (!end) return
      await work(
        manager,
        await this.groups.get(groupId, manager),
        end,
        await this.members.get(groupId, memberId, manager),
      )
    })
  }

  private async end(manager: EntityManager, group: Group, end: RoleEndEntity, member: Member): Promise<void> {
    const roles = member.roles.filter((role) => role !== end.role)
    await this.members.apply(manager, group, member.id, { roles }, null)
    await this.mail(manager, group, member, {
      kind: 'role-ended',
      title: `${member.name} is no longer ${asRole[end.role]}`,
      text: `As agreed, ${member.name}’s time as ${asRole[end.role]} of ${group.name} ended with ${dayInWords(end.endsOn)}. Thank you for doing it.`,
      wayOut: 'If it should go on, an admin can give the role again.',
    })
    await this.audit.append(manager, group.id, {
      kind: 'role-ended',
      memberId: member.id,
      role: end.role,
      endsOn: end.endsOn,
    })
  }

  private async keep(manager: EntityManager, group: Group, end: RoleEndEntity, member: Member): Promise<void> {
    if (end.keptAt !== null) return
    await this.store.update(manager, end, { keptAt: this.clock.now() })
    await this.mail(manager, group, member, {
      kind: 'role-kept',
      title: `${member.name} stays an admin for now`,
      text: `${member.name}’s time as an admin of ${group.name} was to end with ${dayInWords(end.endsOn)}, but then fewer than two admins would be left, and somebody could be locked out. So ${member.name} keeps the role.`,
      wayOut: 'It ends as soon as somebody else is made an admin; or an admin takes the date away.',
    })
    await this.audit.append(manager, group.id, {
      kind: 'role-kept',
      memberId: member.id,
      role: end.role,
      endsOn: end.endsOn,
    })
  }

  private async remind(manager: EntityManager, group: Group, end: RoleEndEntity, member: Member): Promise<void> {
    const days = reminderDue({
      endsOn: end.endsOn,
      setOn: dayIn(group.timeZone, end.setAt),
      reminded: end.remindedDays,
      today: dayIn(group.timeZone, this.clock.now()),
    })
    if (days === null) return
    await this.store.update(manager, end, { remindedDays: days })
    await this.mail(manager, group, member, {
      kind: 'role-ends-soon',
      title: `${member.name} is ${asRole[end.role]} until ${dayInWords(end.endsOn)}`,
      text: `${member.name}’s time as ${asRole[end.role]} of ${group.name} ends with ${dayInWords(end.endsOn)}.`,
      wayOut: 'If that is right, nothing needs to be done. If it should go on, an admin can choose a later day.',
    })
  }

  private async put(
    manager: EntityManager,
    acting: ActingMember,
    member: Member,
    role: Role,
    endsOn: string,
  ): Promise<void> {
    try {
      await this.store.put(manager, {
        groupId: acting.groupId,
        memberId: member.id,
        role,
        endsOn,
        setBy: acting.memberId,
        setAt: this.clock.now(),
        remindedDays: null,
        keptAt: null,
      })
    } catch (error) {
      if (brokenConstraint(error) !== 'role_ends_two_admins') throw error
      throw new DomainError(
        'last-admins',
        `Behind ${member.name}, ${acting.group.name} needs two admins whose role has no end. Make somebody else an admin first, or take another end away.`,
        'conflict',
      )
    }
  }

  private checkDay(group: Group, endsOn: string): void {
    const today = dayIn(group.timeZone, this.clock.now())
    const days = isDay(endsOn) ? daysBetween(today, endsOn) : -1
    if (days >= 0 && days <= longestDays) return
    throw new DomainError(
      'bad-day',
      `"${endsOn}" is no day from today to ten years on. To end a role at once, take it away instead.`,
    )
  }

  /** To the person, while they are with the group, and to every admin. */
  private async mail(
    manager: EntityManager,
    group: Group,
    member: Member,
    said: { kind: string; title: string; text: string; wayOut: string },
  ): Promise<void> {
    const parts: MailPart[] = [
      { kind: 'text', text: said.text },
      { kind: 'text', text: said.wayOut },
      {
        kind: 'button',
        label: 'See the people of the group',
        href: `${this.config.publicOrigin}/g/${group.slug}/settings/people`,
      },
    ]
    const admins = await this.members.activeWith(group.id, 'admin', manager)
    const told = member.status === 'active' ? [member, ...admins.filter((each) => each.id !== member.id)] : admins
    for (const person of told) {
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: person.personId,
        to: person.email,
        kind: said.kind,
        subject: said.title,
        ...composeMail(parts, { title: said.title, groupName: group.name }),
      })
    }
  }
}
