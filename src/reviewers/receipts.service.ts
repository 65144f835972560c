import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import type { Candidate } from './approval.js'
import { AuthorMailsService } from './asking/author-mails.service.js'
import { LinksService } from './asking/links.service.js'
import { receiptMail } from './asking/review-mail.js'
import type { ReviewRequestEntity } from './asking/review-request.entity.js'
import { ReviewsStore } from './reviews.store.js'

interface Given {
  readonly kind: 'approve' | 'changes' | 'stop'
  readonly note: string
  readonly token: string | null
}

/** Tells the reviewer and the author at once what was decided, with a way to stop it. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly groups: GroupsService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly authors: AuthorMailsService,
    private readonly links: LinksService,
  ) {}

  async send(
    manager: EntityManager,
    post: PostEntity,
    request: ReviewRequestEntity,
    given: Given,
    reviewer: Candidate,
  ): Promise<void> {
    const group = await this.groups.get(post.groupId, manager)
    const candidates = await this.store.candidates(manager, post.groupId)
    const author = candidates.find((each) => each.memberId === post.authorId)
    const revision = await this.posts.revision(manager, post.groupId, request.revisionId)
    const slots = await this.publications.ofPost(manager, post.groupId, post.id)
    const head = await this.audit.head(post.groupId, manager)
    const postPage = this.authors.page(group, post)
    const receipt = {
      groupName: group.name,
      reviewerName: reviewer.name,
      decision: given.kind,
      note: given.note.trim() || null,
      version: revision?.number ?? 0,
      firstWords: await this.authors.words(manager, post),
      approved: post.state === 'approved' && post.heldAt === null,
      when:
        slots.length > 0
          ? slots.map((each) => spokenTime(each.slot, group.timeZone))
          : post.wish.kind === 'as_soon_as_approved'
            ? ['as soon as it is approved']
            : [],
      auditHead: `${head.seq}:${head.hash}`,
    }
    const letters = [
      {
        to: reviewer,
        link: given.token ? this.links.address(given.token) : postPage,
        forReviewer: true,
      },
      ...(author && author.personId !== reviewer.personId ? [{ to: author, link: postPage, forReviewer: false }] : []),
    ]
    for (const { to, link, forReviewer } of letters) {
      const { subject, parts } = receiptMail(receipt, { link, forReviewer })
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: to.personId,
        to: to.email,
        kind: 'review-receipt',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${post.id}`,
      })
    }
  }
}
