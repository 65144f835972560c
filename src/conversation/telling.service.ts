import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ChannelsService } from '../channels/channels.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { openingOf } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { Clock } from '../kernel/clock.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { conversationMail } from './conversation-mail.js'
import { ConversationStore } from './conversation.store.js'
import { muteToken } from './mute-token.js'
import { placeLabel } from './place.js'
import { mayTell, newsFor } from './remark.js'

/** Mails what is said about a post to those whom it concerns: at once, but one mail a person in ten minutes. */
@Injectable()
export class TellingService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ConversationStore,
    private readonly posts: PostsStore,
    private readonly groups: GroupsService,
    private readonly channels: ChannelsService,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails all that is new about the post, whose row the caller has locked; does nothing while the last mail is recent.
   * What is said meanwhile goes with the next one, so nothing is left out.
   */
  async tell(manager: EntityManager, post: PostEntity): Promise<void> {
    const { groupId, id } = post
    const now = this.clock.now()
    if (!mayTell(await this.store.lastTold(manager, groupId, id), now)) return
    const remarks = await this.store.remarks(manager, groupId, id)
    const group = await this.groups.get(groupId, manager)
    const channels = await this.channels.listAll(groupId, manager)
    const name = (channelId: string) => channels.find((each) => each.id === channelId)?.name ?? 'a channel'
    const places = new Map(
      remarks.flatMap((each) =>
        each.kind === 'suggestion' ? [[each.id, placeLabel(each.place, post.content, name)] as const] : [],
      ),
    )
    for (const listener of await this.store.listeners(manager, groupId, id)) {
      const news = newsFor(remarks, listener)
      if (news.length === 0) continue
      const token = muteToken(this.config.secret, { groupId, postId: id, memberId: listener.memberId })
      const stop = `${this.config.publicOrigin}/unsubscribe/post/${token}`
      const page = `${this.config.publicOrigin}/g/${group.slug}/posts/${id}`
      const { subject, parts } = conversationMail(
        { groupName: group.name, firstWords: openingOf(post.content), news, places },
        { post: page, stop },
      )
      await this.mailer.enqueue(manager, {
        groupId,
        personId: listener.personId,
        to: listener.email,
        kind: 'conversation',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${id}`,
        onceKey: `conversation:${id}:${listener.personId}:${news[0]!.id}`,
        headers: { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      })
    }
    await this.store.markTold(manager, groupId, id, now)
  }

  /** Mails what had to wait. @returns of how many posts there was something to look at */
  async tellDue(): Promise<number> {
    const waiting = await this.store.untold(this.transaction.manager)
    for (const { groupId, postId } of waiting)
      await this.transaction.run(async (manager) => this.tell(manager, await this.posts.lock(manager, groupId, postId)))
    return waiting.length
  }
}
