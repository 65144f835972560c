import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { PasskeyEntity } from './passkey.entity.js'

@Injectable()
export class PasskeysStore {
  /** The passkeys of this human being, whichever of their sign-ins they were added with; the oldest first. */
  of(manager: EntityManager, personId: string): Promise<PasskeyEntity[]> {
    return manager
      .createQueryBuilder(PasskeyEntity, 'passkey')
      .where('passkey.person_id in (select people_of(:personId))', { personId })
      .orderBy('passkey.createdAt')
      .addOrderBy('passkey.id')
      .getMany()
  }

  async anyOf(manager: EntityManager, personId: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'select 1 from passkeys where person_id in (select people_of($1)) limit 1',
      [personId],
    )
    return rows.length > 0
  }

  byCredential(manager: EntityManager, credentialId: string): Promise<PasskeyEntity | null> {
    return manager.findOneBy(PasskeyEntity, { credentialId })
  }

  /** @returns false when the device's key is known already */
  async insert(manager: EntityManager, passkey: PasskeyEntity): Promise<boolean> {
    const { raw } = await manager
      .createQueryBuilder()
      .insert()
      .into(PasskeyEntity)
      .values(passkey)
      .orIgnore()
      .returning('id')
      .execute()
    return (raw as unknown[]).length > 0
  }

  async rename(manager: EntityManager, id: string, name: string): Promise<void> {
    await manager.update(PasskeyEntity, { id }, { name })
  }

  /** @returns false when it was gone already */
  async remove(manager: EntityManager, id: string): Promise<boolean> {
    return (await manager.delete(PasskeyEntity, { id })).affected === 1
  }

  /** Removes every passkey of this human being. @returns how many there were */
  async removeAll(manager: EntityManager, personId: string): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(
      'delete from passkeys where person_id in (select people_of($1))',
      [personId],
    )
    return count
  }

  /** Locks the passkey until commit, so that two uses at once are counted one after the other. */
  lock(manager: EntityManager, id: string): Promise<PasskeyEntity | null> {
    return manager.findOne(PasskeyEntity, { where: { id }, lock: { mode: 'pessimistic_write' } })
  }

  async noteUse(manager: EntityManager, id: string, counter: number, at: Date): Promise<void> {
    await manager.query('update passkeys set counter = $2, last_used_at = $3 where id = $1', [id, counter, at])
  }

  /** Keeps a challenge until it is answered or has run out. By the machine's clock, as all of signing in. */
  async addChallenge(
    manager: EntityManager,
    challenge: { hash: string; purpose: string; personId: string | null; minutes: number },
  ): Promise<void> {
    await manager.query(
      `insert into passkey_challenges (hash, purpose, person_id, expires_at)
       values ($1, $2, $3, clock_timestamp() + $4 * interval '1 minute')`,
      [challenge.hash, challenge.purpose, challenge.personId, challenge.minutes],
    )
  }

  /** Uses a challenge up, whatever it is then good for. @returns what it was made for, or null when there is none that lives */
  async takeChallenge(
    manager: EntityManager,
    hash: string,
  ): Promise<{ purpose: string; personId: string | null } | null> {
    const [rows]: [{ purpose: string; personId: string | null; alive: boolean }[], number] = await manager.query(
      `delete from passkey_challenges where hash = $1
       returning purpose, person_id as "personId", expires_at > clock_timestamp() as alive`,
      [hash],
    )
    const row = rows[0]
    return row?.alive ? { purpose: row.purpose, personId: row.personId } : null
  }

  async sweepChallenges(manager: EntityManager): Promise<void> {
    await manager.query('delete from passkey_challenges where expires_at < clock_timestamp()')
  }
}
