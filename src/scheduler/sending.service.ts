import { Injectable } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope } from '../drafts/envelope.js'
import { MediaAddresses } from '../drafts/media-addresses.service.js'
import { MediaService } from '../drafts/media.service.js'
import { checkedPart, partsOf, type Part } from '../drafts/parts.js'
import { PostsStore } from '../drafts/posts.store.js'
import { saysTheSame, whatIsDone } from '../drafts/target.js'
import { checkParts } from '../platforms/part-rules.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type {
  Connection,
  FindOutcome,
  LookUpOutcome,
  Network,
  OutgoingPost,
  Place,
  Platform,
  PublishKey,
  PublishOutcome,
} from '../platforms/platform.js'
import { mannerOf } from '../platforms/target-rules.js'
import type { Deadline } from './deadline.js'
import { PartsStore, type Hold } from './parts.store.js'
import type { PublicationPartEntity } from './publication-part.entity.js'
import type { PublicationEntity } from './publication.entity.js'

/** All that a send needs, read before anything leaves. `parts` is null when the account is no part of what was approved. */
export interface Prepared {
  readonly network: Network
  readonly connection: Connection
  /** The credentials that were used last, as the database keeps them. */
  readonly sealed: () => string
  readonly parts: readonly Part[] | null
  /** Parts that are out, or whose sending has begun. */
  readonly known: readonly PublicationPartEntity[]
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
    private readonly store: PartsStore,
    private readonly audit: AuditLog,
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
    // Before a first try nothing is known.
    const known = await this.store.of(
      manager,
      publications.filter((each) => each.tries > 1 || each.state !== 'publishing'),
    )
    const prepared = new Map<string, Prepared>()
    for (const { id, channelId, revisionId } of publications) {
      const channel = connections.get(channelId)
      const revision = revisions.get(revisionId ?? '')
      if (!channel || !revision) continue
      const part = openEnvelope(revision.envelope).channels.find(
        // Looked at once more with the very credentials that are used: the gate looked before they were read.
        (each) => each.channelId === channelId && each.remoteAccountId === channel.connection.remoteAccountId,
      )
      prepared.set(id, {
        ...channel,
        parts: part ? partsOf(part) : null,
        known: known.filter((each) => each.publicationId === id),
      })
    }
    return prepared
  }

  /**
   * Sends part after part, unless the deadline has passed; each that is out is committed before the next one goes, so
   * that whoever goes on begins with the one after it. What goes wrong before the network is touched is safe to repeat.
   */
  async publish(
    publication: PublicationEntity,
    prepared: Prepared | undefined,
    deadline: Deadline,
  ): Promise<PublishOutcome> {
    if (!prepared) return { kind: 'retry', cause: 'What is needed to send it could not be read.', afterSeconds: null }
    const { network, connection, parts } = prepared
    if (parts === null) {
      const cause = 'This channel, with the account that is behind it now, is no part of what was approved.'
      return { kind: 'rejected', cause, field: null }
    }
    const platform = this.platforms.get(network)
    // What would stop the thread later on stops it before anything is out.
    const [problem] = parts.length > 1 && prepared.known.length === 0 ? problemsOf(platform, connection, parts) : []
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    const hold: Hold = { publication, state: 'publishing' }
    const out = outOf(prepared.known)
    for (const part of parts.slice(out.length)) {
      const post = await this.outgoing(publication.groupId, part, out).catch(() => null)
      if (post === null) return { kind: 'retry', cause: 'A picture could not be read.', afterSeconds: null }
      const changed = await whatChanged(platform, connection, part, publication.doubt, deadline)
      if (changed) return changed
      const key = this.keyOf(hold, publication, part, prepared.known, out)
      // Nothing is awaited between this question and the send.
      if (deadline.passed)
        return { kind: 'retry', cause: 'There was no time left to send it safely.', afterSeconds: 30 }
      const outcome = await platform.publish(connection, post, key, deadline.signal())
      if (outcome.kind !== 'published' || parts.length === 1) return outcome
      if (!(await this.settle(hold, publication, part, outcome)))
        return { kind: 'unknown', cause: 'Another worker took it over while a part was being sent.' }
      out.push(outcome)
    }
    const [first] = out
    if (!first) return { kind: 'unknown', cause: 'There was nothing to send.' }
    return { kind: 'published', remoteId: first.remoteId, url: first.url, at: first.at }
  }

  /**
   * Looks whether an earlier attempt became public: the first part that is not known to be out. What is found is
   * written down.
   * @returns found when all parts are out, absent when the next one can be sent
   */
  async find(publication: PublicationEntity, deadline: Deadline): Promise<FindOutcome> {
    const { manager } = this.transaction
    const { groupId, channelId } = publication
    const channel = (await this.channels.connections([{ groupId, id: channelId }])).get(channelId)
    if (!channel) return { kind: 'cannot-tell', cause: 'The credentials of the channel could not be read.' }
    const prepared = (await this.prepare([publication])).get(publication.id)
    if (!prepared?.parts) return { kind: 'cannot-tell', cause: 'What was sent could not be read.' }
    const { parts, known } = prepared
    const out = outOf(known)
    const next = parts[out.length]
    if (next && out.length > 0 && !(await this.store.progress(manager, publication)).doubt) return { kind: 'absent' }
    if (next) {
      const post = await this.outgoing(groupId, next, out).catch(() => null)
      if (!post) return { kind: 'cannot-tell', cause: 'What was sent could not be read.' }
      const hold: Hold = { publication, state: 'in_doubt' }
      const key = this.keyOf(hold, publication, next, known, out)
      const found = await this.platforms.get(channel.network).find(channel.connection, post, key, deadline.signal())
      if (found.kind !== 'found' || parts.length === 1) return found
      if (!(await this.settle(hold, publication, next, found)))
        return { kind: 'cannot-tell', cause: 'Another worker took it over while it was being looked up.' }
      out.push(found)
    }
    const [first] = out
    // The parts after the one in doubt were never sent.
    return first && out.length === parts.length ? { ...first, kind: 'found' } : { kind: 'absent' }
  }

  /** @returns false when it is not held any more; then nothing is written */
  private settle(
    hold: Hold,
    { groupId, id, postId }: PublicationEntity,
    part: Part,
    out: { readonly remoteId: string; readonly url: string },
  ): Promise<boolean> {
    return this.transaction.run(async (manager) => {
      const isOurs = await this.store.settle(manager, hold, part, out)
      const named = { post: postId, publication: id, part: part.number, remote: out.remoteId }
      if (isOurs) await this.audit.append(manager, groupId, { kind: 'part-published', ...named })
      return isOurs
    })
  }

  private async outgoing(groupId: string, part: Part, out: readonly Out[]): Promise<OutgoingPost> {
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
    const { text, link, language, contentWarning, visibility } = part
    const under = placeOf(part, out)
    const repostOf = part.targetUse === 'repost' ? part.target?.remoteId : undefined
    return {
      text,
      link,
      language,
      pictures,
      ...(video ? { video } : {}),
      ...(contentWarning === undefined ? {} : { contentWarning }),
      ...(visibility === undefined ? {} : { visibility }),
      ...(under ? { under } : {}),
      ...(repostOf === undefined ? {} : { repostOf }),
    }
  }

  /** The key of a part: the same whoever sends it, and however often. */
  private keyOf(
    hold: Hold,
    publication: PublicationEntity,
    part: Part,
    known: readonly PublicationPartEntity[],
    out: readonly Out[],
  ): PublishKey {
    const { id, revisionId, publishKey, publicCreatedAt } = publication
    if (!publishKey || !publicCreatedAt) throw new Error('A publication without a key cannot be sent')
    const { store, transaction } = this
    const kept = known.find((each) => each.number === part.number)
    // A container that was made of other words is not sent in the place of these.
    let memo = kept?.revisionId === revisionId ? kept.memo : null
    return {
      publicationId: id,
      key: part.number === 1 ? publishKey : `${publishKey}/${part.number}`,
      // Parts of one instant would be shown in any order.
      createdAt:
        publicCreatedAt
          .toUTC()
          .plus(part.number - 1)
          .toISO() ?? '',
      get memo() {
        return memo
      },
      async keep(words) {
        if (!(await store.keep(transaction.manager, hold, part, words)))
          throw new Error('The attempt is no longer ours')
        memo = words
      },
      // The parts before this one say the same at times, too.
      async others() {
        return [...(await store.othersOn(transaction.manager, publication)), ...out.map((each) => each.remoteId)]
      },
    }
  }
}

