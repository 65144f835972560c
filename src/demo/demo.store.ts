import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { Transaction } from '../database/transaction.js'
import type { Content, Wish } from '../drafts/content.js'
import type { ReviewRequestEntity } from '../reviewers/asking/review-request.entity.js'
import { ReviewsStore } from '../reviewers/reviews.store.js'

const demoLock = 736_413

/** The few things that only the demonstration does to the database. */
@Injectable()
export class DemoStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly reviews: ReviewsStore,
  ) {}

  private get manager() {
    return this.transaction.manager
  }

  /** Runs `work` while no other process of this installation does the same. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const runner = this.manager.connection.createQueryRunner()
    try {
      // A lock of a transaction, not of a session: behind a pooler the next statement may be in another session.
      await runner.startTransaction()
      await runner.query('set local idle_in_transaction_session_timeout = 0')
      await runner.query('set local statement_timeout = 0')
      await runner.query('select pg_advisory_xact_lock($1)', [demoLock])
      return await work()
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction()
      await runner.release()
    }
  }

  async clockRunsRight(): Promise<void> {
    await this.manager.query('update clock_settings set shift_ms = 0')
  }

  /** The mails of the past that never was. */
  async forgetMails(): Promise<void> {
    await this.manager.query(
      `delete from mails where kind not in ('weekly-summary', 'review-request') or created_at < clock() - interval '1 hour'`,
    )
    // What is asked from now on comes in mails of its own.
    await this.manager.query('update mails set not_before = null where not_before is not null')
  }

  async firstSlot(groupId: string, postId: string): Promise<DateTime> {
    const [row]: { slot: Date }[] = await this.manager.query(
      'select min(slot) as slot from publications where group_id = $1 and post_id = $2',
      [groupId, postId],
    )
    if (!row) throw new Error('A post of the demonstration found no slot')
    return DateTime.fromJSDate(row.slot, { zone: 'utc' })
  }

  /** The first slot after `from` and not after `to`. */
  async nextSlot(from: DateTime, to: DateTime): Promise<DateTime | null> {
    const [row]: { slot: Date | null }[] = await this.manager.query(
      "select min(slot) as slot from publications where state = 'planned' and slot > $1 and slot <= $2",
      [from.toJSDate(), to.toJSDate()],
    )
    return row?.slot ? DateTime.fromJSDate(row.slot, { zone: 'utc' }) : null
  }

  /** What visitors of the noticeboard would have done. */
  async setCounters(postId: string, useful: number, views: number): Promise<void> {
    await this.manager.query(
      `update noticeboard_posts n set useful = $2, views = $3 from publications p
       where p.post_id = $1 and p.group_id = n.group_id and p.channel_id = n.channel_id and n.publish_key = p.publish_key`,
      [postId, useful, views],
    )
  }

  async request(
    groupId: string,
    postId: string,
    memberId: string,
  ): Promise<{ request: ReviewRequestEntity; hash: string }> {
    const [row]: { id: string; hash: string }[] = await this.manager.query(
      `select r.id, v.hash from posts p join revisions v on v.group_id = p.group_id and v.id = p.current_revision_id
       join review_requests r on r.group_id = v.group_id and r.revision_id = v.id
       where p.group_id = $1 and p.id = $2 and r.member_id = $3`,
      [groupId, postId, memberId],
    )
    const request = row && (await this.reviews.requestById(this.manager, row.id))
    if (!row || !request) throw new Error('A reviewer of the demonstration has no request')
    return { request, hash: row.hash }
  }

  /** The version to save over, and what was written. */
  async written(
    groupId: string,
    postId: string,
  ): Promise<{ version: number; content: Content; wish: Wish; labels: string[]; notes: string }> {
    const [row]: { version: number; content: Content; wish: Wish; labels: string[]; notes: string }[] =
      await this.manager.query(
        'select version, content, wish, labels, notes from posts where group_id = $1 and id = $2',
        [groupId, postId],
      )
    if (!row) throw new Error('A post of the demonstration vanished')
    return row
  }
}
