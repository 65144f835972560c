import { Injectable, Logger } from '@nestjs/common'

import type { Channel } from '../channels/channel.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope } from '../drafts/envelope.js'
import { PostsStore } from '../drafts/posts.store.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { Connection, RetractOutcome } from '../platforms/platform.js'
import { PartsStore } from './parts.store.js'
import type { PublicationEntity } from './publication.entity.js'
import { seenByPerson } from './publication.js'

const deadlineMs = 30_000

/** Asks the channel's network to take something down. To many networks what they do not know is gone, so it is not asked for that. */
@Injectable()
export class TakingDownService {
  private readonly log = new Logger('TakingDown')

  constructor(
    private readonly transaction: Transaction,
    private readonly parts: PartsStore,
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly platforms: PlatformRegistry,
  ) {}

  /** Never throws: what breaks here is tried again, and keeps nobody else's posts from being taken down. */
  async takeDown(publication: PublicationEntity): Promise<RetractOutcome> {
    try {
      const channel = await this.channels.get(publication.groupId, publication.channelId)
      const connection = await this.opened(channel)
      if (connection === null) {
        const cause = 'The credentials of the channel could not be opened. Whoever runs Seconder finds more in its log.'
        return { kind: 'retry', cause, afterSeconds: null }
      }
      const cause = await this.unreachable(publication, channel, connection)
      return cause === null ? await this.ask(publication, channel, connection) : { kind: 'by-hand', cause }
    } catch (error) {
      this.broke('Taking down broke', publication.id, error)
      return { kind: 'retry', cause: 'Something broke while it was being taken down.', afterSeconds: null }
    }
  }

  /** Why the network cannot be asked by this channel as it is now; null when it can. */
  private async unreachable(
    { groupId, channelId, revisionId, remoteId }: PublicationEntity,
    { network, name, removedAt }: Channel,
    connection: Connection,
  ): Promise<string | null> {
    if (remoteId === seenByPerson)
      return 'Somebody saw it there, but the network never told its number, so it cannot be asked to take it down.'
    // The group's own page is here, whether it is a channel or not.
    if (network === 'noticeboard') return null
    if (removedAt !== null) return `${name} is no longer connected.`
    const revision = revisionId && (await this.posts.revision(this.transaction.manager, groupId, revisionId))
    const sent = revision && openEnvelope(revision.envelope).channels.find((each) => each.channelId === channelId)
    return sent && sent.remoteAccountId !== connection.remoteAccountId
      ? `It went out on another account than ${connection.handle}, which is behind ${name} now.`
      : null
  }

  private async ask(
    publication: PublicationEntity,
    { network }: Channel,
    connection: Connection,
  ): Promise<RetractOutcome> {
    const { manager } = this.transaction
    const platform = this.platforms.get(network)
    const deadline = AbortSignal.timeout(deadlineMs)
    const parts = (await this.parts.of(manager, [publication])).filter((part) => part.remoteId !== null)
    if (parts.length === 0) return platform.retract(connection, publication.remoteId ?? '', deadline)
    // The last one first: what hangs on another one cannot be reached any more once that is gone.
    for (const part of parts.filter((each) => each.retractedAt === null).toReversed()) {
      const outcome = await platform.retract(connection, part.remoteId ?? '', deadline)
      if (outcome.kind !== 'retracted') return outcome
      await this.parts.markRetracted(manager, part)
    }
    // One was sent without an answer, and never found: of that only a person has said what is there.
    if (!(await this.parts.progress(manager, publication)).doubt) return { kind: 'retracted' }
    const said = parts.length === 1 ? 'Its first part was' : `Its first ${parts.length} parts were`
    return { kind: 'by-hand', cause: `${said} taken down; there may be more of it, of which the network told nothing.` }
  }

  private async opened({ groupId, id }: Channel): Promise<Connection | null> {
    try {
      return await this.channels.connection(groupId, id)
    } catch (error) {
      this.broke('The credentials of a channel cannot be opened', id, error)
      return null
    }
  }

  private broke(message: string, about: string, error: unknown): void {
    this.log.error({ message, about, error: error instanceof Error ? error.stack : 'unknown' })
  }
}