/** A part that is out. */
interface Out {
  readonly remoteId: string
  readonly url: string
  readonly at: string
}

function outOf(known: readonly PublicationPartEntity[]): Out[] {
  return known.flatMap(({ remoteId, url, publishedAt }) =>
    remoteId === null ? [] : [{ remoteId, url: url ?? '', at: publishedAt?.toISO() ?? '' }],
  )
}

/** An answer hangs on what it answers, a part of a thread on the one before it, a comment on the post itself. */
function placeOf({ kind, target, targetUse = 'answer' }: Part, out: readonly Out[]): Place | undefined {
  const [root, parent] = [out[0]?.remoteId, out.at(-1)?.remoteId]
  if (kind === 'post') {
    const answers = targetUse === 'answer' ? target : undefined
    return answers && { kind: 'answer', root: answers.root, parent: answers.remoteId }
  }
  if (root === undefined || parent === undefined) throw new Error('There is nothing that this part could hang on')
  return kind === 'comment' ? { kind, root, parent: root } : { kind, root, parent }
}

/**
 * Looks once more at what is answered or passed on, before anything leaves: reviewers agreed to just that, and whoever
 * wrote it may have changed it since, or somebody may have passed it on by hand.
 * @param doubt whether an attempt of ours may have passed it on: then it says nothing that this has been done
 * @returns what keeps it from going out, or null
 */
