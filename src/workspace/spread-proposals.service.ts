import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { openingOn } from '../drafts/content.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { SpreadingService } from '../scheduler/spreading.service.js'
import type { SpreadProposal, SpreadQuery } from './spread.dto.js'

/** What spreading a day again would do, as an editor reads it. */
@Injectable()
export class SpreadProposalsService {
  constructor(
    private readonly spreading: SpreadingService,
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
  ) {}

  async propose(group: ActingMember['group'], query: SpreadQuery): Promise<SpreadProposal> {
    const { manager } = this.transaction
    const proposals = await this.spreading.propose(manager, group, query.date, query.channelId ?? null)
    const ids = proposals.map(({ publication }) => publication.postId)
    const posts = new Map((await this.posts.listByIds(manager, group.id, ids)).map((post) => [post.id, post]))
    const moves = proposals.map(({ publication, channel, to }) => {
      const post = posts.get(publication.postId)
      return {
        publicationId: publication.id,
        channelName: channel.name,
        firstWords: post ? openingOn(post.content, channel.id) : '',
        before: publication.wall.slice(11, 16),
        after: to.wall.slice(11, 16),
        slot: to.at.toISO() ?? '',
        reasons: [...to.reasons],
      }
    })
    const sentence =
      moves.length === 0
        ? 'The posts of this day are spread as well as its windows allow. Nothing would move.'
        : `${moves.length === 1 ? 'One post moves' : `${moves.length} posts move`}, inside what the reviewers saw: nobody is asked again.`
    return { date: query.date, moves, sentence }
  }
}
