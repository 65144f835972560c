import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { ProofWay } from './proof.js'

/** A device on which somebody is signed in. */
export interface SessionRow {
  readonly id: string
  readonly userAgent: string | null
  readonly createdAt: Date
  /** `YYYY-MM-DD`. */
  readonly lastUsedOn: string
}

/** A device that was confirmed for reviewing and nothing else. */
export interface ReviewDeviceRow {
  readonly id: string
  readonly groupName: string
  readonly words: string
  readonly createdAt: Date
  readonly lastUsedOn: string
}

export interface StepUpCode {
  readonly codeHash: string
  readonly tries: number
  readonly alive: boolean
}

/** Of the person's rows of the library, whichever of their sign-ins they belong to. */
const own = `"userId" in (select "id" from sign_in_users where "personId" in (select people_of($1)))`

/**
 * Sessions and what is kept about them. All by the machine's clock, as the library does it: letting the time of a
 * demonstration pass signs nobody out.
 */
@Injectable()
export class SessionsStore {
  async proof(
    manager: EntityManager,
    sessionId: string,
    freshMinutes: number,
  ): Promise<{ by: ProofWay; isRecent: boolean; withPasskey: boolean } | null> {
    const rows: { by: ProofWay; isRecent: boolean; withPasskey: boolean }[] = await manager.query(
      `select "provedBy" as by, "provedAt" > clock_timestamp() - $2 * interval '1 minute' as "isRecent",
         "passkeyAt" is not null as "withPasskey"
       from sign_in_sessions where "id" = $1`,
      [sessionId, freshMinutes],
    )
    return rows[0] ?? null
  }

  async noteProof(manager: EntityManager, sessionId: string, by: ProofWay): Promise<void> {
    await manager.query(
      `update sign_in_sessions set "provedAt" = clock_timestamp(), "provedBy" = $2::text,
         "passkeyAt" = case when $2::text = 'passkey' then clock_timestamp() else "passkeyAt" end
       where "id" = $1`,
      [sessionId, by],
    )
  }

  /** Notes the day of use, once a day. */
  async noteUse(manager: EntityManager, sessionId: string): Promise<void> {
    await manager.query(
      `update sign_in_sessions set "lastUsedOn" = current_date where "id" = $1 and "lastUsedOn" < current_date`,
      [sessionId],
    )
  }

  /** Where the person is signed in, the newest first. */
  list(manager: EntityManager, personId: string): Promise<SessionRow[]> {
    return manager.query(
      `select "id", "userAgent", "createdAt", "lastUsedOn"::text as "lastUsedOn" from sign_in_sessions
       where ${own} and "expiresAt" > clock_timestamp() order by "createdAt" desc, "id"`,
      [personId],
    )
  }

  /** @returns false when there was no such session of theirs */
  async end(manager: EntityManager, personId: string, sessionId: string): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `delete from sign_in_sessions where ${own} and "id" = $2`,
      [personId, sessionId],
    )
    return count === 1
  }

  /** Ends all sessions of the person but this one. @returns how many there were */
  async endOthers(manager: EntityManager, personId: string, sessionId: string): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(
      `delete from sign_in_sessions where ${own} and "id" <> $2`,
      [personId, sessionId],
    )
    return count
  }

  /** The devices that the person confirmed for reviewing, the newest first. */
  reviewDevices(manager: EntityManager, personId: string): Promise<ReviewDeviceRow[]> {
    return manager.query(
      `select d.id, g.name as "groupName", d.words, d.created_at as "createdAt", d.last_used_on::text as "lastUsedOn"
       from review_devices d join members m on m.group_id = d.group_id and m.id = d.member_id
         join groups g on g.id = d.group_id
       where m.person_id in (select people_of($1)) and d.revoked_at is null and d.expires_at > clock()
       order by d.created_at desc, d.id`,
      [personId],
    )
  }

  /** @returns the group and member it was confirmed for, or null when there was no such device of theirs */
  async forgetReviewDevice(
    manager: EntityManager,
    personId: string,
    id: string,
  ): Promise<{ groupId: string; memberId: string } | null> {
    const [rows]: [{ groupId: string; memberId: string }[], number] = await manager.query(
      `update review_devices d set revoked_at = clock() from members m
       where m.group_id = d.group_id and m.id = d.member_id and d.revoked_at is null and d.id = $2
         and m.person_id in (select people_of($1))
       returning d.group_id as "groupId", d.member_id as "memberId"`,
      [personId, id],
    )
    return rows[0] ?? null
  }

  /** Forgets every device that the person confirmed for reviewing. */
  async forgetReviewDevices(manager: EntityManager, personId: string): Promise<void> {
    await manager.query(
      `update review_devices d set revoked_at = clock() from members m
       where m.group_id = d.group_id and m.id = d.member_id and d.revoked_at is null
         and m.person_id in (select people_of($1))`,
      [personId],
    )
  }

  /** Keeps a new code. Tries count on from the code before while that one would still live: a new code is no new chance. */
  async putCode(manager: EntityManager, sessionId: string, codeHash: string, minutes: number): Promise<void> {
    await manager.query(
      `insert into step_up_codes (session_id, code_hash, sent_at, expires_at)
       values ($1, $2, clock_timestamp(), clock_timestamp() + $3 * interval '1 minute')
       on conflict (session_id) do update set code_hash = excluded.code_hash, sent_at = excluded.sent_at,
         expires_at = excluded.expires_at,
         tries = case when step_up_codes.expires_at > clock_timestamp() then step_up_codes.tries else 0 end`,
      [sessionId, codeHash, minutes],
    )
  }

  /** Locks the session's code until commit. */
  async lockCode(manager: EntityManager, sessionId: string): Promise<StepUpCode | null> {
    const rows: StepUpCode[] = await manager.query(
      `select code_hash as "codeHash", tries, expires_at > clock_timestamp() as alive
       from step_up_codes where session_id = $1 for update`,
      [sessionId],
    )
    return rows[0] ?? null
  }

  async countWrongCode(manager: EntityManager, sessionId: string): Promise<void> {
    await manager.query('update step_up_codes set tries = tries + 1 where session_id = $1', [sessionId])
  }

  async dropCode(manager: EntityManager, sessionId: string): Promise<void> {
    await manager.query('delete from step_up_codes where session_id = $1', [sessionId])
  }

  /** Whether the person is known to have signed in on this browser, and on any at all. */
  async knownDevices(
    manager: EntityManager,
    personId: string,
    tokenHash: string | null,
  ): Promise<{ any: boolean; this: boolean }> {
    const rows: { any: boolean; this: boolean }[] = await manager.query(
      `select count(*) > 0 as any, coalesce(bool_or(token_hash = $2 and forgotten_at is null), false) as this
       from known_devices where person_id = $1`,
      [personId, tokenHash],
    )
    return rows[0] ?? { any: false, this: false }
  }

  async addDevice(manager: EntityManager, device: { id: string; personId: string; tokenHash: string }): Promise<void> {
    await manager.query(
      `insert into known_devices (id, person_id, token_hash, created_at) values ($1, $2, $3, clock())
       on conflict (token_hash, person_id) do update set forgotten_at = null`,
      [device.id, device.personId, device.tokenHash],
    )
  }

  /** From now on every sign-in of the person is one on a new device. */
  async forgetDevices(manager: EntityManager, personId: string): Promise<void> {
    await manager.query(
      `update known_devices set forgotten_at = clock()
       where person_id in (select people_of($1)) and forgotten_at is null`,
      [personId],
    )
  }
}
