import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import { canonicalJson } from '../kernel/canonical-json.js'
import { newToken } from '../kernel/ids.js'
import type { AuditEvent } from './audit-event.js'
import { AuditStore } from './audit.store.js'
import { type AuditHead, ChainWalk, type Verification } from './chain.js'
import { commitment } from './commitment.js'
import { entryLine, headerLine } from './export.js'

/** A text that an entry commits itself to without holding it, and whose data it is. */
export interface Erasable {
  readonly text: string
  readonly personId: string | null
}

/** The group's tamper-evident log. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly store: AuditStore,
    private readonly transaction: Transaction,
  ) {}

  /**
   * Adds one entry to the group's chain. Call it last in the transaction: it locks the group's head until commit.
   * The event holds ids only; names and texts stay outside, so that they can be erased. A text that belongs to the
   * entry is given in `erasable`: the entry gets a salted commitment to it, under its name and “Commitment”.
   */
  async append(
    manager: EntityManager,
    groupId: string,
    event: AuditEvent,
    erasable: Readonly<Record<string, Erasable>> = {},
  ): Promise<void> {
    const details = Object.entries(erasable).map(([name, { text, personId }]) => ({
      name,
      salt: newToken(),
      text,
      personId,
    }))
    const commitments = details.map(({ name, salt, text }) => [`${name}Commitment`, commitment(salt, text)])
    const payload = canonicalJson({ ...event, ...Object.fromEntries(commitments) })
    const seq = await this.store.append(manager, groupId, payload)
    for (const detail of details) await this.store.addDetail(manager, groupId, seq, detail)
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

  /**
   * Recomputes every hash of the group's chain, outside the database, and compares the last with the head.
   * `from` is an entry from which on to look, trusted as it is; `anchor` is an earlier head that the chain must still
   * hold.
   */
  verify(groupId: string, options: { from?: AuditHead; anchor?: AuditHead | null } = {}): Promise<Checked> {
    return this.transaction.run(async (manager) => {
      await this.store.seeOneMoment(manager)
      const walk = new ChainWalk(groupId, options.from, options.anchor ?? null)
      for await (const page of this.store.after(manager, groupId, options.from?.seq ?? 0)) {
        if (!page.every((entry) => walk.take(entry))) break
      }
      return { ...walk.end(await this.store.head(manager, groupId)), anchorMet: walk.anchorMet }
    })
  }

  /**
   * Hands over the group's log as it is now, as the text of a file that is verified without a database: a first line,
   * then a line an entry. Nothing is checked here.
   * @returns the last entry that was handed over
   */
  async export(
    group: { id: string; name: string },
    exportedAt: string,
    write: (text: string) => Promise<void>,
  ): Promise<AuditHead> {
    return this.transaction.run(async (manager) => {
      await this.store.seeOneMoment(manager)
      const head = await this.store.head(manager, group.id)
      await write(headerLine(group, head, exportedAt))
      for await (const page of this.store.after(manager, group.id, 0)) await write(page.map(entryLine).join(''))
      return head
    })
  }
}

export type Checked = Verification & { readonly anchorMet: boolean }
