import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ConsentEntity } from './consent.entity.js'

@Injectable()
export class ConsentsStore {
  async insert(manager: EntityManager, consent: ConsentEntity): Promise<void> {
    await manager.insert(ConsentEntity, consent)
  }

  find(manager: EntityManager, groupId: string, id: string): Promise<ConsentEntity | null> {
    return manager.findOneBy(ConsentEntity, { groupId, id })
  }

  /** By the hash of its state, locked until the transaction ends. */
  lockByState(manager: EntityManager, groupId: string, stateHash: string): Promise<ConsentEntity | null> {
    return manager.findOne(ConsentEntity, { where: { groupId, stateHash }, lock: { mode: 'pessimistic_write' } })
  }

  async update(manager: EntityManager, consent: ConsentEntity, change: Partial<ConsentEntity>): Promise<void> {
    await manager.update(ConsentEntity, { groupId: consent.groupId, id: consent.id }, change)
  }
}
