import { Injectable } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { PostsStore } from '../drafts/posts.store.js'
import { GroupsService } from '../groups/groups.service.js'
import { Clock } from '../kernel/clock.js'
import { isOut, statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import { linkState, shownHours, type LinkState } from './asking/link.js'
import type { ReviewRequestEntity } from './asking/review-request.entity.js'
import type { Access } from './page/review-access.service.js'
import { ReviewPassesService } from './page/review-passes.service.js'
import type { ReviewAnswers, ReviewPage, ReviewView } from './page/review-view.js'
import { ReviewViewsService } from './page/review-views.service.js'
import { ReviewsStore } from './reviews.store.js'

/** What the pages of a review link show. */
@Injectable()
export class ReviewsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewsStore,
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly groups: GroupsService,
    private readonly views: ReviewViewsService,
    private readonly passes: ReviewPassesService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * The page for this visitor as things stand. Changes nothing.
   * @param since the version that they chose to compare with
   */
  async page(
    access: Access,
    answers: ReviewAnswers | null = null,
    problem: string | null = null,
    since: number | null = null,
  ): Promise<ReviewPage> {
    if (access.otherPerson) return this.wrongPerson(access)
    const { manager } = this.transaction
    const post = await this.posts.get(manager, access.request.groupId, access.request.postId)
    const state = await this.stateOf(access)
    if (state === 'open' || (state === 'used' && post.heldAt !== null && access.proof === 'session')) {
      return { kind: 'open', view: await this.view(access, since), answers, problem }
    }
    if (state === 'used') {
      const mine = (await this.store.verdicts(manager, post.groupId, [post.id]))
        .filter((each) => each.revisionId === access.request.revisionId && each.memberId === access.request.memberId)
        .at(-1)
      const out = await this.isOut(access)
      const current = post.currentRevisionId === access.request.revisionId
      return {
        kind: 'decided',
        view: await this.view(access),
        decision: mine?.kind ?? 'answered',
        mayStop:
          current &&
          post.heldAt === null &&
          !['cancelled', 'expired'].includes(post.state) &&
          mine?.kind !== 'stop' &&
          !out,
        showPost: await this.mayShowPost(access),
        problem,
      }
    }
    return this.explained(access, state)
  }

  async view(access: Access, since: number | null = null): Promise<ReviewView> {
    const view = await this.views.build(
      this.transaction.manager,
      access.request,
      this.passes.csrf(access),
      access.pass === null ? since : null,
    )
    return access.pass === null ? view : this.passes.carried(view, access.pass)
  }

  /**
   * Whether the post itself is shown: while it waits for an answer, and for a day after it was given, since links stay
   * in inboxes and mails are passed on. Later whoever proves who they are still sees it.
   */
  async mayShowPost(access: Access): Promise<boolean> {
    const state = await this.stateOf(access)
    if (state === 'open') return true
    if (state !== 'used') return false
    const until = access.request.usedAt?.plus({ hours: shownHours })
    return access.proof !== null || (until !== undefined && until > this.clock.now())
  }

  /** For a link that a reminder replaced. */
  async replacedLink(request: ReviewRequestEntity): Promise<ReviewPage> {
    const group = await this.groups.get(request.groupId)
    return {
      kind: 'explained',
      groupName: group.name,
      title: 'A newer mail has the link to this post',
      sentences: [
        'You were reminded of this post, and the reminder brought a new link. Look for the newest mail about it.',
        ...(await this.verdictSentences(request, group.timeZone)),
      ],
    }
  }

  async stateOf(access: Access): Promise<LinkState> {
    const post = await this.posts.get(this.transaction.manager, access.request.groupId, access.request.postId)
    return linkState(
      {
        ...access.request,
        current: post.currentRevisionId === access.request.revisionId,
        editing: post.editing,
        postState: post.state,
        out: await this.isOut(access),
        shutOut: access.reviewer.status !== 'active' || !access.reviewer.roles.includes('reviewer'),
        signedIn: access.proof === 'session',
      },
      this.clock.now(),
    )
  }

  private async isOut({ request }: Access): Promise<boolean> {
    const publications = await this.publications.ofPost(this.transaction.manager, request.groupId, request.postId)
    return isOut(statesOf(publications))
  }

  /** Somebody else is signed in: it is said, and written down, because a forwarded link is worth knowing of. */
  async refuseOther(access: Access): Promise<void> {
    await this.transaction.run((manager) =>
      this.audit.append(manager, access.request.groupId, {
        kind: 'link-refused',
        post: access.request.postId,
        request: access.request.id,
        member: access.request.memberId,
        person: access.otherPerson?.personId ?? null,
      }),
    )
  }

  private wrongPerson(access: Access): ReviewPage {
    return {
      kind: 'explained',
      groupName: access.groupName,
      title: 'This was sent to somebody else',
      sentences: [
        `You are signed in as ${access.otherPerson?.name ?? 'somebody else'}; this review was sent to ${access.reviewer.name}.`,
        'A post needs the eyes of a second person, so only the person who was asked can answer here.',
        `If you are ${access.reviewer.name}, you can end the other sign-in on this device and go on.`,
      ],
      signOut: {
        requestId: access.request.id,
        csrf: this.passes.csrf(access),
        reviewerName: access.reviewer.name,
      },
    }
  }

  private async explained(access: Access, state: LinkState): Promise<ReviewPage> {
    const group = await this.groups.get(access.request.groupId)
    const when = (instant: typeof access.request.revokedAt) =>
      instant ? ` on ${spokenTime(instant, group.timeZone)}` : ''
    const titles: Record<Exclude<LinkState, 'open' | 'used'>, [string, ...string[]]> = {
      replaced: [
        'A newer version has replaced this one',
        `It was replaced${when(access.request.revokedAt)}. If you were asked again, the newer mail has the right link.`,
      ],
      'handed-over': [
        'You passed this on',
        `You asked for somebody else to check it${when(access.request.handedOverAt)}. Thank you for saying so.`,
      ],
      'being-edited': [
        'The author is changing this post',
        'You will get a new link if the change is sent for review. If it is discarded, this link works again.',
      ],
      cancelled: ['This post was cancelled', 'It will not go out, and nobody needs to check it.'],
      ended: [
        'The time of this post is over',
        'It was of no use any more after the time that its author had set, so it will not go out. Nobody needs to check it.',
      ],
      revoked: [
        'This link has ended',
        'Too many wrong codes were typed, or your place in the group changed. Ask the author to send the post for review again.',
      ],
      'gone-out': [
        'This post has gone out',
        'It was approved without your answer being needed. If something about it is wrong, anybody in the group can take it down from the post’s page.',
      ],
      expired: [
        'The time for this answer is over',
        `It had to be answered by ${spokenTime(access.request.expiresAt, group.timeZone)}. The post did not go out without an answer.`,
      ],
    }
    const [title, ...sentences] = state === 'open' || state === 'used' ? ['Look again' as const] : titles[state]
    return {
      kind: 'explained',
      groupName: group.name,
      title,
      sentences: [...sentences, ...(await this.verdictSentences(access.request, group.timeZone))],
    }
  }

  private async verdictSentences({ groupId, postId }: ReviewRequestEntity, zone: string): Promise<string[]> {
    const { manager } = this.transaction
    const candidates = await this.store.candidates(manager, groupId)
    const verdicts = await this.store.verdicts(manager, groupId, [postId])
    const said = {
      approve: 'approved',
      changes: 'asked for changes to',
      stop: 'stopped',
      withdrawn: 'took back an answer on',
    }
    const revisions = await this.posts.revisions(manager, groupId, postId)
    return verdicts.map((each) => {
      const name = candidates.find((one) => one.memberId === each.memberId)?.name ?? 'Somebody'
      const version = revisions.find((one) => one.id === each.revisionId)?.number ?? '?'
      return `${name} ${said[each.kind]} version ${version} on ${spokenTime(each.at, zone)}.`
    })
  }
}
