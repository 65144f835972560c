import { Injectable, Logger } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { AuditEvent } from '../audit/audit-event.js'
import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelMails } from '../channels/channel-mails.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openEnvelope } from '../drafts/envelope.js'
import { partsOf, whatIsOut } from '../drafts/parts.js'
import { PostsStore } from '../drafts/posts.store.js'
import { Clock } from '../kernel/clock.js'
import type { FindOutcome, PublishOutcome } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { AlarmsService } from './alarms.service.js'
import { AttemptsStore, type Held } from './attempts.store.js'
import { ClaimsStore, type Claim } from './claims.store.js'
import { PartsStore } from './parts.store.js'
import { connectAgain } from './publication-words.js'
import type { PublicationEntity } from './publication.entity.js'
import { PublicationsStore } from './publications.store.js'
import { decide, type Step } from './settling.js'

type Published = Extract<PublishOutcome, { kind: 'published' }>

/** How the attempt of a claim ended. */
export interface Outcome {
  readonly claim: Claim
  readonly outcome: PublishOutcome
  /** The credentials with which it was sent, as the database keeps them; none when they could not be read. */
  readonly sealed?: string | undefined
}

/** Writes down how attempts ended and what comes next, each in one transaction: attempt, publication, history, mail, audit. */
@Injectable()
export class OutcomesService {
  private readonly log = new Logger('Outcomes')

