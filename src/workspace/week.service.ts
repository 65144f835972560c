import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { isRepostOn, openingOn } from '../drafts/content.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { HolidaysService } from '../scheduler/holidays.service.js'
import { sentenceOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { SpreadingService } from '../scheduler/spreading.service.js'
import { dayMs } from '../scheduler/wall-time.js'
import { weekTable } from '../scheduler/week-table.js'
import type { WeekView } from './week.dto.js'

/** The week of a group: windows by days, what is planned in each and which are free. */
@Injectable()
export class WeekService {
  constructor(
    private readonly transaction: Transaction,
    private readonly publications: PublicationsStore,
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly holidays: HolidaysService,
    private readonly spreading: SpreadingService,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError when `from` is no date */
  async get(acting: ActingMember, from: string | null): Promise<WeekView> {
    const zone = acting.group.timeZone
    const now = this.clock.now()
    const start = from === null ? now.setZone(zone) : DateTime.fromISO(from, { zone })
    if (!start.isValid) throw new DomainError('no-date', `"${from}" is no date. Write it as 2026-11-23.`)
    const monday = start.startOf('week')
    const { manager } = this.transaction
    const publications = await this.publications.between(
      manager,
      acting.groupId,
      monday.toUTC(),
      monday.plus({ weeks: 1 }).toUTC(),
    )
    const posts = new Map(
      (
        await this.posts.listByIds(
          manager,
          acting.groupId,
          publications.map((each) => each.postId),
        )
      ).map((post) => [post.id, post]),
    )
    const channels = new Map((await this.channels.listAll(acting.groupId)).map((channel) => [channel.id, channel]))
    // Where it was planned: a minute late may be a minute past the window.
    const entries = publications.map((publication) => ({ publication, at: publication.slot }))
    const holidays = await this.holidays.between(acting.group.holidays, monday, monday.plus({ weeks: 1 }))
    const windows = await this.channels.windowsOfGroup(acting.groupId)
    const undoable = await this.spreading.undoable(manager, acting.group)
    const rows = weekTable(monday, windows, zone, entries, now, holidays)
    return {
      from: monday.toFormat('yyyy-MM-dd'),
      days: Array.from({ length: 7 }, (_, day) => {
        const date = monday.plus({ days: day })
        const spread = undoable.find((each) => each.date === date.toFormat('yyyy-MM-dd'))
        const number = date.setZone('utc', { keepLocalTime: true }).toMillis() / dayMs
        return {
          date: date.toFormat('yyyy-MM-dd'),
          label: date.setLocale('en-GB').toFormat('ccc d LLL'),
          holiday: holidays.get(number) ?? null,
          undo: spread ? { spreadId: spread.id, until: spread.until.toISO() ?? '' } : null,
        }
      }),
      rows: rows.map(({ name, start: starts, end, cells }) => ({
        name,
        start: starts,
        end,
        cells: cells.map((cell) => ({
          date: cell.date,
          free: cell.open && !cell.past && cell.entries.length === 0,
          past: cell.past,
          at: cell.at,
          items: cell.entries.map(({ publication }) => {
            const post = posts.get(publication.postId)
            const channel = channels.get(publication.channelId)
            return {
              postId: publication.postId,
              publicationId: publication.id,
              network: channel?.network ?? 'noticeboard',
              channelName: channel?.name ?? 'A channel that was removed',
              time: (publication.publishedAt ?? publication.slot).setZone(zone).toFormat('HH:mm'),
              firstWords: post ? openingOn(post.content, publication.channelId) : '',
              state: publication.state,
              stateText:
                publication.state === 'planned' && post?.state !== 'approved'
                  ? 'Waiting for review'
                  : sentenceOf(publication, post && isRepostOn(post.content, publication.channelId)),
            }
          }),
        })),
      })),
    }
  }
}
