import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { AuditLog } from '../../audit/audit-log.service.js'
import { Transaction } from '../../database/transaction.js'
import { DomainError } from '../../kernel/domain-error.js'
import { PersonAudit } from '../person-audit.service.js'
import { deviceWords } from './device-words.js'
import type { SignedInPerson } from './session.service.js'
import { SessionsStore } from './sessions.store.js'

/** A device that a person is signed in on, or has confirmed for reviewing. */
export interface OwnDevice {
  readonly id: string
  /** In words, such as "Firefox on Windows". */
  readonly words: string
  readonly since: DateTime
  /** `YYYY-MM-DD`. */
  readonly lastUsedOn: string
}

/** Where a person is signed in, and ending that. */
@Injectable()
export class AccountService {
  constructor(
    private readonly store: SessionsStore,
    private readonly audit: AuditLog,
    private readonly personAudit: PersonAudit,
    private readonly transaction: Transaction,
  ) {}

  /** The newest first. */
  async sessions(person: SignedInPerson): Promise<(OwnDevice & { thisOne: boolean })[]> {
    return (await this.store.list(this.transaction.manager, person.personId)).map((row) => ({
      id: row.id,
      words: deviceWords(row.userAgent),
      since: DateTime.fromJSDate(row.createdAt, { zone: 'utc' }),
      lastUsedOn: row.lastUsedOn,
      thisOne: row.id === person.sessionId,
    }))
  }

  /** Devices that were confirmed for reviewing and nothing else; the newest first. */
  async reviewDevices(person: SignedInPerson): Promise<(OwnDevice & { groupName: string })[]> {
    return (await this.store.reviewDevices(this.transaction.manager, person.personId)).map((row) => ({
      id: row.id,
      words: row.words,
      since: DateTime.fromJSDate(row.createdAt, { zone: 'utc' }),
      lastUsedOn: row.lastUsedOn,
      groupName: row.groupName,
    }))
  }

  /** Signs another device out. @throws DomainError `this-session`, `no-such-session` */
  async endSession(person: SignedInPerson, id: string): Promise<void> {
    if (id === person.sessionId) {
      throw new DomainError(
        'this-session',
        'This is the device that you are using. Sign out on it instead.',
        'conflict',
      )
    }
    await this.transaction.run(async (manager) => {
      if (!(await this.store.end(manager, person.personId, id))) {
        throw new DomainError('no-such-session', 'You are not signed in there any more.', 'not-found')
      }
      await this.personAudit.append(manager, person.personId, { kind: 'session-ended', session: id })
    })
  }

  /** Signs all other devices out, for reviewing too. @returns how many sessions ended */
  async endOthers(person: SignedInPerson): Promise<number> {
    return this.transaction.run(async (manager) => {
      const count = await this.store.endOthers(manager, person.personId, person.sessionId)
      await this.store.forgetReviewDevices(manager, person.personId)
      await this.store.forgetDevices(manager, person.personId)
      await this.personAudit.append(manager, person.personId, { kind: 'other-sessions-ended', count })
      return count
    })
  }

  /** Lets a device review no more without a new proof. @throws DomainError `no-such-device` */
  async forgetReviewDevice(person: SignedInPerson, id: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      const forgotten = await this.store.forgetReviewDevice(manager, person.personId, id)
      if (!forgotten) {
        throw new DomainError('no-such-device', 'This device is not on your list any more.', 'not-found')
      }
      const { groupId, memberId } = forgotten
      await this.audit.append(manager, groupId, { kind: 'review-device-forgotten', memberId, device: id })
    })
  }
}
