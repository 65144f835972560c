import { Injectable } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope, type EnvelopeChannel } from '../drafts/envelope.js'
import { MediaService } from '../drafts/media.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type {
  Connection,
  FindOutcome,
  Network,
  OutgoingPost,
  PublishKey,
  PublishOutcome,
} from '../platforms/platform.js'
import type { PublicationEntity } from './publication.entity.js'

const lookUpMs = 45_000

/** Opens what was approved and speaks to the channel's network. */
@Injectable()
export class SendingService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly media: MediaService,
    private readonly channels: ChannelsService,
    private readonly platforms: PlatformRegistry,
  ) {}

  async publish(publication: PublicationEntity, deadline: AbortSignal): Promise<PublishOutcome> {
    const { connection, post } = await this.load(publication)
    if (post === null) {
      const cause = 'This channel, with the account that is behind it now, is no part of what was approved.'
      return { kind: 'rejected', cause, field: null }
    }
    if (deadline.aborted) return { kind: 'retry', cause: 'There was no time left to send it safely.', afterSeconds: 30 }
    return this.platforms.get(connection.network).publish(connection.connection, post, keyOf(publication), deadline)
  }

  async find(publication: PublicationEntity): Promise<FindOutcome> {
    const { network, connection } = await this.connect(publication)
    return this.platforms.get(network).find(connection, keyOf(publication), AbortSignal.timeout(lookUpMs))
  }

  private async load(publication: PublicationEntity) {
    const connection = await this.connect(publication)
    const revision = await this.posts.revision(
      this.transaction.manager,
      publication.groupId,
      publication.revisionId ?? '',
    )
    const part =
      revision &&
      openEnvelope(revision.envelope).channels.find(
        // Looked at once more with the very credentials that are used: the gate looked before they were read.
        ({ channelId, remoteAccountId }) =>
          channelId === publication.channelId && remoteAccountId === connection.connection.remoteAccountId,
      )
    return { connection, post: part ? await this.outgoing(publication.groupId, part) : null }
  }

  private async connect(publication: PublicationEntity): Promise<{ network: Network; connection: Connection }> {
    const channel = await this.channels.get(publication.groupId, publication.channelId)
    return {
      network: channel.network,
      connection: await this.channels.connection(publication.groupId, publication.channelId),
    }
  }

  private async outgoing(groupId: string, part: EnvelopeChannel): Promise<OutgoingPost> {
    const pictures = await Promise.all(
      part.pictures.map(async ({ sha256, alt }) => {
        const media = await this.media.bytesByHash(groupId, sha256)
        if (!media) throw new Error('The bytes of an approved picture are missing')
        return { bytes: media.bytes, mime: media.mime, width: media.width, height: media.height, sha256, alt }
      }),
    )
    return { text: part.text, link: part.link, language: part.language, pictures }
  }
}

function keyOf(publication: PublicationEntity): PublishKey {
  if (!publication.publishKey || !publication.publicCreatedAt)
    throw new Error('A publication without a key cannot be sent')
  return {
    publicationId: publication.id,
    key: publication.publishKey,
    createdAt: publication.publicCreatedAt.toUTC().toISO() ?? '',
  }
}
