import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { ConversationStore } from './conversation.store.js'
import { type Mute, readMuteToken } from './mute-token.js'
import { cleanWords } from './place.js'
import { longestComment, type Remark } from './remark.js'
import { TellingService } from './telling.service.js'

/** Comments on a post. They never change what was approved, and stay as they were made. */
@Injectable()
export class ConversationService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ConversationStore,
    private readonly posts: PostsStore,
    private readonly telling: TellingService,
    private readonly members: MembersService,
    private readonly groups: GroupsService,
    private readonly audit: AuditLog,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** All that was said about a post, the oldest first. */
  remarks(groupId: string, postId: string, manager: EntityManager = this.transaction.manager): Promise<Remark[]> {
    return this.store.remarks(manager, groupId, postId)
  }

  /**
   * @param revisionId the version that was looked at; without it, the current one
   * @throws DomainError when there is nothing to say, or no such post
   */
  async comment(actor: Actor, postId: string, words: string, revisionId: string | null = null): Promise<void> {
    const text = checkComment(words)
    await this.transaction.run(async (manager) => {
      const post = await this.posts.lock(manager, actor.groupId, postId)
      const comment = await this.insert(manager, actor, postId, text, revisionId ?? post.currentRevisionId, null)
      await this.telling.tell(manager, post)
      await this.audit.append(manager, actor.groupId, {
        kind: 'commented',
        post: postId,
        comment,
        member: actor.memberId,
      })
    })
  }

  /** Adds a comment that answers a suggestion, in the caller's transaction; the caller tells and audits. */
  async answer(
    manager: EntityManager,
    actor: Actor,
    suggestion: { id: string; postId: string; revisionId: string | null },
    words: string,
  ): Promise<void> {
    const { id, postId, revisionId } = suggestion
    await this.insert(manager, actor, postId, checkComment(words), revisionId, id)
  }

  /**
   * Takes one's own words back. That something was said, by whom and when, stays.
   * @throws DomainError when it is somebody else's
   */
  async remove(actor: Actor, postId: string, commentId: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.posts.lock(manager, actor.groupId, postId)
      const comment = await this.store.comment(manager, actor.groupId, postId, commentId)
      if (!comment) throw new DomainError('no-such-comment', 'There is no such comment on this post.', 'not-found')
      if (comment.memberId !== actor.memberId) {
        throw new DomainError(
          'not-your-comment',
          'This comment is somebody else’s. Ask them to remove it; only their own words can be taken back.',
          'forbidden',
        )
      }
      if (comment.removedAt !== null) return
      await this.store.removeComment(manager, comment, this.clock.now())
      await this.audit.append(manager, actor.groupId, {
        kind: 'comment-removed',
        post: postId,
        comment: commentId,
        member: actor.memberId,
      })
    })
  }

  isMuted(actor: Actor, postId: string): Promise<boolean> {
    return this.store.isMuted(this.transaction.manager, actor.groupId, postId, actor.memberId)
  }

  /** Whether this member is mailed what others say about the post. */
  async mute(actor: Pick<Actor, 'groupId' | 'memberId'>, postId: string, muted: boolean): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.posts.get(manager, actor.groupId, postId)
      await this.store.mute(manager, actor.groupId, postId, actor.memberId, muted, this.clock.now())
    })
  }

  /** What the link in a mail would stop, or null for one that nobody was given. Changes nothing. */
  async look(token: string): Promise<(Mute & { groupName: string; email: string }) | null> {
    const { secret, secretPrevious } = this.config
    const found = readMuteToken([secret, ...(secretPrevious ? [secretPrevious] : [])], token)
    if (found === null) return null
    try {
      const group = await this.groups.get(found.groupId)
      const { email } = await this.members.get(found.groupId, found.memberId)
      return { ...found, groupName: group.name, email }
    } catch (error) {
      if (error instanceof DomainError) return null
      throw error
    }
  }

  private async insert(
    manager: EntityManager,
    actor: Actor,
    postId: string,
    text: string,
    revisionId: string | null,
    suggestionId: string | null,
  ): Promise<string> {
    const { groupId, memberId, personId } = actor
    const now = this.clock.now()
    const id = newId(now.toMillis())
    await this.store.insertComment(manager, {
      groupId,
      id,
      postId,
      revisionId,
      suggestionId,
      memberId,
      personId,
      text,
      at: now,
    })
    return id
  }
}

function checkComment(words: string): string {
  const text = cleanWords(words)
  if (text === '') throw new DomainError('nothing-said', 'Please write what you want to say first.')
  if (text.length > longestComment) {
    throw new DomainError('comment-too-long', `This has ${text.length} characters; keep it under 2,000.`)
  }
  return text
}
