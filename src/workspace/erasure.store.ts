import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { erasedWords, everywhereWithoutName, nobodyNow, withoutName } from './erasing.js'

/** One membership of somebody who is to be erased. */
export interface ErasedMember {
  readonly groupId: string
  readonly memberId: string
  readonly status: string
}

/** The statements that make somebody’s data go, and nothing that the log, the verdicts or the gate stand on. */
@Injectable()
export class ErasureStore {
  /** The rows of the human being who has this address: merged people have several. */
  people(manager: EntityManager, email: string): Promise<{ id: string; name: string; email: string }[]> {
    return manager.query(
      `select id, name, email from people where root_person(id) =
         (select root_person(id) from people where lower(email) = $1 and erased_at is null) order by id`,
      [email],
    )
  }

  /** Locks the groups, in one order for everybody. */
  async memberships(manager: EntityManager, people: readonly string[]): Promise<ErasedMember[]> {
    await manager.query(
      `select 1 from groups where id in (select group_id from members where person_id = any ($1)) order by id for update`,
      [people],
    )
    return manager.query(
      `select group_id as "groupId", id as "memberId", status from members where person_id = any ($1) order by group_id, id`,
      [people],
    )
  }

  /** Posts of theirs that still wait for something. */
  openPosts(manager: EntityManager, people: readonly string[]): Promise<{ groupName: string; text: string }[]> {
    return manager.query(
      `select g.name as "groupName", p.content ->> 'text' as text from posts p
       join members m on m.group_id = p.group_id and m.id = p.author_id join groups g on g.id = p.group_id
       where m.person_id = any ($1) and (p.state in ('draft', 'in_review', 'changes_requested') or p.state = 'approved' and (
         not exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id)
         or exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
           and u.state in ('planned', 'publishing', 'in_doubt', 'unconfirmed', 'missed', 'retracting')
           and u.failure_accepted_by is null)))
       order by p.updated_at`,
      [people],
    )
  }

  async erasePerson(manager: EntityManager, person: { id: string; email: string }): Promise<void> {
    const run = (sql: string, ...more: unknown[]) => manager.query(sql, [person.id, ...more])
    await run(
      `update people set name = $2, email = 'erased-' || id || '@invalid', erased_at = clock() where id = $1`,
      nobodyNow,
    )
    // Sessions go with the user, and with them the codes that were sent to them.
    await run('delete from sign_in_users where "personId" = $1')
    await manager.query(`delete from sign_in_verifications where position($1 in lower(value)) > 0`, [
      `"${person.email.toLowerCase()}"`,
    ])
    await run('delete from passkey_challenges where person_id = $1')
    await run('delete from passkeys where person_id = $1')
    await run('update known_devices set forgotten_at = coalesce(forgotten_at, clock()) where person_id = $1')
    await run(
      `update review_devices d set revoked_at = coalesce(d.revoked_at, clock()) from members m
       where m.group_id = d.group_id and m.id = d.member_id and m.person_id = $1`,
    )
    await run('delete from mails where person_id = $1 or lower(recipient) = $2', person.email.toLowerCase())
    await run('delete from audit_details where person_id = $1')
    await run('select erase_notes($1)')
    await run(`update comments set text = '', removed_at = clock() where person_id = $1 and removed_at is null`)
    await run(`update suggestions set words = $2, note = '' where person_id = $1 and before <> $2`, erasedWords)
    await run(
      `update publications p set retract_reason = $2 from members m
       where m.group_id = p.group_id and m.id = p.retracted_by and m.person_id = $1 and p.retract_reason is not null`,
      erasedWords,
    )
    await run(
      `update hand_overs h set notes = '' from members m
       where m.group_id = h.group_id and m.id = h.member_id and m.person_id = $1`,
    )
  }

  /** Takes the name out of the group's history, old summaries and the subjects of its mails. */
  async forgetName(manager: EntityManager, groupId: string, name: string): Promise<void> {
    const rows: { name: string }[] = await manager.query(
      'select distinct p.name from members m join people p on p.id = m.person_id where m.group_id = $1',
      [groupId],
    )
    const others = rows.map((row) => row.name)
    const like = `%${name.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    const events: { id: string; text: string }[] = await manager.query(
      'select id, text from post_events where group_id = $1 and text like $2',
      [groupId, like],
    )
    for (const { id, text } of events) {
      await manager.query('update post_events set text = $3 where group_id = $1 and id = $2', [
        groupId,
        id,
        withoutName(text, name, others),
      ])
    }
    const mails: { id: string; subject: string }[] = await manager.query(
      'select id, subject from mails where group_id = $1 and subject like $2',
      [groupId, like],
    )
    for (const { id, subject } of mails) {
      await manager.query('update mails set subject = $2 where id = $1', [id, withoutName(subject, name, others)])
    }
    const summaries: { week: string; content: unknown }[] = await manager.query(
      'select week, content from summaries where group_id = $1 and content::text like $2',
      [groupId, like],
    )
    for (const { week, content } of summaries) {
      await manager.query('update summaries set content = $3 where group_id = $1 and week = $2', [
        groupId,
        week,
        JSON.stringify(everywhereWithoutName(content, name, others)),
      ])
    }
  }
}
