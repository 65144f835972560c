import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Member } from './member.js'

/** A change of a member's roles or status that has just been made, in the transaction that makes it. */
export interface MemberChanged {
  readonly before: Member
  readonly after: Member
  /** The member who made it; null when a date came. */
  readonly by: string | null
}

type Step = (manager: EntityManager, changed: MemberChanged) => Promise<void>

/** What changed roles and statuses bring about, whoever or whatever changed them: features register it when they start. */
@Injectable()
export class MemberChanges {
  private readonly steps: Step[] = []

  /** Runs `step` after each change of roles or status, in its transaction, before the entry in the audit log. */
  add(step: Step): void {
    this.steps.push(step)
  }

  async run(manager: EntityManager, changed: MemberChanged): Promise<void> {
    for (const step of this.steps) await step(manager, changed)
  }
}
