import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AbsenceEntity } from './absence.entity.js'
import { AccountableManagerEntity } from './accountable-manager.entity.js'
import { CodeOfEthicsEntity } from './code-of-ethics.entity.js'
import type { Asked } from './unanswered.js'

@Injectable()
export class GovernanceStore {
  managers(manager: EntityManager, groupId: string): Promise<AccountableManagerEntity[]> {
    return manager.find(AccountableManagerEntity, { where: { groupId }, order: { place: 'asc' } })
  }

  /** Every group's, locked until the transaction ends. */
  lockEveryManager(manager: EntityManager): Promise<AccountableManagerEntity[]> {
    return manager.find(AccountableManagerEntity, {
      order: { groupId: 'asc', place: 'asc' },
      lock: { mode: 'pessimistic_write' },
    })
  }

  async putManager(manager: EntityManager, entry: AccountableManagerEntity): Promise<void> {
    await manager.upsert(AccountableManagerEntity, entry, ['groupId', 'place'])
  }

  /** @returns false when the place is empty */
  async updateManager(
    manager: EntityManager,
    groupId: string,
    place: number,
    change: Partial<AccountableManagerEntity>,
  ): Promise<boolean> {
    return (await manager.update(AccountableManagerEntity, { groupId, place }, change)).affected === 1
  }

  /** @returns false when the place was empty */
  async removeManager(manager: EntityManager, groupId: string, place: number): Promise<boolean> {
    return (await manager.delete(AccountableManagerEntity, { groupId, place })).affected === 1
  }

  /** Whether two addresses are those of one human being who is known here. */
  async sameHuman(manager: EntityManager, one: string, other: string): Promise<boolean> {
    const rows: { same: boolean }[] = await manager.query(
      `select root_person(a.id) = root_person(b.id) as same from people a, people b
       where lower(a.email) = lower($1) and lower(b.email) = lower($2)`,
      [one, other],
    )
    return rows[0]?.same ?? false
  }

  /** The code in force: the highest number. */
  code(manager: EntityManager, groupId: string): Promise<CodeOfEthicsEntity | null> {
    return manager.findOne(CodeOfEthicsEntity, { where: { groupId }, order: { number: 'desc' } })
  }

  async insertCode(manager: EntityManager, code: CodeOfEthicsEntity): Promise<void> {
    await manager.insert(CodeOfEthicsEntity, code)
  }

  /** Who is away today on the clocks of the group, and until when. */
  async away(manager: EntityManager, groupId: string): Promise<{ memberId: string; until: string }[]> {
    return manager.query(
      `select member_id as "memberId", until::text from absences where group_id = $1 and is_away(group_id, member_id)
       order by member_id`,
      [groupId],
    )
  }

  async putAbsence(manager: EntityManager, absence: AbsenceEntity): Promise<void> {
    await manager.upsert(AbsenceEntity, absence, ['groupId', 'memberId'])
  }

  async removeAbsence(manager: EntityManager, groupId: string, memberId: string): Promise<boolean> {
    return (await manager.delete(AbsenceEntity, { groupId, memberId })).affected === 1
  }

  /** What each active reviewer was asked since then. Somebody who passes a request on has answered it. */
  async asked(manager: EntityManager, groupId: string, since: Date): Promise<Map<string, Asked[]>> {
    const rows: { memberId: string; askedAt: Date; answeredAt: Date | null; settledAt: Date | null }[] =
      await manager.query(
        `select r.member_id as "memberId", r.created_at as "askedAt", coalesce(r.used_at, r.handed_over_at) as "answeredAt",
           least(r.revoked_at, (
             select min(v.at) from verdicts v
             where v.group_id = r.group_id and v.revision_id = r.revision_id and v.member_id <> r.member_id
           )) as "settledAt"
         from review_requests r join members m on m.group_id = r.group_id and m.id = r.member_id
         where r.group_id = $1 and r.created_at >= $2 and m.status = 'active' and 'reviewer' = any (m.roles)`,
        [groupId, since],
      )
    const asked = new Map<string, Asked[]>()
    for (const { memberId, askedAt, answeredAt, settledAt } of rows) {
      const list = asked.get(memberId) ?? []
      list.push({
        askedAt: instant(askedAt),
        answeredAt: answeredAt && instant(answeredAt),
        settledAt: settledAt && instant(settledAt),
      })
      asked.set(memberId, list)
    }
    return asked
  }
}

function instant(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' })
}
