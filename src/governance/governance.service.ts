import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { GovernanceStore } from './governance.store.js'
import { answersOf, answersSentence, periodDays, tooMany } from './unanswered.js'

/** A reviewer whose last requests all went unanswered, in words. */
export interface Unanswering {
  readonly memberId: string
  readonly name: string
  readonly sentence: string
}

/** Who may have too much on their hands. */
@Injectable()
export class GovernanceService {
  constructor(
    private readonly store: GovernanceStore,
    private readonly members: MembersService,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /**
   * Reviewers who left at least three requests in a row unanswered, by name: a care for people, not a ranking.
   * Whoever is not asked at the moment is left out.
   */
  async unanswering(group: { id: string; timeZone: string }): Promise<Unanswering[]> {
    const now = this.clock.now()
    const { manager } = this.transaction
    const asked = await this.store.asked(manager, group.id, now.minus({ days: periodDays }).toJSDate())
    const away = new Set((await this.store.away(manager, group.id)).map((each) => each.memberId))
    return (await this.members.activeWith(group.id, 'reviewer', manager)).flatMap(({ id, name }) => {
      const answers = answersOf(asked.get(id) ?? [], now)
      if (answers.inARow < tooMany || away.has(id)) return []
      return [{ memberId: id, name, sentence: answersSentence(name, answers, group.timeZone) }]
    })
  }
}
