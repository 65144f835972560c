import { Injectable } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope, type Envelope } from '../drafts/envelope.js'
import type { KnownPicture } from '../drafts/media.js'
import { MediaService } from '../drafts/media.service.js'
import { picturesOf } from '../drafts/parts.js'
import { PostsStore } from '../drafts/posts.store.js'
import { revisionDifference, type PictureDifference, type PlacedPicture } from '../drafts/revision-difference.js'
import type { RevisionEntity } from '../drafts/revision.entity.js'
import type { ActingMember } from '../groups/acting-member.js'
import { DomainError } from '../kernel/domain-error.js'
import type { ComparedPicture, DifferenceView } from './difference.dto.js'
import { mediaUrl } from './post-cards.service.js'

/** Compares any two versions of a post, by the same rules as the review page and the mail. */
@Injectable()
export class DifferenceService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly media: MediaService,
  ) {}

  /** @throws DomainError when the post has no version of such a number */
  async get(acting: ActingMember, postId: string, from: number, to: number): Promise<DifferenceView> {
    const { groupId } = acting
    const { manager } = this.transaction
    const post = await this.posts.get(manager, groupId, postId)
    const revisions = await this.posts.revisions(manager, groupId, post.id)
    const before = openEnvelope(numbered(revisions, from).envelope)
    const after = openEnvelope(numbered(revisions, to).envelope)
    const difference = revisionDifference(before, after)
    const known = await this.media.byHash(groupId, [before, after].flatMap(hashesOf))
    const channels = new Map((await this.channels.listAll(groupId)).map((channel) => [channel.id, channel]))
    const pictureView = (picture: PictureDifference) => ({
      ...picture,
      before: picture.before && compared(groupId, picture.before, known),
      after: picture.after && compared(groupId, picture.after, known),
      alt: picture.alt && [...picture.alt],
    })
    const name = (channelId: string) => channels.get(channelId)?.name ?? 'A channel that was removed'
    return {
      from,
      to,
      same: difference.same,
      channels: difference.channels.map(({ before: old, after: fresh, channelId, kind, ...each }) => ({
        channelId,
        network: (fresh ?? old)?.network ?? 'noticeboard',
        name: name(channelId),
        kind,
        text: [...each.text],
        link: each.link,
        language: each.language,
        contentWarning: each.contentWarning,
        visibility: each.visibility,
        target: each.target,
        pictures: each.pictures.map(pictureView),
        below: each.below.map((part) => ({
          ...part,
          text: [...part.text],
          pictures: part.pictures.map(pictureView),
        })),
      })),
      timing: difference.timing && {
        before: difference.timing.before,
        after: difference.timing.after,
        windows: difference.timing.windows.map(({ channelId, removed, added }) => ({
          channelId,
          name: name(channelId),
          removed: [...removed],
          added: [...added],
        })),
      },
    }
  }
}

function numbered(revisions: readonly RevisionEntity[], number: number): RevisionEntity {
  const found = revisions.find((each) => each.number === number)
  if (found) return found
  const last = revisions[0]?.number
  throw new DomainError(
    'no-such-revision',
    last === undefined
      ? 'This post has not been sent for review yet, so it has no versions to compare.'
      : `This post has no version ${number}. Choose one from 1 to ${last}.`,
    'not-found',
  )
}

function hashesOf(envelope: Envelope): string[] {
  return envelope.channels.flatMap((channel) => picturesOf(channel).map((picture) => picture.sha256))
}

function compared(
  groupId: string,
  { place, alt, sha256 }: PlacedPicture,
  known: ReadonlyMap<string, KnownPicture>,
): ComparedPicture {
  const media = known.get(sha256)
  return {
    place,
    alt,
    url: media ? mediaUrl(groupId, media.id) : '',
    width: media?.width ?? 0,
    height: media?.height ?? 0,
    film: media?.film ?? false,
  }
}
