import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import { openingOf } from '../drafts/content.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { acknowledgeBy } from './publication-words.js'
import type { PublicationEntity } from './publication.entity.js'
import { spokenTime } from './spoken-time.js'

/** Asks for a second person's word that taking a post down was right: at once, and again before the day is over. */
@Injectable()
export class TakedownNotices {
  constructor(
    private readonly posts: PostsStore,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  /** Mails the author and the admins, and for the reminder everybody, except whoever took it down. */
  async ask(manager: EntityManager, publication: PublicationEntity, reminder: boolean): Promise<void> {
    const { groupId, postId, retractedBy, retractAskedAt, retractReason } = publication
    if (!retractedBy || !retractAskedAt) return
    const group = await this.groups.get(groupId, manager)
    const post = await this.posts.get(manager, groupId, postId)
    const all = await this.members.list(groupId, manager)
    const who = all.find((each) => each.id === retractedBy)
    const told = all.filter(
      (each) =>
        each.status === 'active' &&
        each.personId !== who?.personId &&
        (reminder || each.id === post.authorId || each.roles.includes('admin')),
    )
    const subject = `${group.name}: ${reminder ? 'please still look at' : 'somebody takes down'} a post`
    const by = spokenTime(acknowledgeBy(retractAskedAt), group.timeZone)
    for (const member of told) {
      await this.mailer.enqueue(manager, {
        groupId,
        personId: member.personId,
        to: member.email,
        kind: reminder ? 'takedown-reminder' : 'takedown',
        subject,
        ...composeMail(
          [
            { kind: 'text', text: `${who?.name ?? 'Somebody'} asked for this post to be taken down:` },
            { kind: 'quote', text: openingOf(post.content) },
            { kind: 'text', text: `The reason: ${retractReason ?? ''}` },
            {
              kind: 'text',
              text: `Please look, and say on the post’s page that you have seen it, by ${by}. One other person is enough.`,
            },
            {
              kind: 'button',
              label: 'Look at the post',
              href: `${this.config.publicOrigin}/g/${group.slug}/posts/${postId}`,
            },
          ],
          { title: subject, groupName: group.name },
        ),
        thread: `post-${postId}`,
        onceKey: `takedown-${reminder}-${publication.id}-${retractAskedAt.toMillis()}-${member.id}`,
      })
    }
  }
}
