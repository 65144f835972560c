import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { connectAgain } from '../scheduler/publication-words.js'
import { PostCardsService } from './post-cards.service.js'
import type { PostCard, Queue } from './post-views.dto.js'
import { readPlaces, writePlaces } from './queue-pages.js'
import { beginning, QueueStore } from './queue.store.js'

const failures = ['failed', 'missed']
const unclear = ['in_doubt', 'unconfirmed']

/** Sorts a group's posts by what has to happen next. */
@Injectable()
export class QueueService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: QueueStore,
    private readonly posts: PostsStore,
    private readonly cards: PostCardsService,
  ) {}

  /**
   * @param after the `more` of the page before; null for the first, which alone has what is over
   * @throws DomainError when no page has given it
   */
  async get(acting: ActingMember, after: string | null): Promise<Queue> {
    const { manager } = this.transaction
    const from = after === null ? beginning : readPlaces(after)
    const open = await this.store.openPosts(manager, acting.groupId, from)
    const over = after === null ? await this.store.endedPosts(manager, acting.groupId) : []
    const ids = [...new Set([...open.ids, ...over])]
    const posts = await this.posts.listByIds(manager, acting.groupId, ids)
    posts.sort((a, b) => b.updatedAt.toMillis() - a.updatedAt.toMillis())
    const cards = await this.cards.cards(manager, acting, posts)
    const queue: Queue = {
      waitingForYou: [],
      needsAttention: [],
      waitingForOthers: [],
      planned: [],
      drafts: [],
      wentOut: [],
      ended: [],
      more: writePlaces(open.next),
    }
    for (const card of cards) queue[place(card, acting)].push(card)
    queue.planned.sort(bySlot)
    queue.waitingForYou.sort(bySlot)
    queue.waitingForOthers.sort(bySlot)
    queue.wentOut.sort((a, b) => lastOut(b).localeCompare(lastOut(a)))
    return queue
  }
}

function place(card: PostCard, acting: ActingMember): Exclude<keyof Queue, 'more'> {
  if (
    card.publications.some(
      (each) =>
        (failures.includes(each.state) && each.failureAccepted === null) ||
        unclear.includes(each.state) ||
        (each.state === 'planned' && each.nextStep === connectAgain) ||
        (each.mayAcknowledge && card.state !== 'draft'),
    )
  )
    return 'needsAttention'
  if (card.state === 'done') return 'wentOut'
  if (card.state === 'expired') return 'ended'
  if (card.author.left) return 'needsAttention'
  const mine = card.author.memberId === acting.memberId
  if (card.state === 'draft') return 'drafts'
  if (card.held) return card.mayReview ? 'waitingForYou' : 'needsAttention'
  if (card.state === 'changes_requested') return mine ? 'waitingForYou' : 'waitingForOthers'
  if (card.state === 'in_review') return card.mayReview ? 'waitingForYou' : 'waitingForOthers'
  return 'planned'
}

function bySlot(a: PostCard, b: PostCard): number {
  return firstSlot(a).localeCompare(firstSlot(b))
}

/** Posts without a time come first: they go out as soon as they can. */
function firstSlot(card: PostCard): string {
  return card.publications.map((each) => each.slot).sort()[0] ?? ''
}

function lastOut(card: PostCard): string {
  return (
    card.publications
      .map((each) => each.publishedAt ?? '')
      .sort()
      .at(-1) ?? ''
  )
}
