import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import { PoliciesStore } from './policies.store.js'
import { strictest, type CurrentPolicy, type Policy } from './policy.js'

/** The rules of reviewing: which are in force, and which bind a post. */
@Injectable()
export class PoliciesService {
  constructor(
    private readonly store: PoliciesStore,
    private readonly transaction: Transaction,
  ) {}

  /** The policy in force. */
  async current(groupId: string, manager: EntityManager = this.transaction.manager): Promise<CurrentPolicy> {
    const policy = await this.store.current(manager, groupId)
    if (!policy) throw new Error(`Group ${groupId} has no policy`)
    return policy
  }

  /** All that a post has to meet, as one policy: that of its sending, and every one in force since. */
  async over(manager: EntityManager, groupId: string, postId: string): Promise<Policy> {
    return strictest(await this.store.over(manager, groupId, postId))
  }
}
