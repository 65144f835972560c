import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { TargetsService } from '../drafts/targets.service.js'
import type { ActingMember } from '../groups/acting-member.js'
import { inWords } from '../reviewers/approval.js'
import { AskingService, carriedBy } from '../reviewers/asking/asking.service.js'
import { ExaminationService } from '../reviewers/asking/examination.service.js'
import { PlanningService } from '../scheduler/planning.service.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { inputOf } from './post-commands.service.js'
import type { CheckPostDto } from './post-input.dto.js'
import { targetView, type CheckResult } from './post-views.dto.js'

/** Placing asks for an id to choose a minute by; a draft that is only being typed has none yet. */
const noPost = '00000000-0000-7000-8000-000000000000'

/** Tells an editor, while they type, what each network would say, who would be asked, and when it would go. */
@Injectable()
export class CheckService {
  constructor(
    private readonly transaction: Transaction,
    private readonly examination: ExaminationService,
    private readonly targets: TargetsService,
    private readonly planning: PlanningService,
    private readonly publications: PublicationsStore,
    private readonly asking: AskingService,
  ) {}

  async check(acting: ActingMember, given: CheckPostDto): Promise<CheckResult> {
    const input = inputOf(acting, given)
    const { manager } = this.transaction
    const postId = given.postId ?? null
    const planned = postId === null ? [] : await this.publications.ofPost(manager, acting.groupId, postId)
    const targets = await this.targets.lookUp(acting.groupId, input.content, true)
    const findings = await this.examination.examine(manager, { groupId: acting.groupId, ...input }, targets)
    const pool = await this.asking.pool(manager, acting.groupId, postId, acting, carriedBy(input))
    const draft = {
      id: postId ?? noPost,
      content: input.content,
      wish: input.wish,
      usefulUntil: input.usefulUntil,
      labels: [...input.labels],
      approvedAt: null,
    }
    const channels = []
    for (const { channel, used, limit, unit, parts, problems, cost, target, manner } of findings.channels) {
      const existing = planned.find((each) => each.channelId === channel.id) ?? null
      const placement = await this.planning.preview(manager, acting.group, draft, channel, existing)
      channels.push({
        channelId: channel.id,
        used,
        limit,
        unit,
        parts: parts.map((part) => ({ ...part })),
        problems: problems.map((problem) => ({ ...problem })),
        cost,
        target: target && targetView(target, manner ?? 'answer'),
        slot:
          placement.kind === 'placed'
            ? {
                at: placement.at.toISO() ?? '',
                text: spokenTime(placement.at, acting.group.timeZone),
                windowName: placement.windowName,
                reasons: [...placement.reasons],
              }
            : null,
        noSlot: placement.kind === 'no-slot' ? placement.reason : null,
      })
    }
    const who = pool.asked.map((each) => each.name)
    const { needed } = pool
    return {
      channels,
      problems: [...findings.problems],
      reviewers: {
        who,
        needed,
        refused: pool.refusal,
        sentence:
          pool.refusal ??
          `${inWords(who, 'and')} will be asked; ${needed === 1 ? 'one of them has' : `${needed} of them have`} to approve.`,
      },
    }
  }
}
