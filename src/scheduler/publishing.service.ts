import { randomUUID } from 'node:crypto'

import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import type { FindOutcome, PublishOutcome } from '../platforms/platform.js'
import { ClaimRefused, ClaimsStore, type Claim } from './claims.store.js'
import { OutcomesService } from './outcomes.service.js'
import type { PublicationEntity } from './publication.entity.js'
import { SendingService } from './sending.service.js'
import { whyNotAgain } from './settling.js'

/** A claim lasts longer than the deadline of its send, so that a live worker always settles first. */
const leaseSeconds = 60
const deadlineMs = 45_000
const stopped =
  'It was put on hold, or its approval no longer counts, so it was not sent again; the network does not show it.'

/** Sends what is due: claim, send, settle; and looks up what is in doubt. */
@Injectable()
export class PublishingService {
  private readonly log = new Logger('Publishing')
  private readonly worker = `worker-${randomUUID()}`
  private readonly inFlight = new Set<Promise<unknown>>()
  private stopped = false

  constructor(
    private readonly transaction: Transaction,
    private readonly claims: ClaimsStore,
    private readonly outcomes: OutcomesService,
    private readonly sending: SendingService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Publishes everything that is due now. @returns how many were sent */
  async runDue(): Promise<number> {
    // One cheap question, so that an idle process asks the database for next to nothing.
    if (!(await this.claims.isAnythingDue(this.transaction.manager))) return 0
    await this.transaction.run((manager) => this.claims.doubtAbandoned(manager))
    const skip: string[] = []
    let sent = 0
    while (!this.stopped) {
      // The deadline counts from before the claim: a process that freezes in between must not send late.
      const deadline = AbortSignal.timeout(deadlineMs)
      const claim = await this.claimOne(skip)
      if (claim === 'refused') continue
      if (claim === null) break
      await this.track(this.send(claim, deadline))
      sent += 1
    }
    await this.reconcileDoubtful()
    return sent
  }

  /** Stops claiming and lets sends in flight finish. */
  async stop(): Promise<void> {
    this.stopped = true
    await Promise.allSettled(this.inFlight)
  }

  private async claimOne(skip: string[]): Promise<Claim | 'refused' | null> {
    try {
      return await this.claim((manager) => this.claims.claimDue(manager, this.worker, leaseSeconds, skip))
    } catch (error) {
      if (!(error instanceof ClaimRefused)) throw error
      skip.push(error.publication.id)
      // The cached state said approved, the gate counted and said no: settle that, and go on with the others.
      if (error.byGate) await this.outcomes.gateRefused(error.publication)
      return 'refused'
    }
  }

  /** Claims and writes it down in one transaction: the log knows of every try before the network does. */
  private claim(take: (manager: EntityManager) => Promise<Claim | null>): Promise<Claim | null> {
    return this.transaction.run(async (manager) => {
      const claim = await take(manager)
      if (!claim) return null
      const { groupId, postId, id, revisionId, hash } = claim.publication
      const what = { post: postId, publication: id, revision: revisionId, hash, attempt: claim.attempt }
      await this.audit.append(manager, groupId, { kind: 'publication-claimed', ...what })
      return claim
    })
  }

  private async send(claim: Claim, deadline: AbortSignal): Promise<void> {
    let outcome: PublishOutcome
    try {
      outcome = await this.sending.publish(claim.publication, deadline)
    } catch (error) {
      this.log.error({
        message: 'Sending broke',
        publication: claim.publication.id,
        error: error instanceof Error ? error.stack : 'unknown',
      })
      outcome = { kind: 'unknown', cause: 'Something broke while this was being sent.' }
    }
    await this.outcomes.settle(claim, outcome)
  }

  private async reconcileDoubtful(): Promise<void> {
    while (!this.stopped) {
      const doubtful = await this.transaction.run((manager) =>
        this.claims.claimDoubtful(manager, this.worker, leaseSeconds),
      )
      if (!doubtful) return
      await this.track(this.reconcile(doubtful))
    }
  }

  private async reconcile(publication: PublicationEntity): Promise<void> {
    const found = await this.sending
      .find(publication)
      .catch((): FindOutcome => ({ kind: 'cannot-tell', cause: 'Looking it up broke.' }))
    if (found.kind !== 'absent') return this.outcomes.settleFound(publication, found)
    const { tries: attempt, slot, windowEnds } = publication
    const reason = whyNotAgain({ attempt, slot, windowEnds }, this.clock.now())
    if (reason !== null) return this.outcomes.settleFound(publication, { kind: 'cannot-tell', cause: reason })
    const deadline = AbortSignal.timeout(deadlineMs)
    try {
      const claim = await this.claim((manager) =>
        this.claims.claimAgain(manager, publication, this.worker, leaseSeconds),
      )
      if (claim) await this.send(claim, deadline)
    } catch (error) {
      if (!(error instanceof ClaimRefused)) throw error
      // It may have been stopped since it was sent. Nobody can plan it again, so somebody has to look.
      if (error.byGate) await this.outcomes.settleFound(publication, { kind: 'cannot-tell', cause: stopped })
    }
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.inFlight.add(work)
    try {
      return await work
    } finally {
      this.inFlight.delete(work)
    }
  }
}
