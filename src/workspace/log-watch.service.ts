import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { AuditStatesStore } from '../audit/audit-states.store.js'
import { type AuditHead, type Verification } from '../audit/chain.js'
import { nightOf, readsWhole } from '../audit/night.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'

/** Checks the logs every night, keeps publishing back where one does not fit, and lets people let it go on. */
@Injectable()
export class LogWatchService {
  private readonly log = new Logger('LogWatch')

  constructor(
    private readonly audit: AuditLog,
    private readonly states: AuditStatesStore,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Checks every group whose night has come, once however many processes there are. @returns how many were checked */
  async checkDue(): Promise<number> {
    let checked = 0
    for (const group of await this.groups.all()) {
      const night = nightOf(this.clock.now(), group.timeZone)
      const mine = await this.transaction.run((manager) => this.states.takeNight(manager, group.id, night))
      if (!mine) continue
      await this.checkNightly(group, night).catch((error: unknown) =>
        // It stays this group's turn, ten minutes later; the others come now.
        this.log.error({
          message: 'A log could not be checked',
          group: group.id,
          error: error instanceof Error ? error.stack : 'not an Error',
        }),
      )
      checked += 1
    }
    return checked
  }

  /** Reads the whole log now, from where people last let it go on. */
  check(group: Group, by: string | null): Promise<Verification> {
    return this.read(group, { whole: true, by, night: null })
  }

  /**
   * Lets publishing go on after the log did not fit: one admin asks, another agrees.
   * @returns whether it goes on
   * @throws DomainError `log-whole`, `second-admin`
   */
  resume(acting: ActingMember, reason: string): Promise<boolean> {
    return this.transaction.run(async (manager) => {
      const { broken, resumeAskedBy } = await this.states.lock(manager, acting.groupId)
      if (broken === null) nothingToResume(acting.group.name)
      const erasable = { reason: { text: reason, personId: acting.personId } }
      if (resumeAskedBy === null) {
        await this.states.askToResume(manager, acting.groupId, acting.memberId)
        const event = { kind: 'restore-asked', member: acting.memberId, brokenAt: broken.seq } as const
        await this.audit.append(manager, acting.groupId, event, erasable)
        return false
      }
      if (await this.isSamePerson(manager, acting, resumeAskedBy)) {
        throw new DomainError(
          'second-admin',
          'You asked for this yourself. Another admin has to look at the log too, and agree.',
          'forbidden',
        )
      }
      await this.audit.append(
        manager,
        acting.groupId,
        { kind: 'restore', member: acting.memberId, asked: resumeAskedBy, brokenAt: broken.seq },
        erasable,
      )
      await this.states.resume(manager, acting.groupId, await this.audit.head(acting.groupId, manager))
      return true
    })
  }

  /** The same by whoever runs the server, alone. @throws DomainError `log-whole` */
  resumeAsOperator(group: Group, reason: string): Promise<AuditHead> {
    return this.transaction.run(async (manager) => {
      const { broken } = await this.states.lock(manager, group.id)
      if (broken === null) nothingToResume(group.name)
      const event = { kind: 'restore', member: null, asked: null, brokenAt: broken.seq } as const
      await this.audit.append(manager, group.id, event, { reason: { text: reason, personId: null } })
      const head = await this.audit.head(group.id, manager)
      await this.states.resume(manager, group.id, head)
      return head
    })
  }

  private async checkNightly(group: Group, night: string): Promise<void> {
    const { checkedWholeAt, broken } = await this.states.get(this.transaction.manager, group.id)
    const { seq } = await this.audit.head(group.id)
    await this.read(group, {
      whole: broken !== null || readsWhole(this.clock.now(), seq, checkedWholeAt),
      by: null,
      night,
    })
  }

  private async read(
    group: Group,
    how: { whole: boolean; by: string | null; night: string | null },
  ): Promise<Verification> {
    const { accepted, checked } = await this.states.get(this.transaction.manager, group.id)
    const found = await this.audit.verify(group.id, { from: how.whole ? accepted : checked })
    await this.transaction.run(async (manager) => {
      const { broken: before } = await this.states.lock(manager, group.id)
      if (how.night !== null) await this.states.endNight(manager, group.id, how.night)
      const who = { member: how.by, whole: how.whole }
      if (found.kind === 'whole') {
        await this.states.foundWhole(manager, group.id, found.head, how.whole)
        await this.audit.append(manager, group.id, { kind: 'log-verified', upTo: found.head.seq, ...who })
        return
      }
      const { brokenAt, reason } = found
      await this.states.foundBroken(manager, group.id, brokenAt, reason)
      if (before === null) {
        await this.tellAdmins(manager, group, brokenAt, reason)
        this.log.error({ message: 'A log was altered: publishing stands still', group: group.id, brokenAt, reason })
      }
      await this.audit.append(manager, group.id, { kind: 'log-found-broken', brokenAt, ...who })
    })
    return found
  }

  private async isSamePerson(manager: EntityManager, acting: ActingMember, memberId: string): Promise<boolean> {
    const other = await this.members.get(acting.groupId, memberId, manager)
    return this.states.isSamePerson(manager, other.personId, acting.personId)
  }

  private async tellAdmins(manager: EntityManager, group: Group, brokenAt: number, reason: string): Promise<void> {
    const subject = `The log of ${group.name} was altered: nothing is published`
    const page = `${this.config.publicOrigin}/g/${group.slug}/settings/log`
    const content = composeMail(
      [
        { kind: 'text', text: `The audit log does not fit from entry ${brokenAt} on: ${reason}.` },
        {
          kind: 'text',
          text: 'Somebody was in the database who went round Seconder, or it was damaged. Until people have looked, nothing of the group is published. Stopping posts and taking them down still work.',
        },
        {
          kind: 'text',
          text: 'Ask whoever runs the server what happened. When you know, two admins let it go on together, on the page of the log.',
        },
        { kind: 'button', label: 'Look at the log', href: page },
      ],
      { title: subject, groupName: group.name },
    )
    for (const admin of await this.members.activeWith(group.id, 'admin', manager)) {
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: admin.personId,
        to: admin.email,
        kind: 'log-broken',
        subject,
        ...content,
      })
    }
  }
}

function nothingToResume(groupName: string): never {
  throw new DomainError(
    'log-whole',
    `The log of ${groupName} does not keep anything back, so there is nothing to let go on.`,
    'conflict',
  )
}
