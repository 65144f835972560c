import { Injectable } from '@nestjs/common'

import { AuditLog } from '../../audit/audit-log.service.js'
import { Transaction } from '../../database/transaction.js'
import { PostsStore } from '../../drafts/posts.store.js'
import { GroupsService } from '../../groups/groups.service.js'
import { Clock } from '../../kernel/clock.js'
import { DomainError } from '../../kernel/domain-error.js'
import { PublicationsStore } from '../../scheduler/publications.store.js'
import type { Access } from '../page/review-access.service.js'
import { ReviewsStore } from '../reviews.store.js'
import { AskingService } from './asking.service.js'
import { AuthorMailsService } from './author-mails.service.js'

/** "Someone else should check this": the next reviewer of the pool is asked, and the author is told. */
@Injectable()
export class HandingOverService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly groups: GroupsService,
    private readonly asking: AskingService,
    private readonly authors: AuthorMailsService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `replaced`, `nobody-left` */
  async handOver(access: Pick<Access, 'request' | 'reviewer'>): Promise<void> {
    const group = await this.groups.get(access.request.groupId)
    await this.transaction.run(async (manager) => {
      const post = await this.posts.lock(manager, group.id, access.request.postId)
      const request = await this.store.lockRequest(manager, access.request)
      // Pressed twice: the first press has passed it on.
      if (request.handedOverAt) return
      const revision = await this.posts.revision(manager, group.id, request.revisionId)
      if (!revision || post.currentRevisionId !== revision.id)
        throw new DomainError('replaced', 'Another version has replaced this one.', 'conflict')
      const slots = await this.publications.ofPost(manager, group.id, post.id)
      const name = await this.asking.handOver(manager, group, post, revision, slots, access.reviewer.name)
      const others = (await this.store.requestsFor(manager, group.id, [revision.id])).some(
        (each) => each.id !== request.id && !each.usedAt && !each.handedOverAt && !each.revokedAt,
      )
      if (!name && !others) {
        throw new DomainError(
          'nobody-left',
          'There is nobody else who could check this post: everyone else wrote it or was asked. Please decide, or ask for changes.',
          'conflict',
        )
      }
      const now = this.clock.now()
      await this.store.handedOver(manager, request, now)
      const said = name ? `${name} was asked instead.` : 'The others who were asked will check it.'
      const text = `${access.reviewer.name} asked for somebody else to check it. ${said}`
      await this.posts.addEvent(manager, post, post.id, now, text)
      await this.authors.passedOn(manager, group, post, access.reviewer.name, said)
      await this.audit.append(manager, group.id, {
        kind: 'review-handed-over',
        post: request.postId,
        request: request.id,
        member: request.memberId,
      })
    })
  }
}
