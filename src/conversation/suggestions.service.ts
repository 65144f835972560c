import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import type { Content } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { insist } from '../drafts/post.js'
import { factsOf, PostsService } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import { MembersService } from '../groups/members.service.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { ConversationService } from './conversation.service.js'
import { ConversationStore } from './conversation.store.js'
import { cleanWords, placeFrom, placeLabel, whyNotApplied, withWords, wordsAt, type Place } from './place.js'
import { longestAlt, longestComment, longestWords } from './remark.js'
import type { SuggestionEntity } from './suggestion.entity.js'
import { TellingService } from './telling.service.js'

/** Other words for a place of a post. */
export interface NewSuggestion {
  readonly place: Place
  readonly words: string
  readonly note: string
  /** The number of the version that was looked at; null is what the post says at the moment. */
  readonly version: number | null
}

/**
 * Reviewers suggest, an author applies: see docs/decisions on why that makes nobody but the one who applies a
 * contributor.
 */
@Injectable()
export class SuggestionsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ConversationStore,
    private readonly posts: PostsService,
    private readonly rows: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly conversation: ConversationService,
    private readonly telling: TellingService,
    private readonly channels: ChannelsService,
    private readonly members: MembersService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError when it would change nothing, or the post can no longer be changed */
  async suggest(actor: Actor, postId: string, given: NewSuggestion): Promise<void> {
    const words = cleanWords(given.words)
    const note = cleanWords(given.note)
    checkLengths(given.place, words, note)
    await this.transaction.run(async (manager) => {
      const { groupId, memberId, personId } = actor
      const post = await this.rows.lock(manager, groupId, postId)
      insist('edit', factsOf(post, await this.states(manager, post)))
      const base = await this.base(manager, post, given.version)
      const before = wordsAt(base.content, given.place)
      if (before === null) {
        throw new DomainError(
          'no-such-place',
          'The post has no such words: the channel or the picture is not part of this version. Load the page again.',
          'conflict',
        )
      }
      if (cleanWords(before) === words) {
        throw new DomainError(
          'nothing-suggested',
          'These are the words that are there already. Change something first.',
        )
      }
      const now = this.clock.now()
      const id = newId(now.toMillis())
      await this.store.insertSuggestion(manager, {
        groupId,
        id,
        postId,
        revisionId: base.revisionId,
        memberId,
        personId,
        place: given.place,
        before: cleanWords(before),
        words,
        note,
        at: now,
      })
      const label = await this.label(manager, groupId, given.place, base.content)
      await this.rows.addEvent(manager, actor, postId, now, `${actor.name} suggested other words for ${label}.`)
      await this.telling.tell(manager, post)
      await this.audit.append(manager, groupId, { kind: 'suggested', post: postId, suggestion: id, member: memberId })
    })
  }

  /**
   * Puts the suggested words into the post, as an edit by whoever applies them.
   * @throws DomainError `words-changed` with both texts when the post says something else by now
   */
  async apply(actor: Actor, postId: string, suggestionId: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      const post = await this.rows.lock(manager, actor.groupId, postId)
      const suggestion = await this.open(manager, actor, postId, suggestionId)
      const states = await this.states(manager, post)
      insist('edit', factsOf(post, states))
      const place = placeFrom(suggestion)
      const now = wordsAt(post.content, place)
      const reason = whyNotApplied(now, suggestion)
      if (reason !== null) {
        throw new DomainError('words-changed', reason, 'conflict', {
          before: suggestion.before,
          now,
          suggested: suggestion.words,
        })
      }
      await this.settle(manager, actor, suggestion, 'applied')
      const { content, wish, usefulUntil, labels, notes } = post
      const changed = withWords(content, place, suggestion.words)
      const label = await this.label(manager, actor.groupId, place, content)
      const { name } = await this.members.get(actor.groupId, suggestion.memberId, manager)
      const input = { content: changed, wish, usefulUntil, labels, notes }
      await this.posts.save(manager, actor, post, post.version, input, states)
      await this.publications.askAnew(manager, actor.groupId, postId)
      await this.rows.addEvent(
        manager,
        actor,
        postId,
        this.clock.now(),
        `${actor.name} applied the words that ${name} suggested for ${label}.`,
      )
      await this.audit.append(manager, actor.groupId, {
        kind: 'suggestion-applied',
        post: postId,
        suggestion: suggestionId,
        suggestedBy: suggestion.memberId,
        member: actor.memberId,
      })
    })
  }

  /**
   * Does not take it up. Somebody else's needs a reason, which they are mailed; one's own can just be taken back.
   * @throws DomainError when the reason is missing, or only editors may do it
   */
  async dismiss(actor: Actor, postId: string, suggestionId: string, note: string, mayEdit: boolean): Promise<void> {
    await this.transaction.run(async (manager) => {
      const post = await this.rows.lock(manager, actor.groupId, postId)
      const suggestion = await this.open(manager, actor, postId, suggestionId)
      const own = suggestion.memberId === actor.memberId
      if (!own && !mayEdit) {
        throw new DomainError(
          'not-an-editor',
          'Only editors and admins decide about the suggestions of others. Say what you think in a comment.',
          'forbidden',
        )
      }
      if (!own && cleanWords(note) === '') {
        throw new DomainError('reason-missing', 'Please write in a few words why, so that they learn what to do next.')
      }
      await this.settle(manager, actor, suggestion, 'dismissed')
      if (cleanWords(note) !== '') await this.conversation.answer(manager, actor, suggestion, note)
      const { name } = await this.members.get(actor.groupId, suggestion.memberId, manager)
      await this.rows.addEvent(
        manager,
        actor,
        postId,
        this.clock.now(),
        own ? `${actor.name} took a suggestion back.` : `${actor.name} dismissed a suggestion by ${name}.`,
      )
      await this.telling.tell(manager, post)
      await this.audit.append(manager, actor.groupId, {
        kind: 'suggestion-dismissed',
        post: postId,
        suggestion: suggestionId,
        suggestedBy: suggestion.memberId,
        member: actor.memberId,
      })
    })
  }

  private async states(manager: EntityManager, post: PostEntity): Promise<string[]> {
    return statesOf(await this.publications.ofPost(manager, post.groupId, post.id))
  }

  /** The words that the suggestion is made on, and the version that has them, if they were sent. */
  private async base(
    manager: EntityManager,
    post: PostEntity,
    version: number | null,
  ): Promise<{ content: Content; revisionId: string | null }> {
    if (version === null) return { content: post.content, revisionId: post.editing ? null : post.currentRevisionId }
    const revision = (await this.rows.revisions(manager, post.groupId, post.id)).find((each) => each.number === version)
    if (!revision) {
      throw new DomainError(
        'no-such-revision',
        `This post has no version ${version}. Load the page again.`,
        'not-found',
      )
    }
    return { content: revision.source.content, revisionId: revision.id }
  }

  private async open(
    manager: EntityManager,
    actor: Actor,
    postId: string,
    suggestionId: string,
  ): Promise<SuggestionEntity> {
    const suggestion = await this.store.suggestion(manager, actor.groupId, postId, suggestionId)
    if (!suggestion) throw new DomainError('no-such-suggestion', 'There is no such suggestion here.', 'not-found')
    if (suggestion.state !== 'open') {
      throw new DomainError(
        'suggestion-settled',
        `This suggestion was ${suggestion.state === 'applied' ? 'applied' : 'dismissed'} already. Load the page again to see what the post says now.`,
        'conflict',
      )
    }
    return suggestion
  }

  private settle(
    manager: EntityManager,
    actor: Actor,
    suggestion: SuggestionEntity,
    state: 'applied' | 'dismissed',
  ): Promise<void> {
    return this.store.settle(manager, suggestion, {
      state,
      settledAt: this.clock.now(),
      settledBy: actor.memberId,
    })
  }

  private async label(manager: EntityManager, groupId: string, place: Place, content: Content): Promise<string> {
    const channels = await this.channels.listAll(groupId, manager)
    return placeLabel(place, content, (id) => channels.find((each) => each.id === id)?.name ?? 'a channel')
  }
}

function checkLengths(place: Place, words: string, note: string): void {
  const most = place.kind === 'alt' ? longestAlt : longestWords
  if (words.length > most) {
    throw new DomainError('words-too-long', `This has ${words.length} characters; keep it under ${most}.`)
  }
  if (note.length > longestComment) {
    throw new DomainError('note-too-long', `The note has ${note.length} characters; keep it under 2,000.`)
  }
}
