import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import { canonicalJson } from '../kernel/canonical-json.js'
import type { AuditEvent } from './audit-event.js'
import { AuditStore } from './audit.store.js'
import type { AuditHead, Verification } from './chain.js'

/** The group's tamper-evident log. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly store: AuditStore,
    private readonly transaction: Transaction,
  ) {}

  /**
   * Adds one entry to the group's chain. Call it last in the transaction: it locks the group's head until commit.
   * The event holds ids only; names and texts stay outside, so that they can be erased.
   */
  async append(manager: EntityManager, groupId: string, event: AuditEvent): Promise<void> {
    await this.store.append(manager, groupId, canonicalJson(event))
  }

  /** Adds many entries, to the chains of any groups. Call it last, as `append`. */
  async appendAll(
    manager: EntityManager,
    entries: readonly { readonly groupId: string; readonly event: AuditEvent }[],
  ): Promise<void> {
    await this.store.appendAll(
      manager,
      entries.map(({ groupId, event }) => ({ groupId, payload: canonicalJson(event) })),
    )
  }

  head(groupId: string, manager: EntityManager = this.transaction.manager): Promise<AuditHead> {
    return this.store.head(manager, groupId)
  }

  /** Recomputes every hash of the group's chain and compares the last with the head. */
  verify(groupId: string): Promise<Verification> {
    return this.store.verify(this.transaction.manager, groupId)
  }

  /** Whether the chain still holds an earlier head, given as `SEQ:HASH`. */
  meets(groupId: string, anchor: string): Promise<boolean> {
    const [seq = '', hash = ''] = anchor.split(':')
    return this.store.holds(this.transaction.manager, groupId, Number(seq), hash)
  }
}