  constructor(
    private readonly transaction: Transaction,
    private readonly claims: ClaimsStore,
    private readonly attempts: AttemptsStore,
    private readonly parts: PartsStore,
    private readonly publications: PublicationsStore,
    private readonly posts: PostsStore,
    private readonly channels: ChannelsService,
    private readonly alarms: AlarmsService,
    private readonly channelMails: ChannelMails,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Settles attempts. Those that are public share a transaction, since they are by far the most; a fault keeps none of the others. */
  async settleAll(outcomes: readonly Outcome[]): Promise<void> {
    const published = outcomes.filter(isPublished)
    const rest = outcomes.filter((each) => !isPublished(each))
    if (published.length > 1) {
      try {
        await this.settlePublished(published)
      } catch (error) {
        this.log.warn({ message: 'Settling one by one', error: error instanceof Error ? error.message : 'unknown' })
        rest.push(...published)
      }
    } else rest.push(...published)
    const broken: unknown[] = []
    for (const each of rest) await this.settle(each).catch((error: unknown) => void broken.push(error))
    if (broken.length > 0) throw broken[0]
  }

  private async settlePublished(outcomes: readonly (Outcome & { outcome: Published })[]): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.posts.lockAll(
        manager,
        outcomes.map(({ claim: { publication } }) => ({ groupId: publication.groupId, id: publication.postId })),
      )
      const settled = await this.attempts.settlePublished(
        manager,
        outcomes.map(({ claim, outcome: { remoteId, url } }) => ({ claim, remoteId, url })),
      )
      if (settled.length === 0) return
      await this.posts.addEvents(
        manager,
        this.clock.now(),
        settled.map(({ groupId, postId, channel }) => ({ groupId, postId, text: wentOut(channel) })),
      )
      await this.audit.appendAll(
        manager,
        settled.map(({ groupId, postId, id, attempt, remoteId }) => ({
          groupId,
          event: attemptEnded({ postId, id }, attempt, 'published', remoteId),
        })),
      )
    })
  }

  /** Settles one attempt. Does nothing when another worker has taken the publication over in the meantime. */
  private async settle({ claim, outcome, sealed }: Outcome): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.posts.lock(manager, claim.publication.groupId, claim.publication.postId)
      const [still]: (Held | undefined)[] = await this.attempts.stillHeld(manager, [claim])
      if (!still) return
      const held = still.publication
      const isOut = outcome.kind === 'published'
      const [cause, detail] = isOut ? [null, null] : [outcome.cause, outcome.detail ?? null]
      await this.attempts.settleAttempt(manager, claim, outcome.kind, cause, detail)
      const channel = await this.channels.get(held.groupId, held.channelId, manager)
      const { settlingSeconds } = platformRules[channel.network].capabilities
      const { id: publicationId, slot, windowEnds } = held
      const progress = await this.parts.progress(manager, held)
      // What was in doubt of a thread may have been found since: then only the next part counts.
      const doubt = progress.out > 0 ? progress.doubt : held.doubt
      const sent = { publicationId, attempt: claim.attempt, doubt, out: progress.out, slot, windowEnds }
      // The database's, as in the claims: by a process's own wrong clock a look would come before the network has settled.
      const now = await this.claims.now(manager)
      if (outcome.kind === 'published') await this.publish(manager, held, outcome, now)
      else {
        const said = await this.byOldCredentials(manager, held, outcome, sealed)
        const step = decide(said, sent, now, settlingSeconds)
        await this.take(manager, held, await this.inPart(manager, held, progress.out, step))
        // Doubt decides about the post alone: what the network said of its channel holds all the same.
        const ofChannel = decide(said, { ...sent, doubt: false, out: 0 }, now, settlingSeconds)
        await this.stopChannel(manager, held, ofChannel, sealed)
      }
      const remote = outcome.kind === 'published' ? outcome.remoteId : null
      await this.audit.append(manager, held.groupId, attemptEnded(held, claim.attempt, outcome.kind, remote))
    })
  }

  /** Settles a publication in doubt after a look at the network. */
  async settleFound(publication: PublicationEntity, found: Exclude<FindOutcome, { kind: 'absent' }>): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.posts.lock(manager, publication.groupId, publication.postId)
      const held = await this.publications.lock(manager, publication.groupId, publication.id)
      if (held.state !== 'in_doubt' || held.worker !== publication.worker || held.tries !== publication.tries) return
      if (found.kind === 'found')
        await this.publish(manager, held, { ...found, kind: 'published' }, await this.claims.now(manager))
      else {
        const { out } = await this.parts.progress(manager, held)
        await this.askPerson(manager, held, `${await this.saidOut(manager, held, out, false)}${found.cause}`)
      }
      await this.audit.append(manager, held.groupId, {
        kind: 'looked-up',
        post: held.postId,
        publication: held.id,
        found: found.kind,
      })
    })
  }

  /**
   * What the gate refused at the last moment. An approval that no longer counts (a reviewer was suspended, say) puts the
   * post back to waiting for review; a channel that is no longer the one that was approved makes the publication failed.
   */
  async gateRefused(refused: { groupId: string; id: string; postId: string }): Promise<void> {
    const { groupId, postId } = refused
    await this.transaction.run(async (manager) => {
      const post = await this.posts.lock(manager, groupId, postId)
      const held = await this.publications.lock(manager, groupId, refused.id)
      if (held.state !== 'planned' || post.state !== 'approved') return
      if (await this.publications.approvalIsStale(manager, groupId, postId)) {
        Object.assign(post, { state: 'in_review', approvedAt: null, updatedAt: this.clock.now() })
        await this.posts.save(manager, post)
        await this.tell(manager, held, 'An approval no longer counts, so it waits for review again.')
      } else if (await this.isAnotherAccount(manager, held, post.currentRevisionId)) {
        await this.take(manager, held, {
          kind: 'failed',
          cause: 'The account behind this channel is no longer the one that was approved.',
          nextStep: 'Look at the channel, then change the post and send it for review again.',
        })
      } else return
      await this.audit.append(manager, groupId, { kind: 'gate-refused', post: postId, publication: held.id })
    })
  }

  private async isAnotherAccount(
    manager: EntityManager,
    held: PublicationEntity,
    revisionId: string | null,
  ): Promise<boolean> {
    const channel = await this.channels.get(held.groupId, held.channelId, manager)
    const revision = revisionId === null ? null : await this.posts.revision(manager, held.groupId, revisionId)
    const approved =
      revision && openEnvelope(revision.envelope).channels.find((part) => part.channelId === held.channelId)
    return channel.removedAt !== null || approved?.remoteAccountId !== channel.remoteAccountId
  }

  /** That credentials are no longer taken says nothing of others that the channel has got meanwhile: they are tried. */
  private async byOldCredentials(
    manager: EntityManager,
    { groupId, channelId }: PublicationEntity,
    outcome: Exclude<PublishOutcome, Published>,
    sealed: string | undefined,
  ): Promise<Exclude<PublishOutcome, Published>> {
    if (outcome.kind !== 'unauthorized' || sealed === undefined) return outcome
    if (!(await this.channels.hasOthers(manager, groupId, channelId, sealed))) return outcome
    return { kind: 'retry', cause: outcome.cause, afterSeconds: null }
  }

  private async publish(
    manager: EntityManager,
    held: PublicationEntity,
    outcome: Published,
    now: DateTime,
  ): Promise<void> {
    await this.update(manager, held, {
      state: 'published',
      doubt: false,
      remoteId: outcome.remoteId,
      url: outcome.url,
      publishedAt: now,
      leaseUntil: null,
      cause: null,
      nextStep: null,
    })
    const channel = await this.channels.get(held.groupId, held.channelId, manager)
    await this.tell(manager, held, wentOut(channel.name))
  }

  private async take(manager: EntityManager, held: PublicationEntity, step: Step): Promise<void> {
    switch (step.kind) {
      case 'published':
        return
      case 'again':
        return this.update(manager, held, {
          state: 'planned',
          nextTryAt: step.at,
          leaseUntil: null,
          cause: step.cause,
          nextStep: 'It is tried again by itself.',
        })
      case 'pause':
        return this.update(manager, held, {
          state: 'planned',
          leaseUntil: null,
          cause: step.cause,
          nextStep: 'It goes on by itself when the network allows.',
        })
      case 'look':
        return this.update(manager, held, {
          state: 'in_doubt',
          doubt: true,
          leaseUntil: step.notBefore,
          cause: step.cause,
          nextStep: 'We are looking whether it is there.',
        })
      case 'go-on':
        return this.update(manager, held, {
          state: 'in_doubt',
          doubt: true,
          leaseUntil: step.notBefore,
          cause: step.cause,
          nextStep: 'The rest follows by itself.',
        })
      case 'ask':
        await this.update(manager, held, { state: 'in_doubt', doubt: true, cause: step.cause })
        return this.askPerson(manager, held, step.cause)
      case 'reconnect':
        return this.update(manager, held, {
          state: 'planned',
          leaseUntil: null,
          cause: step.cause,
          nextStep: connectAgain,
        })
      case 'failed':
        // Of what is out in part nothing is in doubt any more, or it would not have failed.
        if (held.remoteId !== null) held.doubt = false
        await this.update(manager, held, {
          state: 'failed',
          doubt: false,
          leaseUntil: null,
          cause: step.cause,
          nextStep: step.nextStep,
        })
        await this.tell(manager, held, `It could not ${held.remoteId === null ? '' : 'all '}go out: ${step.cause}`)
        return this.alarms.raise(manager, held, 'failed', step.cause)
    }
  }

  /** The step with what is out already in its cause. */
  private async inPart(manager: EntityManager, held: PublicationEntity, out: number, step: Step): Promise<Step> {
    if (step.kind === 'published' || out === 0) return step
    const isSure = step.kind === 'go-on' || step.kind === 'failed'
    return { ...step, cause: `${await this.saidOut(manager, held, out, isSure)}${step.cause}` }
  }

  private async saidOut(
    manager: EntityManager,
    { groupId, channelId, revisionId }: PublicationEntity,
    out: number,
    isSure: boolean,
  ): Promise<string> {
    const revision = out > 0 && revisionId !== null ? await this.posts.revision(manager, groupId, revisionId) : null
    const channel = revision && openEnvelope(revision.envelope).channels.find((each) => each.channelId === channelId)
    return channel ? `${whatIsOut(partsOf(channel), out, isSure)} ` : ''
  }

  /** Lets nothing more out on the channel when the network asked for a pause, or no longer takes the credentials. */
  private async stopChannel(
    manager: EntityManager,
    held: PublicationEntity,
    step: Step,
    sealed: string | undefined,
  ): Promise<void> {
    if (step.kind === 'pause' && step.scope === 'channel')
      await this.channels.limitUntil(manager, held.groupId, held.channelId, step.until)
    if (step.kind === 'pause' && step.scope === 'app')
      await this.channels.limitNetworkOf(manager, held.groupId, held.channelId, step.until)
    if (step.kind !== 'reconnect' || sealed === undefined) return
    const { groupId, channelId } = held
    if (!(await this.channels.markToReconnect(manager, groupId, channelId, step.cause, sealed))) return
    const channel = await this.channels.get(held.groupId, held.channelId, manager)
    await this.channelMails.toReconnect(manager, channel, step.cause)
  }

  private async askPerson(manager: EntityManager, held: PublicationEntity, cause: string): Promise<void> {
    await this.update(manager, held, {
      state: 'unconfirmed',
      // The channel's gap counts from then, and is looked at by the database's clock.
      updatedAt: await this.claims.now(manager),
      leaseUntil: null,
      cause,
      nextStep:
        held.remoteId === null
          ? 'Look at the channel, and say here whether the post is there.'
          : 'Look at the channel, and say here whether all of it is there.',
    })
    await this.tell(manager, held, 'Nobody can tell by machine whether it went out. Please look.')
    await this.alarms.raise(manager, held, 'unconfirmed', cause)
  }

  private update(manager: EntityManager, held: PublicationEntity, changes: Partial<PublicationEntity>): Promise<void> {
    return this.publications.update(manager, held, { updatedAt: this.clock.now(), ...changes })
  }

  private tell(manager: EntityManager, held: PublicationEntity, text: string): Promise<void> {
    return this.posts.addEvent(manager, held, held.postId, this.clock.now(), text)
  }
}

function isPublished(each: Outcome): each is Outcome & { outcome: Published } {
  return each.outcome.kind === 'published'
}

function wentOut(channelName: string): string {
  return `It went out on ${channelName}.`
}

function attemptEnded(
  publication: { readonly postId: string; readonly id: string },
  attempt: number,
  outcome: PublishOutcome['kind'],
  remote: string | null,
): AuditEvent {
  return { kind: 'attempt-ended', post: publication.postId, publication: publication.id, attempt, outcome, remote }
}
