import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { composeMail, type MailPart } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { PauseEntity } from './pause.entity.js'
import { StillnessStore } from './stillness.store.js'

/** One person pauses everything; two different people let it go on, which the database insists on too. */
@Injectable()
export class PausesService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: StillnessStore,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The pause in force. */
  current(groupId: string): Promise<PauseEntity | null> {
    return this.store.pause(this.transaction.manager, groupId)
  }

  /** Nothing is claimed from that moment on; what is on its way finishes. @throws DomainError `paused-already` */
  async pause(acting: ActingMember, reason: string | null): Promise<void> {
    try {
      await this.transaction.run(async (manager) => {
        const id = newId(this.clock.now().toMillis())
        await this.store.insertPause(manager, {
          groupId: acting.groupId,
          id,
          pausedBy: acting.memberId,
          pausedAt: this.clock.now(),
          reason,
          releaseAskedBy: null,
          releaseAskedAt: null,
          releasedBy: null,
          releasedAt: null,
        })
        await this.tell(manager, acting, 'everything-paused', `${acting.name} paused everything`, [
          `${acting.name} has paused ${acting.group.name}: from now on nothing goes out, on any channel. What was being sent at that moment may still appear.`,
          ...(reason === null ? [] : [`The reason given: “${reason}”`]),
          'Two people together let it go on: one asks, another confirms.',
        ])
        await this.audit.append(manager, acting.groupId, {
          kind: 'everything-paused',
          pause: id,
          member: acting.memberId,
        })
      })
    } catch (error) {
      if (brokenConstraint(error) !== 'pauses_one_at_a_time') throw error
      throw new DomainError('paused-already', 'Everything is paused already. Nothing goes out.', 'conflict')
    }
  }

  /**
   * Lets publishing go on: the first person asks, a second one confirms.
   * @throws DomainError `not-paused`, `second-person`
   */
  async release(acting: ActingMember): Promise<void> {
    await this.transaction.run(async (manager) => {
      const pause = await this.store.lockPause(manager, acting.groupId)
      if (!pause)
        throw new DomainError('not-paused', 'Nothing is paused here any more. Load the page again.', 'conflict')
      const asked = pause.releaseAskedBy
      if (asked === null || !(await this.isActive(manager, acting.groupId, asked)))
        return this.ask(manager, acting, pause)
      if (await this.members.areOne(acting.groupId, asked, acting.memberId, manager)) {
        throw new DomainError(
          'second-person',
          'You asked for this yourself; somebody else has to confirm it.',
          'forbidden',
        )
      }
      await this.store.updatePause(manager, pause, { releasedBy: acting.memberId, releasedAt: this.clock.now() })
      const first = await this.members.get(acting.groupId, asked, manager)
      await this.tell(manager, acting, 'everything-released', 'publishing goes on', [
        `${first.name} and ${acting.name} let publishing go on. What is still in its time goes out, with the usual room between posts.`,
        'What missed its time gets the next free one; what had an exact time waits for a new one among what needs attention.',
      ])
      await this.audit.append(manager, acting.groupId, {
        kind: 'everything-released',
        pause: pause.id,
        asked,
        member: acting.memberId,
      })
    })
  }

  private async ask(manager: EntityManager, acting: ActingMember, pause: PauseEntity): Promise<void> {
    await this.store.updatePause(manager, pause, {
      releaseAskedBy: acting.memberId,
      releaseAskedAt: this.clock.now(),
    })
    await this.tell(manager, acting, 'release-asked', `${acting.name} asks to go on publishing`, [
      `${acting.name} asks to let publishing go on. Somebody else has to confirm it; until then nothing goes out.`,
    ])
    await this.audit.append(manager, acting.groupId, {
      kind: 'release-asked',
      pause: pause.id,
      member: acting.memberId,
    })
  }

  private async isActive(manager: EntityManager, groupId: string, memberId: string): Promise<boolean> {
    return (await this.members.get(groupId, memberId, manager)).status === 'active'
  }

  private async tell(
    manager: EntityManager,
    acting: ActingMember,
    kind: string,
    what: string,
    sentences: readonly string[],
  ): Promise<void> {
    const subject = `${acting.group.name}: ${what}`
    const parts: MailPart[] = [
      ...sentences.map((text) => ({ kind: 'text' as const, text })),
      { kind: 'button', label: 'Open the queue', href: `${this.config.publicOrigin}/g/${acting.group.slug}/queue` },
    ]
    for (const admin of await this.members.activeWith(acting.groupId, 'admin', manager)) {
      await this.mailer.enqueue(manager, {
        groupId: acting.groupId,
        personId: admin.personId,
        to: admin.email,
        kind,
        subject,
        ...composeMail(parts, { title: subject, groupName: acting.group.name }),
        thread: `pause-${acting.groupId}`,
      })
    }
  }
}
