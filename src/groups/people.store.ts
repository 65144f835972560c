import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { PersonEntity } from './person.entity.js'

@Injectable()
export class PeopleStore {
  async findByEmail(manager: EntityManager, email: string): Promise<PersonEntity | null> {
    return manager.createQueryBuilder(PersonEntity, 'person').where('lower(person.email) = :email', { email }).getOne()
  }

  find(manager: EntityManager, id: string): Promise<PersonEntity | null> {
    return manager.findOneBy(PersonEntity, { id })
  }

  /** Whether two rows stand for one human being. */
  async areSame(manager: EntityManager, one: string, other: string): Promise<boolean> {
    const rows: { same: boolean }[] = await manager.query('select root_person($1) = root_person($2) as same', [
      one,
      other,
    ])
    return rows[0]?.same ?? false
  }

  async lock(manager: EntityManager, id: string): Promise<void> {
    await manager.query('select 1 from people where id = $1 for no key update', [id])
  }

  /** Adds the person unless somebody has the address already. */
  async add(
    manager: EntityManager,
    person: { id: string; name: string; email: string; createdAt: Date },
  ): Promise<void> {
    await manager.query(
      `insert into people (id, name, email, created_at) values ($1, $2, $3, $4) on conflict (lower(email)) do nothing`,
      [person.id, person.name, person.email, person.createdAt],
    )
  }

  /** How many mails of this kind were written to the person in the last minutes. */
  async mailsWithin(manager: EntityManager, personId: string, kind: string, minutes: number): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `select count(*)::integer as count from mails
       where person_id = $1 and kind = $2 and created_at >= clock() - $3 * interval '1 minute'`,
      [personId, kind, minutes],
    )
    return rows[0]?.count ?? 0
  }

  /** How many sign-in links were mailed to the person from then on. */
  async signInMailsSince(manager: EntityManager, personId: string, since: Date): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `select count(*)::integer as count from mails where person_id = $1 and kind = 'sign-in' and created_at >= $2`,
      [personId, since],
    )
    return rows[0]?.count ?? 0
  }
}
