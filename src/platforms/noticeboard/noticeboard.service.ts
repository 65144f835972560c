import { Injectable } from '@nestjs/common'

import { Transaction } from '../../database/transaction.js'
import { Clock } from '../../kernel/clock.js'
import { isNoticeId, type Noticeboard, type NoticeLookup, type NoticePage } from './notice.js'
import { NoticeboardStore, type ServedPicture } from './noticeboard.store.js'
import { Visits } from './visits.js'

const pageSize = 20
const slugForm = /^[a-z0-9][a-z0-9-]{0,58}$/

/** What the public sees of the noticeboards, and the two things that it may tell us: seen, useful. */
@Injectable()
export class NoticeboardService {
  private readonly visits = new Visits()

  constructor(
    private readonly transaction: Transaction,
    private readonly store: NoticeboardStore,
    private readonly clock: Clock,
  ) {}

  /** The group's public page, or null if no group has connected one under this name. */
  async board(slug: string): Promise<Noticeboard | null> {
    return slugForm.test(slug) ? this.store.board(this.transaction.manager, slug) : null
  }

  /** 20 notices: the newest, or those just before or just after a notice. Null when that notice never was. */
  async page(board: Noticeboard, from: { before?: string; after?: string } = {}): Promise<NoticePage | null> {
    const anchor = from.before ?? from.after
    if (anchor !== undefined && (await this.notice(board, anchor)).kind === 'unknown') return null
    return this.store.page(this.transaction.manager, board.groupId, from, pageSize)
  }

  async notice(board: Noticeboard, id: string): Promise<NoticeLookup> {
    if (!isNoticeId(id)) return { kind: 'unknown' }
    return this.store.one(this.transaction.manager, board.groupId, id)
  }

  /** `number` counts from 1, as text from an address. */
  async picture(board: Noticeboard, id: string, number: string): Promise<ServedPicture | null> {
    if (!isNoticeId(id) || !/^[1-9]\d?$/.test(number)) return null
    return this.store.picture(this.transaction.manager, board.groupId, id, Number(number) - 1)
  }

  /** Counts a press once a day and address; see `Visits` for what is remembered and for how long. */
  async pressUseful(board: Noticeboard, id: string, address: string): Promise<'counted' | 'already'> {
    if (!this.visits.isFirst(address, `useful ${id}`, this.today())) return 'already'
    await this.store.addUseful(this.transaction.manager, board.groupId, id)
    return 'counted'
  }

  /** Counts a view once a day and address. */
  async countView(board: Noticeboard, id: string, address: string): Promise<void> {
    if (!this.visits.isFirst(address, `view ${id}`, this.today())) return
    await this.store.addView(this.transaction.manager, board.groupId, id)
  }

  private today(): string {
    return this.clock.now().toISODate() ?? ''
  }
}
