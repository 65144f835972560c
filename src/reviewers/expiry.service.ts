import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { openingOf } from '../drafts/content.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { PostsService } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { Clock } from '../kernel/clock.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { PlanningService } from '../scheduler/planning.service.js'
import { statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { LivePostsStore } from './live-posts.store.js'
import { ReviewsStore } from './reviews.store.js'
import { expiredMail } from './standing-mail.js'

const batch = 100
const mayBeOut = ['publishing', 'in_doubt', 'unconfirmed']
const out = ['published', 'retracting', 'retracted']

/** Ends what is of no use any more: the time that its author set has passed, and it has not gone out. */
@Injectable()
export class ExpiryService {
  private readonly log = new Logger('Expiry')

  constructor(
    private readonly transaction: Transaction,
    private readonly live: LivePostsStore,
    private readonly posts: PostsStore,
    private readonly drafts: PostsService,
    private readonly publications: PublicationsStore,
    private readonly planning: PlanningService,
    private readonly reviews: ReviewsStore,
    private readonly groups: GroupsService,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @returns how many posts were looked at */
  async endUseless(): Promise<number> {
    const posts = await this.live.useless(this.transaction.manager, batch)
    for (const { groupId, id } of posts) {
      await this.transaction
        .run((manager) => this.end(manager, groupId, id))
        .catch((error: unknown) =>
          this.log.error({
            message: 'A post whose time is over could not be ended',
            post: id,
            error: error instanceof Error ? error.stack : 'not an Error',
          }),
        )
    }
    return posts.length
  }

  private async end(manager: EntityManager, groupId: string, postId: string): Promise<void> {
    const post = await this.posts.lock(manager, groupId, postId)
    const states = statesOf(await this.publications.ofPost(manager, groupId, postId))
    // Another edit may have given it more time; what may be on its way is settled first.
    if (!post.usefulUntil || post.usefulUntil > this.clock.now()) return
    if (!['in_review', 'changes_requested', 'approved'].includes(post.state)) return
    if (states.some((state) => mayBeOut.includes(state))) return
    const group = await this.groups.get(groupId, manager)
    const until = spokenTime(post.usefulUntil, group.timeZone)
    const isPartlyOut = states.some((state) => out.includes(state))
    await this.planning.cancelAll(manager, groupId, postId)
    await this.tell(manager, post, group, until, isPartlyOut)
    await this.reviews.revokeOpen(manager, groupId, postId, 'expired', this.clock.now())
    const what = isPartlyOut
      ? 'What had not gone out by then will not.'
      : 'It had not gone out by then, so it has ended.'
    await this.posts.addEvent(manager, post, postId, this.clock.now(), `It was of use until ${until}. ${what}`)
    if (isPartlyOut) await this.audit.append(manager, groupId, { kind: 'post-expired', post: postId, partly: true })
    else await this.drafts.expire(manager, post)
  }

  /** The author, and those who might still have answered. */
  private async tell(
    manager: EntityManager,
    post: PostEntity,
    group: { id: string; slug: string; name: string },
    until: string,
    isPartlyOut: boolean,
  ): Promise<void> {
    const requests = post.currentRevisionId
      ? await this.reviews.requestsFor(manager, group.id, [post.currentRevisionId])
      : []
    const waiting = requests.filter((each) => !each.usedAt && !each.revokedAt && !each.handedOverAt)
    const told = new Set([post.authorId, ...waiting.map((each) => each.memberId)])
    const { subject, parts } = expiredMail(
      { groupName: group.name, firstWords: openingOf(post.content), until, isPartlyOut },
      `${this.config.publicOrigin}/g/${group.slug}/posts/${post.id}`,
    )
    for (const person of await this.reviews.candidates(manager, group.id)) {
      if (person.status !== 'active' || !told.has(person.memberId)) continue
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: person.personId,
        to: person.email,
        kind: 'post-expired',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `post-${post.id}`,
      })
    }
  }
}
