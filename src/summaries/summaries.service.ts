import { Injectable, Logger } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { chartImage } from './chart-image.adapter.js'
import { chartWidth } from './chart.js'
import { weeksBefore } from './facts.js'
import { SummariesStore } from './summaries.store.js'
import { chartCid, summaryMail } from './summary-mail.js'
import { type Summary, summaryOf, withoutLoad } from './summary.js'
import { unsubscribeToken } from './unsubscribe-token.js'
import { bounds, dueWeeks, isWeek, type Week, weekAfter, weekOf } from './week.js'

/** The weekly summaries of all groups: made once, kept, mailed once. */
@Injectable()
export class SummariesService {
  private readonly log = new Logger('Summaries')

  constructor(
    private readonly store: SummariesStore,
    private readonly groups: GroupsService,
    private readonly audit: AuditLog,
    private readonly mailer: Mailer,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * A week as it stands now, `final: false`. Keeps nothing.
   * @throws DomainError `no-such-week` when `week` is not a week such as `2026-W47`
   */
  async compute(groupId: string, week: Week): Promise<Summary> {
    requireWeek(week)
    const { manager } = this.transaction
    return this.make(manager, await this.groups.get(groupId), week, false)
  }

  /** The finished summary of a week, else the week as it stands now. @throws DomainError `no-such-week` */
  async get(groupId: string, week: Week): Promise<Summary> {
    requireWeek(week)
    const kept = await this.store.find(this.transaction.manager, groupId, week)
    return kept?.content ?? this.compute(groupId, week)
  }

  /** The weeks that there is something to tell of, newest first. */
  async weeks(group: Group): Promise<Week[]> {
    const { manager } = this.transaction
    const active = await this.store.activeInstants(manager, group.id, group.timeZone)
    const finished = await this.store.finishedWeeks(manager, group.id)
    const weeks = new Set([...active.map((at) => weekOf(at, group.timeZone)), ...finished])
    return [...weeks].toSorted().toReversed()
  }

  /** The week that is on now, by the group's own calendar. */
  presentWeek(group: Group): Week {
    return weekOf(this.clock.now(), group.timeZone)
  }

  /**
   * Sums a week up for good and, if `mail`, mails it, all or nothing. Any number of processes may try: one does it.
   * @returns whether it was this call
   */
  async finish(groupId: string, week: Week, mail = true): Promise<boolean> {
    requireWeek(week)
    return this.transaction.run(async (manager) => {
      const now = this.clock.now()
      if (!(await this.store.take(manager, groupId, week, now))) return false
      const group = await this.groups.get(groupId, manager)
      const summary = await this.make(manager, group, week, true)
      const mailed = mail ? await this.mail(manager, group, summary, `summary:${groupId}:${week}`) : 0
      await this.store.keep(manager, groupId, week, summary, mailed > 0 ? now : null)
      return true
    })
  }

  /** Finishes every week of every group that is due; one group's fault is not another's. @returns how many were finished */
  async finishDue(enough: () => boolean = () => false): Promise<number> {
    let finished = 0
    for (const group of await this.groups.all()) {
      if (enough()) break
      try {
        finished += await this.catchUp(group.id, this.clock.now())
      } catch (error) {
        this.log.error({
          message: 'A summary could not be made; it is tried again at the next tick',
          group: group.id,
          error: error instanceof Error ? error.stack : 'not an Error',
        })
      }
    }
    return finished
  }

  /** Finishes the weeks of one group that are due at `now`, and mails the newest of them only. @returns how many */
  async catchUp(groupId: string, now: DateTime): Promise<number> {
    const { manager } = this.transaction
    const group = await this.groups.get(groupId)
    const { began, known } = await this.store.weeksOf(manager, groupId)
    const due = dueWeeks(now, group.timeZone, began, known)
    let finished = 0
    for (const week of due) {
      const newest = week === due.at(-1) && !known.some((each) => each > week)
      if (await this.finish(groupId, week, newest)) finished += 1
    }
    return finished
  }

  /**
   * Mails the summary of a week on demand, mailed before or not: the kept one if there is one, else the week as it
   * stands. @returns to how many people it goes
   */
  async send(groupId: string, week: Week): Promise<number> {
    const summary = await this.get(groupId, week)
    return this.transaction.run(async (manager) =>
      this.mail(manager, await this.groups.get(groupId, manager), summary, null),
    )
  }

  /** @param once what makes a second mail to the same person the same mail, or null if it is another */
  private async mail(manager: EntityManager, group: Group, summary: Summary, once: string | null): Promise<number> {
    const recipients = await this.store.recipients(manager, group.id)
    // Twice as fine as it is shown, for sharp screens; mostly one picture for all.
    const images = new Map<string, Buffer>()
    for (const { memberId, personId, email, admin } of recipients) {
      const unsubscribe = `${this.config.publicOrigin}/unsubscribe/${unsubscribeToken(this.config.secret, { groupId: group.id, memberId })}`
      const links = { origin: this.config.publicOrigin, slug: group.slug, unsubscribe }
      const made = summaryMail(admin ? summary : withoutLoad(summary), links)
      if (made.chart !== null && !images.has(made.chart)) images.set(made.chart, chartImage(made.chart, chartWidth * 2))
      const image = images.get(made.chart ?? '')
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId,
        to: email,
        kind: 'weekly-summary',
        subject: made.subject,
        ...composeMail(made.parts, { title: made.title, groupName: group.name, footer: made.footer }),
        headers: { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
        attachments: image
          ? [{ cid: chartCid, filename: 'responses-by-window.png', mime: 'image/png', content: image }]
          : [],
        ...(once === null ? {} : { onceKey: `${once}:${personId}` }),
      })
    }
    return recipients.length
  }

  private async make(manager: EntityManager, group: Group, week: Week, final: boolean): Promise<Summary> {
    const { timeZone: zone } = group
    const now = this.clock.now()
    const range = bounds(week, zone)
    const before = bounds(weekAfter(week, -weeksBefore), zone)
    // What waits now says nothing about a week of long ago.
    const fresh = week >= weekAfter(weekOf(now, zone), -1)
    return summaryOf({
      week,
      now,
      final,
      group: { name: group.name, slug: group.slug, zone },
      publications: await this.store.publications(manager, group.id, { start: before.start, end: range.end }),
      review: await this.store.review(manager, group.id, range),
      needs: fresh ? await this.store.needs(manager, group.id) : null,
      auditHead: await this.audit.head(group.id, manager),
    })
  }
}

function requireWeek(week: string): void {
  if (isWeek(week)) return
  throw new DomainError('no-such-week', `“${week}” is not a week. Write year and number, such as 2026-W47.`)
}
