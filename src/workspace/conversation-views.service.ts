import { Injectable } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { ConversationService } from '../conversation/conversation.service.js'
import { placeLabel, placesOf, whyNotApplied, wordsAt } from '../conversation/place.js'
import type { Comment, Suggestion } from '../conversation/remark.js'
import { Transaction } from '../database/transaction.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { whyNot } from '../drafts/post.js'
import { factsOf } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import { differ } from '../drafts/word-difference.js'
import type { ActingMember } from '../groups/acting-member.js'
import { statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import type { CommentView, ConversationView, PlaceView, RemarkView, SuggestionView } from './conversation.dto.js'

interface Around {
  readonly acting: ActingMember
  readonly post: PostEntity
  readonly channelName: (channelId: string) => string
  /** Why the post cannot be changed, for anybody. */
  readonly whyNotEdit: string | null
}

/** Presents what was said about a post. */
@Injectable()
export class ConversationViewsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly channels: ChannelsService,
    private readonly conversation: ConversationService,
  ) {}

  /** @throws DomainError when this group has no such post */
  async get(acting: ActingMember, postId: string): Promise<ConversationView> {
    const { manager } = this.transaction
    const post = await this.posts.get(manager, acting.groupId, postId)
    const states = statesOf(await this.publications.ofPost(manager, acting.groupId, postId))
    const channels = await this.channels.listAll(acting.groupId)
    const channelName = (id: string) => channels.find((each) => each.id === id)?.name ?? 'a channel that was removed'
    const around = { acting, post, channelName, whyNotEdit: whyNot('edit', factsOf(post, states)) }
    const remarks = await this.conversation.remarks(acting.groupId, postId)
    const answers = remarks.filter((each) => each.kind === 'comment').filter((each) => each.suggestionId !== null)
    return {
      remarks: remarks.flatMap((each): RemarkView[] => {
        if (each.kind === 'suggestion') return [{ comment: null, suggestion: suggestionView(around, each, answers) }]
        return each.suggestionId === null ? [{ comment: commentView(acting, each), suggestion: null }] : []
      }),
      places: placesOf(post.content).map((place): PlaceView => ({
        place: place.kind,
        channelId: place.kind === 'channel' ? place.channelId : null,
        mediaId: place.kind === 'alt' ? place.mediaId : null,
        label: placeLabel(place, post.content, channelName),
        words: wordsAt(post.content, place) ?? '',
      })),
      whyNotSuggest: around.whyNotEdit,
      muted: await this.conversation.isMuted(acting, postId),
    }
  }
}

function suggestionView(
  { acting, post, channelName, whyNotEdit }: Around,
  suggestion: Suggestion,
  answers: readonly Comment[],
): SuggestionView {
  const { id, name, at, version, place, before, words, note, state, settledAt, settledByName, memberId } = suggestion
  const now = wordsAt(post.content, place)
  const open = state === 'open'
  const mayEdit = acting.roles.includes('editor') || acting.roles.includes('admin')
  const reason = whyNotEdit ?? whyNotApplied(now, suggestion)
  return {
    id,
    name,
    at: at.toISO() ?? '',
    version,
    label: placeLabel(place, post.content, channelName),
    difference: differ(before, words),
    before,
    words,
    note,
    state,
    settledAt: settledAt?.toISO() ?? null,
    settledBy: settledByName,
    now,
    mayApply: open && mayEdit && reason === null,
    whyNot: open ? reason : null,
    mayDismiss: open && (mayEdit || memberId === acting.memberId),
    own: memberId === acting.memberId,
    answers: answers.filter((each) => each.suggestionId === id).map((each) => commentView(acting, each)),
  }
}

function commentView(acting: ActingMember, { id, name, at, version, text, removed, memberId }: Comment): CommentView {
  return { id, name, at: at.toISO() ?? '', version, text, removed, mayRemove: !removed && memberId === acting.memberId }
}
