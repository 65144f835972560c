import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { openEnvelope } from '../drafts/envelope.js'
import { MediaService } from '../drafts/media.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import { DomainError } from '../kernel/domain-error.js'
import type { ReviewRequestEntity } from './review-request.entity.js'

/** All small pictures of a review page together stay under this, so that the page stays under 50 KB. */
const smallBytesInAll = 28_000

/** The pictures of the revision that a request is about, and no others. */
@Injectable()
export class ReviewPicturesService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly media: MediaService,
  ) {}

  async get(request: ReviewRequestEntity, hash: string, small: boolean): Promise<{ bytes: Buffer; mime: string }> {
    const revision = await this.posts.revision(this.transaction.manager, request.groupId, request.revisionId)
    const hashes = new Set(
      revision
        ? openEnvelope(revision.envelope).channels.flatMap((part) => part.pictures.map((each) => each.sha256))
        : [],
    )
    const media = hashes.has(hash) ? await this.media.bytesByHash(request.groupId, hash) : null
    if (!media) throw new DomainError('no-such-picture', 'There is no such picture here.', 'not-found')
    return small ? this.media.small(media, Math.floor(smallBytesInAll / hashes.size)) : media
  }
}
