import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import { openingOf } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { GroupsService } from '../groups/groups.service.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { needsSentence } from './approval.js'
import { ReviewsStore } from './reviews.store.js'
import { standingMail } from './standing-mail.js'

interface News {
  readonly happened: string
  readonly asked?: string | null
  /** Who brought it about, and knows. */
  readonly except?: string
}

/** Mails at once when a post's approvals, or those who were asked, are no longer what they were. */
@Injectable()
export class StandingNotices {
  constructor(
    private readonly store: ReviewsStore,
    private readonly groups: GroupsService,
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  /** Tells the author and everybody whose answer is still waited for; the admins too when nobody is left to ask. */
  async tell(manager: EntityManager, post: PostEntity, { happened, asked, except }: News): Promise<void> {
    const group = await this.groups.get(post.groupId, manager)
    const people = await this.store.candidates(manager, post.groupId)
    const requests = post.currentRevisionId
      ? await this.store.requestsFor(manager, post.groupId, [post.currentRevisionId])
      : []
    const open = requests.filter((each) => !each.usedAt && !each.revokedAt && !each.handedOverAt)
    const contributors = await this.store.contributors(manager, post.groupId, post.id)
    const needs = needsSentence({
      ...(await this.store.count(manager, post.groupId, post.id)),
      held: post.heldAt !== null,
      contributorNames: contributors.map((each) => each.name),
    })
    const { subject, parts } = standingMail(
      {
        groupName: group.name,
        firstWords: openingOf(post.content),
        happened,
        needs: post.editing ? '' : needs,
        asked,
        waits: post.state === 'in_review' && !post.editing,
      },
      `${this.config.publicOrigin}/g/${group.slug}/posts/${post.id}`,
    )
    const told = new Set([post.authorId, ...open.map((each) => each.memberId)])
    const isTold = (each: (typeof people)[number]) =>
      told.has(each.memberId) || (asked === null && each.roles.includes('admin'))
    for (const person of people) {
      if (person.status !== 'active' || person.memberId === except || !isTold(person)) continue
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: person.personId,
        to: person.email,
        kind: 'post-standing',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${post.id}`,
      })
    }
  }
}
