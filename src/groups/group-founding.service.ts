import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Group } from './group.js'

type Step = (manager: EntityManager, group: Group) => Promise<void>

/** What every new group gets from features that come after this folder: they register it when they start. */
@Injectable()
export class GroupFounding {
  private readonly steps: Step[] = []

  /** Runs `step` for each new group, in the transaction that makes it. */
  add(step: Step): void {
    this.steps.push(step)
  }

  async run(manager: EntityManager, group: Group): Promise<void> {
    for (const step of this.steps) await step(manager, group)
  }
}
