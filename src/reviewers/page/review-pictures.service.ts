import { Injectable } from '@nestjs/common'

import { Transaction } from '../../database/transaction.js'
import { openEnvelope } from '../../drafts/envelope.js'
import { isFilm } from '../../drafts/media.js'
import { MediaService } from '../../drafts/media.service.js'
import { picturesOf } from '../../drafts/parts.js'
import { PostsStore } from '../../drafts/posts.store.js'
import { DomainError } from '../../kernel/domain-error.js'
import type { ReviewRequestEntity } from '../asking/review-request.entity.js'

/** Whatever an address asks for, nobody needs a smaller or a larger small picture. */
const smallest = 600
const largest = 19_000

/** The pictures of the revision that a request is about and of those before it, and no others. */
@Injectable()
export class ReviewPicturesService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly media: MediaService,
  ) {}

  /** @param small how many bytes it may have at most; null asks for the picture as it will be sent */
  async get(
    request: ReviewRequestEntity,
    hash: string,
    small: number | null,
  ): Promise<{ bytes: Buffer; mime: string }> {
    const { manager } = this.transaction
    const revisions = await this.posts.revisions(manager, request.groupId, request.postId)
    const asked = revisions.find((each) => each.id === request.revisionId)
    const known = revisions
      .filter((each) => asked !== undefined && each.number <= asked.number)
      .some((each) =>
        openEnvelope(each.envelope).channels.some((channel) => picturesOf(channel).some((one) => one.sha256 === hash)),
      )
    const media = known ? await this.media.bytesByHash(request.groupId, hash) : null
    if (!media) throw new DomainError('no-such-picture', 'There is no such picture here.', 'not-found')
    return small === null || isFilm(media)
      ? media
      : this.media.small(media, Math.min(largest, Math.max(smallest, small)))
  }
}
