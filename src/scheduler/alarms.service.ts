import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ChannelsService } from '../channels/channels.service.js'
import { Config } from '../config/config.js'
import { isRepostOn, openingOf } from '../drafts/content.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import type { Member } from '../groups/member.js'
import { MembersService } from '../groups/members.service.js'
import { composeMail, type MailPart } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { PublicationEntity } from './publication.entity.js'

export type Alarm = 'failed' | 'unconfirmed' | 'still-public'

/** Mails at once when a person has to act for a post: its author, the admins, and who wanted it taken down. */
@Injectable()
export class AlarmsService {
  constructor(
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  async raise(manager: EntityManager, publication: PublicationEntity, alarm: Alarm, cause: string): Promise<void> {
    const group = await this.groups.get(publication.groupId, manager)
    const post = await this.posts.get(manager, publication.groupId, publication.postId)
    const channel = await this.channels.get(publication.groupId, publication.channelId, manager)
    const admins = await this.members.activeWith(group.id, 'admin', manager)
    const author = await this.members.get(group.id, post.authorId, manager)
    const { retractedBy } = publication
    const asking =
      alarm === 'still-public' && retractedBy ? [await this.members.get(group.id, retractedBy, manager)] : []
    const told = new Map<string, Member>([author, ...admins, ...asking].map((each) => [each.id, each]))
    const workspace = `${this.config.publicOrigin}/g/${group.slug}`
    const { subject, parts } = lettersOf(alarm, {
      group: group.name,
      channel: channel.name,
      words: openingOf(post.content),
      cause,
      isOutInPart: publication.remoteId !== null,
      isRepost: isRepostOn(post.content, publication.channelId),
      url: publication.url,
      post: `${workspace}/posts/${post.id}`,
    })
    for (const member of [...told.values()].filter((each) => each.status === 'active')) {
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: member.personId,
        to: member.email,
        kind: `publication-${alarm}`,
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${post.id}`,
      })
    }
  }
}

interface Words {
  readonly group: string
  readonly channel: string
  readonly words: string
  readonly cause: string
  readonly isOutInPart: boolean
  /** Then `url` is the address of somebody else's post. */
  readonly isRepost: boolean
  /** Where it is at the network, if the network has told. */
  readonly url: string | null
  readonly post: string
}

function lettersOf(alarm: Alarm, said: Words): { subject: string; parts: MailPart[] } {
  switch (alarm) {
    case 'failed':
      return {
        subject: `${said.group}: a post could not ${said.isOutInPart ? 'all ' : ''}go out on ${said.channel}`,
        parts: [
          { kind: 'heading', text: `It could not ${said.isOutInPart ? 'all ' : ''}go out on ${said.channel}` },
          { kind: 'quote', text: said.words },
          { kind: 'text', text: `The reason: ${said.cause}` },
          {
            kind: 'text',
            text: said.isOutInPart
              ? 'You can leave what is out, or take it down; then mend the post and send a copy for review.'
              : 'Nothing of it is public there. You can mend it and send a copy for review.',
          },
          { kind: 'button', label: 'Look at the post', href: said.post },
        ],
      }
    case 'still-public':
      if (said.isRepost)
        return {
          subject: `${said.group}: a repost could not be undone on ${said.channel}`,
          parts: [
            { kind: 'heading', text: `The repost is still there on ${said.channel}` },
            { kind: 'quote', text: said.words },
            { kind: 'text', text: `It was to be undone, and could not be. ${said.cause}` },
            {
              kind: 'text',
              text: `Please sign in to ${said.channel} and undo it there.${said.url === null ? '' : ` The post that it passes on: ${said.url}`}`,
            },
            { kind: 'button', label: 'Look at the post', href: said.post },
          ],
        }
      return {
        subject: `${said.group}: a post could not be taken down from ${said.channel}`,
        parts: [
          { kind: 'heading', text: `It is still public on ${said.channel}` },
          { kind: 'quote', text: said.words },
          { kind: 'text', text: `It was to be taken down, and could not be. ${said.cause}` },
          {
            kind: 'text',
            text: `Please sign in to ${said.channel} and delete it there.${said.url === null ? '' : ` Its address: ${said.url}`}`,
          },
          { kind: 'button', label: 'Look at the post', href: said.post },
        ],
      }
    case 'unconfirmed':
      return {
        subject: `${said.group}: please look whether a post is on ${said.channel}`,
        parts: [
          { kind: 'heading', text: 'Is it there?' },
          { kind: 'quote', text: said.words },
          {
            kind: 'text',
            text: `We sent this to ${said.channel} and got no clear answer, and we cannot find out whether ${said.isOutInPart ? 'all of it' : 'it'} is public. ${said.cause}`,
          },
          {
            kind: 'text',
            text: 'Please look at the channel and say whether it is there. Until then we do not send it again, because it might then be there twice.',
          },
          { kind: 'button', label: 'Say whether it is there', href: said.post },
        ],
      }
  }
}
