import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import type { ActingMember } from './acting-member.js'
import { GroupFounding } from './group-founding.service.js'
import type { Group } from './group.js'
import { GroupsStore } from './groups.store.js'
import { freeSlug, slugOf } from './slug.js'
import { isTimeZone } from './time-zone.js'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What an admin may change of a group. */
export interface GroupChange {
  readonly name?: string
  readonly timeZone?: string
  /** A country with its part, such as GB-SCT; null: no holidays. */
  readonly holidays?: string | null
}

@Injectable()
export class GroupsService {
  constructor(
    private readonly store: GroupsStore,
    private readonly founding: GroupFounding,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `no-such-group` */
  async get(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Group> {
    return (await this.store.find(manager, groupId)) ?? noSuchGroup()
  }

  async findByIdOrSlug(idOrSlug: string): Promise<Group | null> {
    const { manager } = this.transaction
    return uuid.test(idOrSlug) ? this.store.find(manager, idOrSlug) : this.store.findBySlug(manager, idOrSlug)
  }

  /** Every group, the oldest first. */
  all(): Promise<Group[]> {
    return this.store.all(this.transaction.manager)
  }

  noticeboardUrl(groupId: string): Promise<string | null> {
    return this.store.noticeboardUrl(this.transaction.manager, groupId)
  }

  /**
   * Makes a group with all that a new one has, in the caller's transaction. Members come next.
   * @throws DomainError `unknown-time-zone`
   */
  async create(manager: EntityManager, given: { name: string; timeZone: string; demo?: boolean }): Promise<Group> {
    requireTimeZone(given.timeZone)
    await this.store.lockFounding(manager)
    const now = this.clock.now()
    const slug = slugOf(given.name)
    const row = {
      id: newId(now.toMillis()),
      slug: freeSlug(slug, await this.store.slugsLike(manager, slug)),
      name: given.name.trim(),
      timeZone: given.timeZone,
      holidays: null,
      demo: given.demo ?? false,
      createdAt: now,
    }
    await this.store.insert(manager, row)
    const group = await this.get(row.id, manager)
    await this.founding.run(manager, group)
    await this.audit.append(manager, group.id, { kind: 'group-made' })
    return group
  }

  /** @throws DomainError `unknown-time-zone` */
  async change(acting: ActingMember, change: GroupChange): Promise<Group> {
    if (change.timeZone !== undefined) requireTimeZone(change.timeZone)
    return this.transaction.run(async (manager) => {
      const before = (await this.store.lock(manager, acting.groupId)) ?? noSuchGroup()
      const changed = {
        name: change.name?.trim() ?? before.name,
        timeZone: change.timeZone ?? before.timeZone,
        holidays: change.holidays === undefined ? before.holidays : change.holidays,
      }
      const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((name) => changed[name] !== before[name])
      if (names.length > 0) {
        await this.store.update(manager, acting.groupId, changed)
        await this.audit.append(manager, acting.groupId, {
          kind: 'group-changed',
          memberId: acting.memberId,
          changed: names,
        })
      }
      return this.get(acting.groupId, manager)
    })
  }
}

function requireTimeZone(name: string): void {
  if (isTimeZone(name)) return
  throw new DomainError('unknown-time-zone', `"${name}" is no time zone. Choose one such as Europe/London.`)
}

function noSuchGroup(): never {
  throw new DomainError('no-such-group', 'There is no such group, or you are not a member of it.', 'not-found')
}
