import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import { firstWords, openingOf } from '../drafts/content.js'
import { openEnvelope } from '../drafts/envelope.js'
import { mannerOn } from '../drafts/parts.js'
import { PostsStore } from '../drafts/posts.store.js'
import { authorWords, targetWords, type ApprovedTarget } from '../drafts/target.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { composeMail, type MailPart } from '../mail/mail-layout.js'
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
    const repost = await this.passedOn(manager, publication)
    const doing = repost ? { verb: 'undoes', thing: 'repost' } : { verb: 'takes down', thing: 'post' }
    const subject = `${group.name}: ${reminder ? 'please still look at' : `somebody ${doing.verb}`} a ${doing.thing}`
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
            ...about(who?.name ?? 'Somebody', repost, openingOf(post.content)),
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

  /** Whose post was passed on, without words of ours, as it was sealed; null for a post of our own. */
  private async passedOn(
    manager: EntityManager,
    { groupId, channelId, revisionId }: PublicationEntity,
  ): Promise<ApprovedTarget | null> {
    const revision = revisionId === null ? null : await this.posts.revision(manager, groupId, revisionId)
    const sent = revision && openEnvelope(revision.envelope).channels.find((each) => each.channelId === channelId)
    return sent && mannerOn(sent) === 'repost' ? (sent.target ?? null) : null
  }
}

/** What is to go: a post of ours by its words, a repost by whose it is, so that nobody thinks theirs were taken down. */
function about(who: string, repost: ApprovedTarget | null, words: string): MailPart[] {
  if (!repost)
    return [
      { kind: 'text', text: `${who} asked for this post to be taken down:` },
      { kind: 'quote', text: words },
    ]
  return [
    { kind: 'text', text: `${who} asked to undo our repost of what ${authorWords(repost)} wrote:` },
    { kind: 'quote', text: firstWords(targetWords(repost)) },
    { kind: 'text', text: `Their own post stays where it is: ${repost.address}` },
  ]
}
