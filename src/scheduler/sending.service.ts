import { Injectable } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope, type EnvelopeChannel } from '../drafts/envelope.js'
import { MediaAddresses } from '../drafts/media-addresses.service.js'
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
import type { Deadline } from './deadline.js'
import type { PublicationEntity } from './publication.entity.js'

/** All that a send needs, read before anything leaves. `part` is null when the account is no part of what was approved. */
export interface Prepared {
  readonly network: Network
  readonly connection: Connection
  readonly part: EnvelopeChannel | null
}

/** Opens what was approved and speaks to the channel's network. */
@Injectable()
export class SendingService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly media: MediaService,
    private readonly addresses: MediaAddresses,
    private readonly channels: ChannelsService,
    private readonly platforms: PlatformRegistry,
  ) {}

  /**
   * Reads what was approved and where it goes, for many at once, by publication id.
   * One that cannot be read (its credentials were sealed with a lost secret, say) is left out, so that the others go.
   */
  async prepare(publications: readonly PublicationEntity[]): Promise<Map<string, Prepared>> {
    const { manager } = this.transaction
    const [connections, revisions] = await Promise.all([
      this.channels.connections(publications.map(({ groupId, channelId }) => ({ groupId, id: channelId }))),
      this.posts.revisionsOf(
        manager,
        publications.map(({ groupId, revisionId }) => ({ groupId, id: revisionId ?? '' })),
      ),
    ])
    const prepared = new Map<string, Prepared>()
    for (const { id, channelId, revisionId } of publications) {
      const channel = connections.get(channelId)
      const revision = revisions.get(revisionId ?? '')
      if (!channel || !revision) continue
      const part = openEnvelope(revision.envelope).channels.find(
        // Looked at once more with the very credentials that are used: the gate looked before they were read.
        (each) => each.channelId === channelId && each.remoteAccountId === channel.connection.remoteAccountId,
      )
      prepared.set(id, { ...channel, part: part ?? null })
    }
    return prepared
  }

  /** Sends once, unless the deadline has passed. What goes wrong before the network is touched is safe to repeat. */
  async publish(
    publication: PublicationEntity,
    prepared: Prepared | undefined,
    deadline: Deadline,
  ): Promise<PublishOutcome> {
    if (!prepared) return { kind: 'retry', cause: 'What is needed to send it could not be read.', afterSeconds: null }
    const { network, connection, part } = prepared
    if (part === null) {
      const cause = 'This channel, with the account that is behind it now, is no part of what was approved.'
      return { kind: 'rejected', cause, field: null }
    }
    const post = await this.outgoing(publication.groupId, part).catch(() => null)
    if (post === null) return { kind: 'retry', cause: 'A picture could not be read.', afterSeconds: null }
    const platform = this.platforms.get(network)
    const key = keyOf(publication)
    // Nothing is awaited between this question and the send.
    if (deadline.passed) return { kind: 'retry', cause: 'There was no time left to send it safely.', afterSeconds: 30 }
    return platform.publish(connection, post, key, deadline.signal())
  }

  /** Looks whether an earlier attempt became public. */
  async find(publication: PublicationEntity, deadline: Deadline): Promise<FindOutcome> {
    const { groupId, channelId } = publication
    const channel = (await this.channels.connections([{ groupId, id: channelId }])).get(channelId)
    if (!channel) return { kind: 'cannot-tell', cause: 'The credentials of the channel could not be read.' }
    const part = (await this.prepare([publication])).get(publication.id)?.part ?? null
    const post = part && (await this.outgoing(groupId, part).catch(() => null))
    if (!post) return { kind: 'cannot-tell', cause: 'What was sent could not be read.' }
    return this.platforms.get(channel.network).find(channel.connection, post, keyOf(publication), deadline.signal())
  }

  private async outgoing(groupId: string, part: EnvelopeChannel): Promise<OutgoingPost> {
    const sent = await Promise.all(
      part.pictures.map(async ({ sha256, alt }) => {
        const media = await this.media.bytesByHash(groupId, sha256)
        if (!media) throw new Error('The bytes of an approved picture are missing')
        const { bytes, mime, width, height, seconds } = media
        const publicUrl = this.addresses.addressOf(groupId, sha256, mime)
        return { bytes, mime, width, height, seconds, sha256, alt, ...(publicUrl === null ? {} : { publicUrl }) }
      }),
    )
    const [video] = sent.flatMap(({ seconds, ...film }) => (seconds === null ? [] : [{ ...film, seconds }]))
    const pictures = sent.flatMap(({ seconds, ...picture }) => (seconds === null ? [picture] : []))
    return { text: part.text, link: part.link, language: part.language, pictures, ...(video ? { video } : {}) }
  }
}

function keyOf(publication: PublicationEntity): PublishKey {
  if (!publication.publishKey || !publication.publicCreatedAt)
    throw new Error('A publication without a key cannot be sent')
  return {
    publicationId: publication.id,
    key: publication.publishKey,
    createdAt: publication.publicCreatedAt.toUTC().toISO() ?? '',
    memo: null,
    keep: () => Promise.reject(new Error('Nothing can be kept with a publication yet')),
    others: [],
  }
}
