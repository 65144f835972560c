import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { PersonEntity } from './person.entity.js'

/** A membership of one of several sign-ins of a human being. */
export interface Belonging {
  readonly groupId: string
  readonly memberId: string
  readonly personId: string
  readonly name: string
  readonly email: string
}

@Injectable()
export class SamePersonStore {
  async rootOf(manager: EntityManager, personId: string): Promise<string> {
    const [row]: { root: string }[] = await manager.query('select root_person($1) as root', [personId])
    if (!row) throw new Error('A person vanished')
    return row.root
  }

  /** Every membership, past ones too, of all the sign-ins of these human beings. */
  belongings(manager: EntityManager, roots: readonly string[]): Promise<Belonging[]> {
    return manager.query(
      `select m.group_id as "groupId", m.id as "memberId", p.id as "personId", p.name, p.email
       from members m join people p on p.id = m.person_id
       where root_person(p.id) = any ($1) order by m.group_id, m.id`,
      [[...roots]],
    )
  }

  async link(manager: EntityManager, root: string, sameAs: string): Promise<void> {
    await manager.update(PersonEntity, { id: root }, { sameAs })
  }
}
