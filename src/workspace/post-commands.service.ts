import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import type { ChosenPicture, Extras, Wish } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { factsOf, PostsService, type PostInput } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { MembersService } from '../groups/members.service.js'
import { DomainError } from '../kernel/domain-error.js'
import { AskingService } from '../reviewers/asking/asking.service.js'
import { LostApprovalsService } from '../reviewers/lost-approvals.service.js'
import { WithdrawalService } from '../reviewers/withdrawal.service.js'
import { PlanningService } from '../scheduler/planning.service.js'
import { statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { instantOf } from '../scheduler/wall-time.js'
import type { ExtrasInput, PostInputDto } from './post-input.dto.js'

/** What editors do with posts: each command is one transaction that locks the post first. */
@Injectable()
export class PostCommandsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsService,
    private readonly store: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly planning: PlanningService,
    private readonly asking: AskingService,
    private readonly members: MembersService,
    private readonly lost: LostApprovalsService,
    private readonly withdrawal: WithdrawalService,
  ) {}

  async create(acting: ActingMember, input: PostInputDto): Promise<string> {
    const post = await this.transaction.run((manager) => this.posts.create(manager, acting, inputOf(acting, input)))
    return post.id
  }

  /** @throws DomainError `old-version` */
  save(acting: ActingMember, postId: string, version: number, input: PostInputDto): Promise<void> {
    return this.locked(acting, postId, async (manager, post, states) => {
      await this.posts.save(manager, acting, post, version, inputOf(acting, input), states)
      if (post.editing) await this.publications.askAnew(manager, acting.groupId, postId)
    })
  }

  discardEdit(acting: ActingMember, postId: string): Promise<void> {
    return this.locked(acting, postId, async (manager, post, states) => {
      await this.posts.discardEdit(manager, acting, post, states)
      // An approval may have been lost meanwhile, or a channel lead elsewhere.
      await this.lost.look(manager, acting.groupId, postId)
    })
  }

  hold(acting: ActingMember, postId: string): Promise<void> {
    return this.locked(acting, postId, (manager, post, states) => this.posts.hold(manager, acting, post, states))
  }

  cancel(acting: ActingMember, postId: string): Promise<void> {
    return this.locked(acting, postId, async (manager, post, states) => {
      await this.planning.cancelAll(manager, acting.groupId, postId)
      await this.posts.cancel(manager, acting, post, states)
    })
  }

  /** Takes over the post of an author who has left. Whoever does that may not approve it, nor have approved it. */
  adopt(acting: ActingMember, postId: string): Promise<void> {
    return this.locked(acting, postId, async (manager, post, states) => {
      const author = await this.members.get(acting.groupId, post.authorId, manager)
      const facts = factsOf(post, states, author.status !== 'active')
      await this.posts.adopt(manager, acting, post, facts, author.name)
      await this.lost.look(manager, acting.groupId, postId)
    })
  }

  /** Takes back one's own answer. */
  withdraw(acting: ActingMember, postId: string): Promise<void> {
    return this.withdrawal.withdraw(acting, postId)
  }

  /** @returns the id of the new draft */
  copy(acting: ActingMember, postId: string): Promise<string> {
    return this.locked(acting, postId, async (manager, post) => (await this.posts.copy(manager, acting, post)).id)
  }

  /** A review page for a reviewer who was not asked. @returns its address */
  review(acting: ActingMember, postId: string): Promise<string> {
    return this.locked(acting, postId, async (manager, post) => {
      if (!acting.roles.includes('reviewer'))
        throw new DomainError('no-reviewer', 'Only reviewers check posts. Ask an admin for the role.', 'forbidden')
      if (post.state === 'draft' || post.editing)
        throw new DomainError('not-in-review', 'This post has not been sent for review yet.', 'conflict')
      const revision = await this.posts.currentRevision(manager, post)
      const slots = await this.publications.ofPost(manager, acting.groupId, postId)
      return `/review/${await this.asking.askSelf(manager, acting.group, post, revision, slots, acting.memberId)}`
    })
  }

  private locked<T>(
    acting: ActingMember,
    postId: string,
    work: (manager: EntityManager, post: PostEntity, states: string[]) => Promise<T>,
  ): Promise<T> {
    return this.transaction.run(async (manager) => {
      const post = await this.store.lock(manager, acting.groupId, postId)
      const states = statesOf(await this.publications.ofPost(manager, acting.groupId, postId))
      return work(manager, post, states)
    })
  }
}

/** Wall times become instants in the group's zone; texts are brought to one Unicode form. */
export function inputOf(acting: ActingMember, input: PostInputDto): PostInput {
  const { content, wish } = input
  return {
    content: {
      text: content.text.normalize('NFC'),
      link: content.link,
      language: content.language,
      channels: content.channels.map(({ channelId, text, ...own }) => ({
        channelId,
        text: text?.normalize('NFC') ?? null,
        ...extrasOf(own),
      })),
      pictures: content.pictures.map(chosen),
      ...sharedExtras(extrasOf(content)),
    },
    wish: wishOf(acting, wish),
    usefulUntil: input.usefulUntil === null ? null : instantOf(input.usefulUntil, acting.group.timeZone),
    labels: [...new Set(input.labels.map((label) => label.trim()).filter((label) => label !== ''))],
    notes: input.notes,
  }
}

function chosen({ mediaId, alt }: { mediaId: string; alt: string }): ChosenPicture {
  return { mediaId, alt: alt.normalize('NFC') }
}

function extrasOf({ thread, firstComment, contentWarning, visibility, target, targetUse }: ExtrasInput): Extras {
  return {
    ...(thread === undefined
      ? {}
      : {
          thread: thread.map(({ text, link, pictures }) => ({
            text: text.normalize('NFC'),
            link,
            pictures: pictures.map(chosen),
          })),
        }),
    ...(firstComment === undefined ? {} : { firstComment: firstComment.normalize('NFC') }),
    ...(contentWarning === undefined ? {} : { contentWarning: contentWarning.normalize('NFC') }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(target === undefined ? {} : { target: target.normalize('NFC') }),
    ...(targetUse === undefined ? {} : { targetUse }),
  }
}

/** A shared extra that is empty is the same as none; only a channel's own has to say so. */
function sharedExtras(extras: Extras): Extras {
  const { thread = [], firstComment = '', contentWarning = '', visibility = 'public' } = extras
  const { target = '', targetUse = 'answer' } = extras
  return {
    ...(thread.length > 0 ? { thread } : {}),
    ...(firstComment === '' ? {} : { firstComment }),
    ...(contentWarning === '' ? {} : { contentWarning }),
    ...(visibility === 'public' ? {} : { visibility }),
    ...(target === '' ? {} : { target }),
    ...(targetUse === 'answer' ? {} : { targetUse }),
  }
}

/** @throws DomainError when the embargo is no time */
function wishOf(acting: ActingMember, { kind, at = '', reason, notBefore }: PostInputDto['wish']): Wish {
  // A time that there is not is refused now, not when the post is sent.
  if (notBefore) instantOf(notBefore, acting.group.timeZone)
  const embargo = notBefore ? { notBefore } : {}
  return kind === 'exact' ? { kind, at, ...(reason ? { reason } : {}), ...embargo } : { kind, ...embargo }
}
