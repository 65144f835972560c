import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'

import { ChannelsService } from '../channels/channels.service.js'
import { MediaService } from '../drafts/media.service.js'
import { SamplingService } from '../engagement/sampling.service.js'
import type { ActingMember } from '../groups/acting-member.js'
import type { Group } from '../groups/group.js'
import { SubmissionService } from '../reviewers/asking/submission.service.js'
import { VerdictsService } from '../reviewers/verdicts.service.js'
import { PublishingService } from '../scheduler/publishing.service.js'
import { SummariesService } from '../summaries/summaries.service.js'
import { PostCommandsService } from '../workspace/post-commands.service.js'
import { presentContent } from '../workspace/post-details.service.js'
import { draftPost, drawings, pastPosts, plannedPost, waitingPost, type DemoPost } from './demo-posts.js'
import { DemoStore } from './demo.store.js'
import { drawPicture } from './drawing.adapter.js'

/** When the editors sit down to write, so that the posts do not all find the same window. */
const hours = [5, 10, 15, 18] as const

/** Who plays in the demonstration. */
export type Cast = Record<'ana' | 'ben' | 'cleo' | 'dora', ActingMember>

/** The acts of the demonstration. */
@Injectable()
export class DemoPlay {
  constructor(
    private readonly store: DemoStore,
    private readonly channels: ChannelsService,
    private readonly media: MediaService,
    private readonly posts: PostCommandsService,
    private readonly submission: SubmissionService,
    private readonly verdicts: VerdictsService,
    private readonly publishing: PublishingService,
    private readonly sampling: SamplingService,
    private readonly summaries: SummariesService,
  ) {}

  /** Four weeks of posts, each published in the slot that the queue found for it. */
  async past(cast: Cast, today: DateTime, moveTo: (instant: DateTime) => Promise<void>): Promise<void> {
    const out: { postId: string; at: DateTime; post: DemoPost }[] = []
    for (const [index, post] of pastPosts.entries()) {
      await moveTo(
        today
          .minus({ days: post.daysAgo })
          .setZone('Europe/London')
          .set({ hour: hours[index % hours.length], minute: 3 + index }),
      )
      await this.sample(out)
      const author = index % 4 === 3 ? cast.cleo : cast.ana
      const postId = await this.write(author, post)
      await this.review(cast, postId, author, post)
      const slot = await this.store.firstSlot(author.groupId, postId)
      await moveTo(slot.plus({ seconds: 20 }))
      await this.publishing.runDue()
      out.push({ postId, at: slot, post })
    }
    for (const { at } of out.slice(-3)) {
      await moveTo(at.plus({ hours: 49 }) < today ? at.plus({ hours: 49 }) : today)
      await this.sample(out)
    }
  }

  /** What is on the desk today: something to review, something planned, something half thought. */
  async present(cast: Cast): Promise<void> {
    await this.sampling.sampleDue()
    const planned = await this.write(cast.cleo, plannedPost)
    await this.answer(planned, cast.ben, 'approve', '')
    await this.write(cast.ana, waitingPost)
    await this.write(cast.ana, draftPost, false)
  }

  async summary(group: Group, today: DateTime): Promise<void> {
    await this.summaries.catchUp(group.id, today)
  }

  private async sample(out: readonly { postId: string; post: DemoPost }[]): Promise<void> {
    for (const { postId, post } of out) await this.store.setCounters(postId, post.useful, post.views)
    await this.sampling.sampleDue()
  }

  private async write(
    author: ActingMember,
    post: Pick<DemoPost, 'text' | 'labels' | 'picture'>,
    send = true,
  ): Promise<string> {
    const channels = await this.channels.list(author.groupId)
    const pictures = post.picture
      ? [
          {
            mediaId: (await this.media.upload(author, await drawPicture(drawings[post.picture.drawing]))).id,
            alt: post.picture.alt,
          },
        ]
      : []
    const postId = await this.posts.create(author, {
      content: {
        text: post.text,
        link: null,
        language: 'en-GB',
        channels: channels.map(({ id }) => ({ channelId: id, text: null })),
        pictures,
      },
      wish: { kind: 'queue' },
      usefulUntil: null,
      labels: [...post.labels],
      notes: '',
    })
    if (send) await this.submission.send(author, postId, 1)
    return postId
  }

  private async review(cast: Cast, postId: string, author: ActingMember, post: DemoPost): Promise<void> {
    const reviewer = author === cast.ana ? cast.cleo : cast.ben
    if (post.review === 'changes-first') {
      await this.answer(
        postId,
        cast.ben,
        'changes',
        'Please give the time and place first; people read the start only.',
      )
      const { version, content, wish, labels, notes } = await this.store.written(author.groupId, postId)
      await this.posts.save(author, postId, version, {
        content: {
          ...presentContent(content),
          text: `${content.text} All is on the Noticeboard.`,
        },
        wish,
        usefulUntil: null,
        labels,
        notes,
      })
      await this.submission.send(author, postId, version + 1)
    }
    await this.answer(postId, reviewer, 'approve', '')
  }

  private async answer(
    postId: string,
    reviewer: ActingMember,
    kind: 'approve' | 'changes',
    note: string,
  ): Promise<void> {
    await this.posts.review(reviewer, postId)
    const { request, hash } = await this.store.request(reviewer.groupId, postId, reviewer.memberId)
    await this.verdicts.give(request, {
      kind,
      note,
      ticks: kind === 'approve' ? ['kind', 'right', 'agreed'] : [],
      hash,
      via: 'session',
      token: null,
    })
  }
}
