import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'

import { AuditLog } from '../../audit/audit-log.service.js'
import { Transaction } from '../../database/transaction.js'
import { GroupsService } from '../../groups/groups.service.js'
import { Clock } from '../../kernel/clock.js'
import { ReviewsStore } from '../reviews.store.js'
import { batchMinutes } from './link.js'
import { LinksService, type MintedLink } from './links.service.js'
import { isAwake, reminderTimes, type WakingHours } from './reminders.js'
import { RemindersStore, type WaitingRequest } from './reminders.store.js'
import { RequestMailsService } from './request-mails.service.js'
import { ReviewSettingsService } from './review-settings.service.js'

/** A reminder that is due, or will be in a few minutes and can come with it. */
interface Due {
  readonly request: WaitingRequest
  readonly isLast: boolean
}

/** Reminds reviewers of what waits for them: one mail per person for all that is due, with new links. */
@Injectable()
export class RemindersService {
  constructor(
    private readonly transaction: Transaction,
    private readonly waiting: RemindersStore,
    private readonly store: ReviewsStore,
    private readonly groups: GroupsService,
    private readonly settings: ReviewSettingsService,
    private readonly links: LinksService,
    private readonly mails: RequestMailsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @returns how many mails were written */
  async remind(): Promise<number> {
    const now = this.clock.now()
    const requests = await this.waiting.requests(this.transaction.manager)
    let written = 0
    for (const [groupId, ofGroup] of Map.groupBy(requests, (each) => each.groupId)) {
      const waking = await this.wakingHours(groupId)
      if (!isAwake(now, waking)) continue
      for (const [memberId, own] of Map.groupBy(ofGroup, (each) => each.memberId)) {
        const due = own.flatMap((request) => dueAt(request, now, waking) ?? [])
        if (due.length === 0) continue
        const near = now.plus({ minutes: batchMinutes })
        const all = own.flatMap((request) => dueAt(request, near, waking) ?? [])
        if (await this.remindOne(groupId, memberId, all)) written += 1
      }
    }
    return written
  }

  async wakingHours(groupId: string): Promise<WakingHours> {
    const { timeZone } = await this.groups.get(groupId)
    return { ...(await this.settings.get(groupId)), zone: timeZone }
  }

  private async remindOne(groupId: string, memberId: string, due: readonly Due[]): Promise<boolean> {
    const group = await this.groups.get(groupId)
    return this.transaction.run(async (manager) => {
      const now = this.clock.now()
      const reviewer = (await this.store.candidates(manager, groupId)).find((each) => each.memberId === memberId)
      if (!reviewer || reviewer.awayUntil) return false
      const minted: MintedLink[] = []
      for (const { request, isLast } of due) {
        if (!(await this.waiting.claim(manager, request, isLast, now))) continue
        const current = await this.store.requestById(manager, request.requestId)
        if (current) minted.push(await this.links.renew(manager, current))
      }
      if (minted.length === 0) return false
      await this.mails.remind(manager, group.name, reviewer, minted)
      for (const { request } of minted) {
        await this.audit.append(manager, groupId, {
          kind: 'review-reminded',
          post: request.postId,
          request: request.id,
          member: memberId,
        })
      }
      return true
    })
  }
}

function dueAt(request: WaitingRequest, now: DateTime, waking: WakingHours): Due | null {
  const { createdAt: askedAt, slot, answerBy } = request
  const { half, last } = reminderTimes({ askedAt, slot, answerBy }, waking)
  if (last !== null && last <= now && !request.lastReminded) return { request, isLast: true }
  if (half !== null && half <= now && !request.halfReminded) return { request, isLast: false }
  return null
}
