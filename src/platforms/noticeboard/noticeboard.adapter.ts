import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { Config } from '../../config/config.js'
import { brokenConstraint, databaseErrorCode, Transaction } from '../../database/transaction.js'
import { Clock } from '../../kernel/clock.js'
import { newId, sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  FindOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../platform.js'
import { webAddress } from './notice-text.js'
import { isNoticeId } from './notice.js'
import { boardPath, noticePath } from './noticeboard-links.js'
import { noticeboardRules } from './noticeboard-rules.js'
import { type KeptNotice, NoticeboardStore } from './noticeboard.store.js'

/** The deadline passed while the notice was being written; thrown so that the write is rolled back. */
class TooLate extends Error {}

/**
 * The group's own public page, in this database. It keeps the port's promises as a far network would: publishing has a
 * transaction of its own, and its key is unique.
 */
@Injectable()
export class NoticeboardAdapter implements Platform {
  readonly rules = noticeboardRules
  readonly connectFields = []
  readonly connectSteps = [
    'Nothing to fill in: the noticeboard is a public page on this server, with feeds that others can follow.',
    'Connect it, and approved notices appear there. No account with anybody else is needed.',
  ]

  constructor(
    private readonly transaction: Transaction,
    private readonly store: NoticeboardStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  connect(group: { id: string; slug: string; name: string }): Promise<ConnectOutcome> {
    return Promise.resolve({
      kind: 'connected',
      remoteAccountId: accountOf(group.id),
      handle: group.slug,
      url: `${this.config.publicOrigin}${boardPath(group.slug)}`,
      credentials: {},
    })
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    if (!isOwn(connection)) return { kind: 'unauthorized', cause: notOwn }
    const refused = refusal(post)
    if (refused) return { kind: 'rejected', ...refused }
    try {
      const kept = await this.transaction.run(async (manager) => {
        if (signal.aborted) throw new TooLate()
        const { groupId, channelId } = connection
        await this.store.insert(manager, {
          groupId,
          channelId,
          id: newId(this.clock.now().toMillis()),
          publishKey: key.key,
          publishedAt: DateTime.fromISO(key.createdAt, { zone: 'utc' }),
          post,
        })
        const found = await this.store.byKey(manager, groupId, channelId, key.key)
        if (signal.aborted) throw new TooLate()
        return found
      })
      if (!kept) return { kind: 'retry', cause: 'The notice was not kept.', afterSeconds: null }
      if (!isSame(kept, post)) {
        return { kind: 'rejected', cause: 'Another notice was published under the same key before.', field: null }
      }
      return { kind: 'published', ...this.whereabouts(connection, kept) }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  async find(connection: Connection, _post: OutgoingPost, key: PublishKey, _signal: AbortSignal): Promise<FindOutcome> {
    if (!isOwn(connection)) return { kind: 'cannot-tell', cause: notOwn }
    try {
      const { groupId, channelId } = connection
      const kept = await this.store.byKey(this.transaction.manager, groupId, channelId, key.key)
      return kept && !kept.takenDown ? { kind: 'found', ...this.whereabouts(connection, kept) } : { kind: 'absent' }
    } catch {
      return { kind: 'cannot-tell', cause: 'The database did not answer.' }
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    if (!isOwn(connection)) return { kind: 'unauthorized', cause: notOwn }
    if (signal.aborted) return { kind: 'retry', cause: 'The deadline passed.', afterSeconds: null }
    try {
      if (isNoticeId(remoteId)) {
        const { groupId, channelId } = connection
        await this.store.takeDown(this.transaction.manager, groupId, channelId, remoteId, this.clock.now())
      }
      return { kind: 'retracted' }
    } catch {
      return { kind: 'retry', cause: 'The database did not answer.', afterSeconds: null }
    }
  }

  async counters(
    connection: Connection,
    remoteIds: readonly string[],
    _signal: AbortSignal,
  ): Promise<Map<string, Counters>> {
    const { groupId, channelId } = connection
    const ids = remoteIds.filter(isNoticeId)
    const rows = await this.store.counters(this.transaction.manager, groupId, channelId, ids)
    return new Map(
      rows.map(({ id, useful, views }) => [
        id,
        { reactions: useful, replies: null, reposts: null, clicks: null, impressions: views },
      ]),
    )
  }

  private whereabouts(connection: Connection, kept: KeptNotice): { remoteId: string; url: string; at: string } {
    return {
      remoteId: kept.id,
      url: `${this.config.publicOrigin}${noticePath(connection.handle, kept.id)}`,
      at: kept.publishedAt.toISO() ?? '',
    }
  }
}

const notOwn = 'This noticeboard belongs to another group. Remove the channel and connect the noticeboard again.'

function accountOf(groupId: string): string {
  return `noticeboard:${groupId}`
}

function isOwn(connection: Connection): boolean {
  return connection.remoteAccountId === accountOf(connection.groupId)
}

/** What would be wrong with this on a public page, whoever lets it through. */
function refusal(post: OutgoingPost): { cause: string; field: string | null } | null {
  const [problem] = noticeboardRules.check(asChecked(post))
  if (problem) return { cause: problem.message, field: problem.field }
  if (post.link !== null && webAddress(post.link) === null) {
    return { cause: `The link "${post.link}" does not start with http:// or https://.`, field: 'link' }
  }
  const wrong = post.pictures.findIndex((picture) => sha256(picture.bytes) !== picture.sha256)
  if (wrong >= 0) return { cause: `Picture ${wrong + 1} is not the one that was approved.`, field: 'pictures' }
  return null
}

function isSame(kept: KeptNotice, post: OutgoingPost): boolean {
  return (
    kept.text === post.text &&
    kept.link === post.link &&
    kept.language === post.language &&
    kept.pictures.length === post.pictures.length &&
    kept.pictures.every(({ sha256: hash, alt }, index) => {
      const picture = post.pictures[index]
      return picture?.sha256 === hash && picture.alt === alt
    })
  )
}

/** Faults of ours at the other end of the wire. Only what PostgreSQL itself refused is surely not public. */
function outcomeOf(error: unknown): PublishOutcome {
  if (error instanceof TooLate)
    return { kind: 'retry', cause: 'The deadline passed before sending.', afterSeconds: null }
  if (brokenConstraint(error) === 'noticeboard_posts_channel_fkey') {
    return { kind: 'unauthorized', cause: 'The noticeboard is no longer connected.' }
  }
  const code = databaseErrorCode(error) ?? (error as { code?: unknown } | null)?.code
  // SQLSTATE classes 22 and 23: such a notice can never be kept. 08 and 57: the connection was lost or ended, so the
  // commit may have happened. No class begins with E, as the system's own codes do (EPIPE).
  if (typeof code === 'string' && /^2[23][0-9A-Z]{3}$/.test(code)) {
    return { kind: 'rejected', cause: `The database cannot keep this notice (${code}).`, field: null }
  }
  const refused = typeof code === 'string' && /^(?!08|57|E)[0-9A-Z]{5}$/.test(code)
  if (refused || code === 'ECONNREFUSED') {
    return { kind: 'retry', cause: `The database did not take the notice (${code}).`, afterSeconds: null }
  }
  return { kind: 'unknown', cause: 'The database did not answer.' }
}
