import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { openingOf } from '../../drafts/content.js'
import type { PostEntity } from '../../drafts/post.entity.js'
import { composeMail } from '../../mail/mail-layout.js'
import { Mailer } from '../../mail/mailer.service.js'
import { ReviewsStore } from '../reviews.store.js'
import { nobodyLeftMail, passedOnMail } from './asking-mail.js'
import { LinksService } from './links.service.js'
import type { WrittenMail } from './review-mail.js'
import { ReviewSettingsService } from './review-settings.service.js'

interface MailingGroup {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** What authors are told about the people who were asked. */
@Injectable()
export class AuthorMailsService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly links: LinksService,
    private readonly settings: ReviewSettingsService,
    private readonly mailer: Mailer,
  ) {}

  /** A reviewer wants somebody else to look; `said` is who. */
  async passedOn(
    manager: EntityManager,
    group: MailingGroup,
    post: PostEntity,
    reviewerName: string,
    said: string,
  ): Promise<void> {
    const words = await this.words(manager, post)
    const facts = { groupName: group.name, reviewerName, firstWords: words, said }
    await this.mail(manager, group, post, 'review-passed-on', passedOnMail(facts, this.page(group, post)))
  }

  /** The time for answers runs out and there is nobody left to ask. */
  async nobodyLeft(
    manager: EntityManager,
    group: MailingGroup,
    post: PostEntity,
    facts: { deadline: string; asked: string; needs: string },
  ): Promise<void> {
    const words = await this.words(manager, post)
    const mail = nobodyLeftMail({ ...facts, groupName: group.name, firstWords: words }, this.page(group, post))
    await this.mail(manager, group, post, 'review-nobody-left', mail)
  }

  /** The first words of a post for a mail; null when the group keeps words out of mails. */
  async words(manager: EntityManager, post: PostEntity): Promise<string | null> {
    const { mailContent } = await this.settings.get(post.groupId, manager)
    return mailContent === 'none' ? null : openingOf(post.content)
  }

  /** Where the group's members find the post. */
  page(group: { readonly slug: string }, post: PostEntity): string {
    return this.links.postPage(group.slug, post.id)
  }

  private async mail(
    manager: EntityManager,
    group: MailingGroup,
    post: PostEntity,
    kind: string,
    { subject, parts }: WrittenMail,
  ): Promise<void> {
    const author = (await this.store.candidates(manager, group.id)).find((each) => each.memberId === post.authorId)
    if (author?.status !== 'active') return
    await this.mailer.enqueue(manager, {
      groupId: group.id,
      personId: author.personId,
      to: author.email,
      kind,
      subject,
      ...composeMail(parts, { title: subject, groupName: group.name }),
      thread: `post-${post.id}`,
    })
  }
}
