import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ConversationService } from '../../conversation/conversation.service.js'
import { placeLabel, placeOf, placesOf, placeWord, wordsAt } from '../../conversation/place.js'
import { SuggestionsService } from '../../conversation/suggestions.service.js'
import { Transaction } from '../../database/transaction.js'
import { PostsStore } from '../../drafts/posts.store.js'
import type { Actor } from '../../kernel/actor.js'
import { DomainError } from '../../kernel/domain-error.js'
import { ReviewsStore } from '../reviews.store.js'
import type { Access } from './review-access.service.js'
import type { ReviewAnswers, ReviewView, SuggestionPlace } from './review-view.js'

/** What a reviewer says without deciding: a note on its own, or other words. */
@Injectable()
export class ReviewRemarksService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly conversation: ConversationService,
    private readonly suggestions: SuggestionsService,
  ) {}

  /** @throws DomainError naming what is missing in the form */
  check({ decision, note, place, words }: ReviewAnswers): void {
    if (decision === 'comment' && note.trim() === '') {
      throw new DomainError('nothing-said', 'Please write your note first; then send it.')
    }
    if (decision === 'suggest' && (placeOf(place) === null || words.trim() === '')) {
      throw new DomainError('nothing-suggested', 'Please write the words that you suggest first; then send them.')
    }
  }

  /** @throws DomainError saying why it cannot be said */
  async say(access: Access, answers: ReviewAnswers): Promise<void> {
    this.check(answers)
    const { groupId, postId, revisionId } = access.request
    const { manager } = this.transaction
    const actor = await this.actor(manager, access)
    if (answers.decision === 'comment') {
      return this.conversation.comment(actor, postId, answers.note, revisionId)
    }
    const revision = await this.posts.revision(manager, groupId, revisionId)
    const place = placeOf(answers.place)
    if (!revision || !place) throw new DomainError('no-such-revision', 'There is no such version.', 'not-found')
    await this.suggestions.suggest(actor, postId, {
      place,
      words: answers.words,
      note: answers.note,
      version: revision.number,
    })
  }

  /** Where other words can be suggested for the version that the reviewer looks at. */
  async places(access: Access, view: ReviewView): Promise<SuggestionPlace[]> {
    const { groupId, revisionId } = access.request
    const revision = await this.posts.revision(this.transaction.manager, groupId, revisionId)
    if (!revision) return []
    const { content } = revision.source
    const name = (channelId: string) => view.channels.find((each) => each.channelId === channelId)?.channelName ?? ''
    return placesOf(content).map((place) => {
      const index = place.kind === 'alt' ? content.pictures.findIndex((each) => each.mediaId === place.mediaId) : -1
      return {
        word: placeWord(place),
        label: placeLabel(place, content, name),
        words: wordsAt(content, place) ?? '',
        // Every channel has all of the post's pictures, in their order.
        picture: view.channels[0]?.pictures[index] ?? null,
      }
    })
  }

  private async actor(manager: EntityManager, { request, reviewer }: Access): Promise<Actor> {
    const { groupId, memberId } = request
    return { groupId, memberId, name: reviewer.name, personId: await this.store.personOf(manager, groupId, memberId) }
  }
}
