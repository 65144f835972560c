import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { keepOwnTimes, picturesIn, samePublicly, type Content, type Wish } from './content.js'
import { seal, type Envelope } from './envelope.js'
import { MediaStore } from './media.store.js'
import { PostEntity } from './post.entity.js'
import { insist, moveTo, type PostFacts } from './post.js'
import { PostsStore } from './posts.store.js'
import { RevisionEntity } from './revision.entity.js'

/** All that an editor can change about a post. */
export interface PostInput {
  readonly content: Content
  readonly wish: Wish
  readonly usefulUntil: DateTime | null
  readonly labels: readonly string[]
  readonly notes: string
}

/**
 * Writing posts and sealing revisions. Every method works in the caller's transaction, in which the caller
 * has locked the post; `publications` are the states of the post's publications at that moment.
 */
@Injectable()
export class PostsService {
  constructor(
    private readonly store: PostsStore,
    private readonly media: MediaStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async create(manager: EntityManager, actor: Actor, input: PostInput): Promise<PostEntity> {
    const now = this.clock.now()
    const post = Object.assign(new PostEntity(), {
      ...changes(input),
      groupId: actor.groupId,
      id: newId(now.toMillis()),
      authorId: actor.memberId,
      state: 'draft' as const,
      heldAt: null,
      heldBy: null,
      version: 1,
      editing: true,
      currentRevisionId: null,
      approvedAt: null,
      createdAt: now,
      updatedAt: now,
    })
    await this.store.insert(manager, post)
    await this.contribute(manager, actor, post, now)
    return post
  }

  /**
   * Saves what an editor typed. Over a sealed revision it becomes an unsent change, which keeps the post from going out.
   * @throws DomainError `old-version` when somebody saved in between
   */
  async save(
    manager: EntityManager,
    actor: Actor,
    post: PostEntity,
    version: number,
    input: PostInput,
    publications: readonly string[],
  ): Promise<void> {
    insist('edit', factsOf(post, publications))
    if (post.version !== version) {
      throw new DomainError(
        'old-version',
        'Somebody else saved this post since you opened it. Compare both, and keep what is right.',
        'conflict',
      )
    }
    const revision = post.currentRevisionId
      ? await this.store.revision(manager, post.groupId, post.currentRevisionId)
      : null
    const now = this.clock.now()
    const kept = { ...input, wish: keepOwnTimes(post.wish, input.wish, input.content.channels) }
    const publicChange = !samePublicly(post, kept)
    Object.assign(post, changes(kept), { version: post.version + 1, updatedAt: now })
    if (!publicChange) {
      await this.store.save(manager, post)
      return
    }
    const startedEdit = revision !== null && !post.editing
    post.editing = true
    await this.store.save(manager, post)
    await this.contribute(manager, actor, post, now)
    if (startedEdit) {
      await this.store.addEvent(
        manager,
        actor,
        post.id,
        now,
        `${actor.name} started to change version ${revision.number}. It waits until the change is sent or discarded.`,
      )
      await this.audit.append(manager, post.groupId, { kind: 'post-edited', post: post.id, member: actor.memberId })
    }
  }

  /** Goes back to the sealed revision; verdicts on it stand. */
  async discardEdit(
    manager: EntityManager,
    actor: Actor,
    post: PostEntity,
    publications: readonly string[],
  ): Promise<void> {
    insist('discardEdit', factsOf(post, publications))
    const revision = await this.currentRevision(manager, post)
    Object.assign(post, revision.source, { editing: false, version: post.version + 1, updatedAt: this.clock.now() })
    await this.store.save(manager, post)
    await this.store.addEvent(
      manager,
      actor,
      post.id,
      post.updatedAt,
      `${actor.name} discarded the change. Version ${revision.number} stands.`,
    )
    await this.audit.append(manager, post.groupId, { kind: 'edit-discarded', post: post.id, member: actor.memberId })
  }

  /** Seals what is in hand as the next revision and puts the post in review; all verdicts start from zero. */
  async sealRevision(
    manager: EntityManager,
    actor: Actor,
    post: PostEntity,
    envelope: Envelope,
  ): Promise<RevisionEntity> {
    const now = this.clock.now()
    const { text, hash } = seal(envelope)
    const revision = Object.assign(new RevisionEntity(), {
      groupId: post.groupId,
      postId: post.id,
      id: newId(now.toMillis()),
      number: (await this.store.lastNumber(manager, post.groupId, post.id)) + 1,
      envelope: text,
      hash,
      source: { content: post.content, wish: post.wish },
      sealedBy: actor.memberId,
      sealedAt: now,
    })
    await this.contribute(manager, actor, post, now)
    await this.store.insertRevision(manager, revision)
    Object.assign(post, {
      state: moveTo(post.state, 'in_review'),
      editing: false,
      currentRevisionId: revision.id,
      approvedAt: null,
      version: post.version + 1,
      updatedAt: now,
    })
    await this.store.save(manager, post)
    return revision
  }

  /** One tap by anybody: nothing goes out until somebody else has looked afresh. */
  async hold(manager: EntityManager, actor: Actor, post: PostEntity, publications: readonly string[]): Promise<void> {
    insist('hold', factsOf(post, publications))
    const now = this.clock.now()
    Object.assign(post, { heldAt: now, heldBy: actor.memberId, updatedAt: now })
    await this.store.save(manager, post)
    await this.store.addEvent(manager, actor, post.id, now, `${actor.name} put it on hold.`)
    await this.audit.append(manager, post.groupId, { kind: 'post-held', post: post.id, member: actor.memberId })
  }

  async cancel(manager: EntityManager, actor: Actor, post: PostEntity, publications: readonly string[]): Promise<void> {
    insist('cancel', factsOf(post, publications))
    const now = this.clock.now()
    Object.assign(post, { state: moveTo(post.state, 'cancelled'), updatedAt: now })
    await this.store.save(manager, post)
    await this.store.addEvent(manager, actor, post.id, now, `${actor.name} cancelled it.`)
    await this.audit.append(manager, post.groupId, { kind: 'post-cancelled', post: post.id, member: actor.memberId })
  }

  /** Its time is over. */
  async expire(manager: EntityManager, post: PostEntity): Promise<void> {
    Object.assign(post, { state: moveTo(post.state, 'expired'), updatedAt: this.clock.now() })
    await this.store.save(manager, post)
    await this.audit.append(manager, post.groupId, { kind: 'post-expired', post: post.id, partly: false })
  }

  /** Somebody else looks after the post of an author who has left: they become its author, and one who worked on it. */
  async adopt(manager: EntityManager, actor: Actor, post: PostEntity, facts: PostFacts, from: string): Promise<void> {
    insist('adopt', facts)
    const now = this.clock.now()
    const before = post.authorId
    Object.assign(post, { authorId: actor.memberId, updatedAt: now })
    await this.store.save(manager, post)
    await this.contribute(manager, actor, post, now)
    await this.store.addEvent(manager, actor, post.id, now, `${actor.name} took it over from ${from}.`)
    await this.audit.append(manager, post.groupId, {
      kind: 'post-adopted',
      post: post.id,
      from: before,
      member: actor.memberId,
    })
  }

  /** A new draft with the same content. No approval carries over. */
  async copy(manager: EntityManager, actor: Actor, post: PostEntity): Promise<PostEntity> {
    const { content, labels, notes } = post
    // What is always good stays so; it rests by itself.
    const wish: Wish = { kind: post.wish.kind === 'evergreen' ? 'evergreen' : 'queue' }
    return this.create(manager, actor, { content, labels, notes, wish, usefulUntil: null })
  }

  async currentRevision(manager: EntityManager, post: PostEntity): Promise<RevisionEntity> {
    const revision = post.currentRevisionId
      ? await this.store.revision(manager, post.groupId, post.currentRevisionId)
      : null
    if (!revision) throw new DomainError('nothing-sealed', 'This post has not been sent for review yet.', 'conflict')
    return revision
  }

  /** Whoever typed, and whoever uploaded a picture that is now in it. */
  private async contribute(manager: EntityManager, actor: Actor, post: PostEntity, at: DateTime): Promise<void> {
    const number = (await this.store.lastNumber(manager, post.groupId, post.id)) + 1
    const pictures = await this.media.list(
      manager,
      post.groupId,
      picturesIn(post.content).map((picture) => picture.mediaId),
    )
    await this.store.addContributors(
      manager,
      post,
      number,
      [actor.memberId, ...pictures.map((each) => each.uploadedBy)],
      at,
    )
  }
}

/** What the rules of `post.ts` look at. */
export function factsOf(post: PostEntity, publications: readonly string[], orphaned = false): PostFacts {
  return {
    state: post.state,
    held: post.heldAt !== null,
    editing: post.editing,
    sealed: post.currentRevisionId !== null,
    orphaned,
    publications,
  }
}

function changes(input: PostInput) {
  const { content, wish, usefulUntil, labels, notes } = input
  return { content, wish, usefulUntil, labels: [...labels], notes }
}