async function whatChanged(
  platform: Platform,
  connection: Connection,
  part: Part,
  doubt: boolean,
  deadline: Deadline,
): Promise<PublishOutcome | null> {
  const { target, targetUse = 'answer' } = part
  if (!target) return null
  const what = whatIsDone[targetUse]
  const now: LookUpOutcome = platform.lookUp
    ? await platform
        .lookUp(connection, target.address, deadline.signal())
        .catch(() => ({ kind: 'retry', cause: 'The network could not be asked.' }))
    : { kind: 'refused', cause: 'It cannot be looked up there.' }
  switch (now.kind) {
    case 'retry':
      return { kind: 'retry', cause: `${what} could not be looked at. ${now.cause}`, afterSeconds: null }
    // It says nothing of what they wrote: the channel waits, as it does when a post is told so.
    case 'limited':
    case 'unauthorized':
      return now
    case 'refused':
      return { kind: 'rejected', cause: `${what} is not there any more. ${now.cause}`, field: 'target' }
    case 'found': {
      const { whyNotQuoted, passedOn = false } = now.post
      const manner = mannerOf(targetUse, part)
      if (whyNotQuoted !== undefined && manner === 'quote')
        return { kind: 'rejected', cause: whyNotQuoted, field: 'target' }
      // A network keeps a repost once: to take down ours would take down theirs.
      if (passedOn && manner === 'repost' && !doubt)
        return { kind: 'rejected', cause: 'This account has passed that post on already.', field: 'target' }
      if (saysTheSame(target, now.post)) return null
      const cause = `${what} says something else than when this was approved. Look at it, change the post if need be, and send it for review again.`
      return { kind: 'rejected', cause, field: 'target' }
    }
  }
}

/** What pictures weigh is checked by the adapter, which has their bytes. */
function problemsOf({ rules }: Platform, { limits }: Connection, parts: readonly Part[]) {
  const posts = parts.map((part) => checkedPart({ ...part, pictures: [] }))
  // Without its pictures a part may seem to be empty.
  return checkParts(rules, posts, limits).filter(({ part }) => parts[part - 1]?.pictures.length === 0)
}
