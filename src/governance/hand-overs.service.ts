import { Injectable, type OnModuleInit } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { MemberChanges } from '../groups/member-changes.service.js'
import type { Member } from '../groups/member.js'
import { MembersService } from '../groups/members.service.js'
import { SignInStore } from '../groups/sign-in/sign-in.store.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { type HandOverItem, handOverItems } from './hand-over.js'
import { HandOversStore } from './hand-overs.store.js'
import { ManagersService } from './managers.service.js'

/** What somebody leaves behind, with what others have seen to. */
export interface HandOver {
  readonly member: Member
  /** Null: still a member; this is what they would leave behind. */
  readonly leftAt: DateTime | null
  readonly notes: string
  readonly items: readonly (HandOverItem & { readonly ticked: { readonly by: string; readonly at: DateTime } | null })[]
}

const longestWords = 60

/** Leaving: what is ended at once, and the list of what people have to see to. Nothing of it keeps anybody from leaving. */
@Injectable()
export class HandOversService implements OnModuleInit {
  constructor(
    private readonly store: HandOversStore,
    private readonly members: MembersService,
    private readonly managers: ManagersService,
    private readonly groups: GroupsService,
    private readonly signIn: SignInStore,
    private readonly changes: MemberChanges,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.changes.add(async (manager, { before, after }) => {
      if (before.status !== 'left' && after.status === 'left') await this.leave(manager, after)
    })
  }

  /** @throws DomainError `no-such-member` */
  async of(groupId: string, memberId: string): Promise<HandOver> {
    const { manager } = this.transaction
    const member = await this.members.get(groupId, memberId, manager)
    const handOver = member.status === 'left' ? await this.store.find(manager, groupId, memberId) : null
    const ticks = handOver ? await this.store.ticks(manager, groupId, memberId) : []
    const names = new Map((await this.members.list(groupId, manager)).map(({ id, name }) => [id, name]))
    const items = await this.items(manager, member)
    return {
      member,
      leftAt: handOver?.leftAt ?? null,
      notes: handOver?.notes ?? '',
      items: items.map((item) => {
        const tick = ticks.find((each) => each.item === item.key)
        return { ...item, ticked: tick ? { by: names.get(tick.tickedBy) ?? '', at: tick.tickedAt } : null }
      }),
    }
  }

  /** Who left lately, the latest first, with how much is still to be seen to. */
  async list(groupId: string): Promise<HandOver[]> {
    const handOvers = await this.store.list(this.transaction.manager, groupId)
    const all: HandOver[] = []
    for (const { memberId } of handOvers) all.push(await this.of(groupId, memberId))
    return all.filter((each) => each.leftAt !== null)
  }

  /** Says that a thing is done, or not after all. @throws DomainError `not-left`, `no-such-item`, `no-such-member` */
  async tick(acting: ActingMember, memberId: string, item: string, done: boolean): Promise<void> {
    await this.change(acting, memberId, async (manager, member) => {
      if (!(await this.items(manager, member)).some((each) => each.key === item)) {
        throw new DomainError(
          'no-such-item',
          'This is not on the list any more: it may have been seen to already. Open the list again.',
          'not-found',
        )
      }
      if (done) {
        const tickedAt = this.clock.now()
        await this.store.putTick(manager, {
          groupId: acting.groupId,
          memberId,
          item,
          tickedBy: acting.memberId,
          tickedAt,
        })
      } else await this.store.removeTick(manager, acting.groupId, memberId, item)
      await this.audit.append(manager, acting.groupId, {
        kind: done ? 'hand-over-item-ticked' : 'hand-over-item-unticked',
        memberId,
        item,
        by: acting.memberId,
      })
    })
  }

  /** @throws DomainError `not-left`, `no-such-member` */
  async note(acting: ActingMember, memberId: string, notes: string): Promise<void> {
    await this.change(acting, memberId, async (manager) => {
      await this.store.note(manager, acting.groupId, memberId, notes.trim())
      await this.audit.append(manager, acting.groupId, { kind: 'hand-over-noted', memberId, by: acting.memberId })
    })
  }

  private change(
    acting: ActingMember,
    memberId: string,
    work: (manager: EntityManager, member: Member) => Promise<void>,
  ): Promise<void> {
    return this.transaction.run(async (manager) => {
      const member = await this.members.get(acting.groupId, memberId, manager)
      const handOver = await this.store.lock(manager, acting.groupId, memberId)
      if (!handOver || member.status !== 'left') {
        throw new DomainError(
          'not-left',
          `${member.name} has not left. The list can be ticked once somebody has said that they did.`,
          'conflict',
        )
      }
      await work(manager, member)
    })
  }

  private async leave(manager: EntityManager, member: Member): Promise<void> {
    const { groupId, id } = member
    await this.store.start(manager, groupId, id, this.clock.now())
    await this.store.forgetDevices(manager, groupId, id)
    // Somebody who is in another group needs their sign-in there; of this one it opens nothing any more.
    const elsewhere = await this.members.membershipsOf(member.personId, manager)
    if (elsewhere.length === 0) await this.signIn.endAll(manager, member.personId)
    await this.tell(manager, await this.groups.get(groupId, manager), member)
  }

  private async items(manager: EntityManager, member: Member): Promise<HandOverItem[]> {
    const inHand = await this.store.inHand(manager, member.groupId, member.id)
    const managers = await this.managers.list(member.groupId, manager)
    return handOverItems({
      ...inHand,
      posts: inHand.posts.map((post) => ({ ...post, words: shortened(post.words) })),
      requests: inHand.requests.map((request) => ({ ...request, words: shortened(request.words) })),
      name: member.name,
      accountable: managers.some((each) => each.email === member.email.toLowerCase()),
      hasLeft: member.status === 'left',
    })
  }

  private async tell(manager: EntityManager, group: Group, member: Member): Promise<void> {
    const items = await this.items(manager, member)
    const title = `${member.name} has left ${group.name}: what to see to`
    const parts = [
      {
        kind: 'text',
        text: `${member.name} is no member of ${group.name} any more: nothing of it opens for them, and nobody asks them to review. This is left to see to:`,
      },
      { kind: 'list', items: items.map((item) => item.text) },
      {
        kind: 'button',
        label: 'Open the list',
        href: `${this.config.publicOrigin}/g/${group.slug}/hand-over/${member.id}`,
      },
    ] as const
    for (const admin of await this.members.activeWith(group.id, 'admin', manager)) {
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: admin.personId,
        to: admin.email,
        kind: 'hand-over',
        subject: title,
        ...composeMail(parts, { title, groupName: group.name }),
      })
    }
  }
}

function shortened(words: string): string {
  const flat = Array.from(words.replace(/\s+/g, ' ').trim())
  if (flat.length === 0) return 'without words yet'
  return flat.length <= longestWords ? flat.join('') : `${flat.slice(0, longestWords).join('').trimEnd()}…`
}
