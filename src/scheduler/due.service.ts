import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { DueStore, type DueRow } from './due.store.js'

/** What is due, for operators. */
@Injectable()
export class DueService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: DueStore,
  ) {}

  /** Publications that are due or planned within a day, with what each waits for; of one group or of all. */
  async list(groupId: string | null): Promise<(DueRow & { waitsFor: string })[]> {
    const rows = await this.store.list(this.transaction.manager, groupId)
    return rows.map((row) => ({ ...row, waitsFor: waitsFor(row) }))
  }
}

function waitsFor(row: DueRow): string {
  if (row.held) return 'on hold'
  if (row.editing) return 'being changed'
  if (row.postState !== 'approved') return 'not approved yet'
  if (row.channelState !== 'connected') return `channel is ${row.channelState.replace('_', ' ')}`
  return row.state === 'planned' ? 'its time' : row.state.replace('_', ' ')
}
