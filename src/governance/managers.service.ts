import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { normalEmail } from '../groups/email-address.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { Sealing } from '../kernel/sealing.js'
import type { AccountableManagerEntity } from './accountable-manager.entity.js'
import { type Manager, type ManagerDetails, managerNotices } from './accountable.js'
import { GovernanceStore } from './governance.store.js'

/** What accountable managers' details are sealed as. */
export const managersPurpose = 'accountable managers'

/** The two people who answer for the accounts. Their details are personal data: sealed at rest, whole for admins only. */
@Injectable()
export class ManagersService {
  constructor(
    private readonly store: GovernanceStore,
    private readonly sealing: Sealing,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async list(groupId: string, manager: EntityManager = this.transaction.manager): Promise<Manager[]> {
    return (await this.store.managers(manager, groupId)).map((entry) => this.open(entry))
  }

  /** What is wrong, in sentences for every member. */
  async notices(group: { timeZone: string }, managers: readonly Manager[]): Promise<string[]> {
    const [one, other] = managers
    const sameHuman =
      one !== undefined &&
      other !== undefined &&
      (await this.store.sameHuman(this.transaction.manager, one.email, other.email))
    return managerNotices(managers, this.clock.now(), group.timeZone, sameHuman)
  }

  /** Names somebody for a place, or corrects what is known of them; that confirms it too. */
  async put(acting: ActingMember, place: number, given: ManagerDetails): Promise<void> {
    const details: ManagerDetails = {
      name: given.name.trim(),
      role: given.role.trim(),
      email: normalEmail(given.email),
      telephone: given.telephone.trim(),
    }
    await this.transaction.run(async (manager) => {
      await this.store.putManager(manager, {
        groupId: acting.groupId,
        place,
        sealedDetails: this.sealing.seal(JSON.stringify(details), managersPurpose),
        confirmedAt: this.clock.now(),
        changedBy: acting.memberId,
      })
      await this.note(manager, acting, 'accountable-manager-named', place)
    })
  }

  /** Says that a place is still right. @throws DomainError `no-such-manager` */
  confirm(acting: ActingMember, place: number): Promise<void> {
    return this.transaction.run(async (manager) => {
      const confirmedAt: DateTime = this.clock.now()
      if (!(await this.store.updateManager(manager, acting.groupId, place, { confirmedAt }))) noSuchManager(place)
      await this.note(manager, acting, 'accountable-manager-confirmed', place)
    })
  }

  /** Empties a place. @throws DomainError `no-such-manager` */
  remove(acting: ActingMember, place: number): Promise<void> {
    return this.transaction.run(async (manager) => {
      if (!(await this.store.removeManager(manager, acting.groupId, place))) noSuchManager(place)
      await this.note(manager, acting, 'accountable-manager-removed', place)
    })
  }

  private note(
    manager: EntityManager,
    acting: ActingMember,
    kind: `accountable-manager-${'named' | 'confirmed' | 'removed'}`,
    place: number,
  ): Promise<void> {
    return this.audit.append(manager, acting.groupId, { kind, place, by: acting.memberId })
  }

  private open(entry: AccountableManagerEntity): Manager {
    const { place, confirmedAt, sealedDetails } = entry
    return { ...(JSON.parse(this.sealing.open(sealedDetails, managersPurpose)) as ManagerDetails), place, confirmedAt }
  }
}

function noSuchManager(place: number): never {
  throw new DomainError('no-such-manager', `Nobody is named in place ${place}. Name somebody first.`, 'not-found')
}
