import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { type CsvCell, csvOf } from './csv.js'
import { type EngagementView } from './engagement.dto.js'
import { type PublicationFact, weeksBefore } from './facts.js'
import { SummariesService } from './summaries.service.js'
import { SummariesStore } from './summaries.store.js'
import { type Summary, withoutLoad } from './summary.js'

const head = [
  'went out', 'planned for', 'channel', 'network', 'state', 'text', 'address', 'window', 'picture', 'labels',
  'counted at', 'reactions', 'replies', 'reposts', 'clicks', 'views', 'post', 'publication',
] // prettier-ignore

/** What the engagement page shows and hands out. */
@Injectable()
export class EngagementService {
  constructor(
    private readonly summaries: SummariesService,
    private readonly store: SummariesStore,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** One week; without one, the newest that there is something to tell of. @throws DomainError `no-such-week` */
  async view(acting: ActingMember, week: string | undefined): Promise<EngagementView> {
    const weeks = await this.summaries.weeks(acting.group)
    const summary = await this.summaries.get(
      acting.groupId,
      week ?? weeks[0] ?? this.summaries.presentWeek(acting.group),
    )
    const seen = acting.roles.includes('admin') ? summary : withoutLoad(summary)
    return { ...mutable(seen), weeks }
  }

  /**
   * One row a publication, days and times in the group's zone. Counters are those at 48 hours, else the newest before.
   * @throws DomainError `no-such-day`, `days-reversed`
   */
  async csv(acting: ActingMember, from: string | undefined, to: string | undefined): Promise<string> {
    const zone = acting.group.timeZone
    const last = to === undefined ? this.clock.now().setZone(zone).startOf('day') : day(to, zone)
    const first = from === undefined ? last.minus({ weeks: weeksBefore }) : day(from, zone)
    if (first > last) {
      throw new DomainError(
        'days-reversed',
        `The first day (${first.toISODate()}) is after the last (${last.toISODate()}). Swap them.`,
      )
    }
    const range = { start: first, end: last.plus({ days: 1 }).startOf('day') }
    const publications = await this.store.publications(this.transaction.manager, acting.groupId, range)
    return csvOf(
      head,
      publications.map((each) => row(each, zone)),
    )
  }
}

function day(date: string, zone: string): DateTime {
  const found = DateTime.fromISO(date, { zone }).startOf('day')
  if (found.isValid) return found
  throw new DomainError('no-such-day', `“${date}” is not a day. Write it as 2026-11-16.`)
}

function row(publication: PublicationFact, zone: string): CsvCell[] {
  const { counters } = publication
  const local = (instant: DateTime | null) => instant?.setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss') ?? null
  return [
    local(publication.publishedAt),
    local(publication.slot),
    publication.channelName,
    publication.network,
    publication.state,
    publication.text,
    publication.url,
    publication.windowName ?? 'exact time',
    publication.hasPicture ? 'yes' : 'no',
    publication.labels.join('; '),
    counters?.age ?? null,
    counters?.reactions ?? null,
    counters?.replies ?? null,
    counters?.reposts ?? null,
    counters?.clicks ?? null,
    counters?.impressions ?? null,
    publication.postId,
    publication.id,
  ]
}

/** The same values as the answer's class wants them: lists that may be changed. */
function mutable(summary: Summary): Omit<EngagementView, 'weeks'> {
  return {
    ...summary,
    needsYou: [...summary.needsYou],
    wentOut: [...summary.wentOut],
    top: [...summary.top],
    byWindow: [...summary.byWindow],
    byPicture: [...summary.byPicture],
    byLabel: [...summary.byLabel],
    suggestions: [...summary.suggestions],
    review: { ...summary.review, load: summary.review.load && [...summary.review.load] },
  }
}
