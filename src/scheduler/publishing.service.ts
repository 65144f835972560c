import { randomUUID } from 'node:crypto'

import { Injectable, Logger } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import type { FindOutcome, PublishOutcome } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { ClaimRefused, ClaimsStore, SomeClaimRefused, type Claim } from './claims.store.js'
import { Deadline } from './deadline.js'
import { Gathering } from './gathering.js'
import { OutcomesService, type Outcome } from './outcomes.service.js'
import type { PublicationEntity } from './publication.entity.js'
import { type Prepared, SendingService } from './sending.service.js'
import { whyNotAgain } from './settling.js'

/** A claim lasts longer than the deadline of its send, so that a live worker always settles first. */
const leaseSeconds = 50
const deadlineMs = 40_000
/** So long has nothing been sent when a lease runs out. */
const quietSeconds = leaseSeconds - deadlineMs / 1000
/** Claimed at once: all that a worker holds when it dies is in doubt, so not many. */
const mostAtOnce = 50
/** Sends that one process has on their way. A network that takes its time holds up these, and nobody else's posts. */
const mostInFlight = 100
/** Looks at networks that one process has on their way: what one dead worker held is looked up together. */
const mostLooks = 10
/** While a backlog is being sent, what dead workers left is looked for this often. */
const lookEveryMs = 5000
const stopped =
  'It was put on hold, or its approval no longer counts, so it was not sent again; the network does not show it.'

/** Seconds by network, until a look at it can be trusted. */
const settling = Object.fromEntries(
  Object.entries(platformRules).map(([network, { capabilities }]) => [network, capabilities.settlingSeconds]),
)

/** Sends what is due: claim, send, settle; and looks up what is in doubt. */
@Injectable()
export class PublishingService {
  private readonly log = new Logger('Publishing')
  private readonly worker = `worker-${randomUUID()}`
  private readonly inFlight = new Set<Promise<unknown>>()
  /** With what is claimed and not yet on its way. */
  private readonly rounds = new Set<Promise<unknown>>()
  private readonly settling = new Gathering<Outcome>(mostAtOnce, (outcomes) => this.outcomes.settleAll(outcomes))
  private looking = false
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
  runDue(): Promise<number> {
    return tracked(this.rounds, this.round())
  }

  private async round(): Promise<number> {
    // One cheap question, so that an idle process asks the database for next to nothing.
    if (!(await this.claims.isAnythingDue(this.transaction.manager))) return 0
    await this.transaction.run((manager) => this.claims.doubtAbandoned(manager, settling, quietSeconds))
    const skip: string[] = []
    const own = new Set<Promise<void>>()
    const broken: unknown[] = []
    let sent = 0
    let lookedAtMs = this.clock.monotonicMs()
    while (!this.stopped) {
      if (this.clock.monotonicMs() - lookedAtMs >= lookEveryMs) {
        lookedAtMs = this.clock.monotonicMs()
        this.lookBeside(own, broken)
      }
      // What is settled while the claim looks on has freed its channel too late for that look.
      const wasSending = own.size > 0
      const claimed = await this.claimAndSend(skip, own, broken)
      sent += claimed
      if (claimed > 0) continue
      if (!wasSending) break
      // Its channel is free again when it is settled: there may be more for it.
      if (own.size > 0) await Promise.race(own)
    }
    await Promise.all(own)
    // What could not be settled is looked up when its lease is over; that it broke is not kept quiet.
    if (broken.length > 0) throw broken[0]
    await this.reconcileDoubtful()
    return sent
  }

  /** Milliseconds until something falls due, or null when nothing is foreseen; and whether something could go now. */
  next(): Promise<{ ms: number | null; isLeft: boolean }> {
    return this.claims.next(this.transaction.manager)
  }

  /** Stops claiming, lets what is claimed go out, and waits until that is written down. */
  async stop(): Promise<void> {
    this.stopped = true
    await Promise.allSettled(this.rounds)
  }

  /** Looks for what is in doubt without holding up what is due: a long backlog must not hide what was abandoned. */
  private lookBeside(own: Set<Promise<void>>, broken: unknown[]): void {
    if (this.looking) return
    this.looking = true
    const looking: Promise<void> = this.transaction
      .run((manager) => this.claims.doubtAbandoned(manager, settling, quietSeconds))
      .then(() => this.reconcileDoubtful())
      .catch((error: unknown) => void broken.push(error))
      .finally(() => {
        this.looking = false
        own.delete(looking)
      })
    own.add(looking)
  }

  /** Claims what fits and sets it on its way. @returns how many; their sends are in `own` until they are settled */
  private async claimAndSend(skip: string[], own: Set<Promise<void>>, broken: unknown[]): Promise<number> {
    const room = Math.min(mostAtOnce, mostInFlight - this.inFlight.size)
    if (room <= 0) {
      // Other rounds of this process have all the places.
      if (own.size === 0) await Promise.race(this.inFlight)
      return own.size === 0 ? this.claimAndSend(skip, own, broken) : 0
    }
    // The deadline counts from before the claim: a process that freezes in between must not send late.
    const deadline = new Deadline(this.clock, deadlineMs)
    const claims = await this.claim(room, skip)
    if (claims.length === 0) return 0
    const prepared = await this.prepare(claims)
    for (const claim of claims) {
      const sending: Promise<void> = tracked(
        this.inFlight,
        this.send(claim, prepared.get(claim.publication.id), deadline),
      )
        .catch((error: unknown) => void broken.push(error))
        .finally(() => own.delete(sending))
      own.add(sending)
    }
    return claims.length
  }

  private async claim(most: number, skip: string[]): Promise<Claim[]> {
    for (let room = most; ;) {
      try {
        return await this.writtenDown((manager) => this.claims.claimDue(manager, this.worker, leaseSeconds, room, skip))
      } catch (error) {
        if (error instanceof SomeClaimRefused) room = 1
        else if (error instanceof ClaimRefused) {
          skip.push(error.publication.id)
          // The cached state said approved, the gate counted and said no: settle that, and go on with the others.
          if (error.byGate) await this.outcomes.gateRefused(error.publication)
          room = most
        } else throw error
      }
    }
  }

  /** Claims and writes it down in one transaction: the log knows of every try before the network does. */
  private writtenDown(take: (manager: EntityManager) => Promise<Claim[]>): Promise<Claim[]> {
    return this.transaction.run(async (manager) => {
      const claims = await take(manager)
      const entries = claims.map(({ publication: { groupId, postId: post, id, revisionId, hash }, attempt }) => ({
        groupId,
        event: { kind: 'publication-claimed', post, publication: id, revision: revisionId, hash, attempt } as const,
      }))
      if (entries.length > 0) await this.audit.appendAll(manager, entries)
      return claims
    })
  }

  /** What cannot be read is not sent; that is no reason to leave claims without an answer. */
  private async prepare(claims: readonly Claim[]): Promise<Map<string, Prepared>> {
    try {
      return await this.sending.prepare(claims.map(({ publication }) => publication))
    } catch (error) {
      this.broke('What was to be sent could not be read', claims[0]?.publication.id, error)
      return new Map()
    }
  }

  private async send(claim: Claim, prepared: Prepared | undefined, deadline: Deadline): Promise<void> {
    let outcome: PublishOutcome
    try {
      outcome = await this.sending.publish(claim.publication, prepared, deadline)
    } catch (error) {
      this.broke('Sending broke', claim.publication.id, error)
      outcome = { kind: 'unknown', cause: 'Something broke while this was being sent.' }
    }
    await this.settling.add({ claim, outcome, sealed: prepared?.sealed() })
  }

  private async reconcileDoubtful(): Promise<void> {
    const looks = new Set<Promise<void>>()
    const broken: unknown[] = []
    while (!this.stopped && broken.length === 0) {
      const doubtful = await this.transaction.run((manager) =>
        this.claims.claimDoubtful(manager, this.worker, leaseSeconds),
      )
      if (!doubtful) break
      const look: Promise<void> = tracked(this.inFlight, this.reconcile(doubtful))
        .catch((error: unknown) => void broken.push(error))
        .finally(() => looks.delete(look))
      looks.add(look)
      if (looks.size >= mostLooks) await Promise.race(looks)
    }
    await Promise.all(looks)
    if (broken.length > 0) throw broken[0]
  }

  private async reconcile(publication: PublicationEntity): Promise<void> {
    const found = await this.sending
      .find(publication, new Deadline(this.clock, deadlineMs))
      .catch((): FindOutcome => ({ kind: 'cannot-tell', cause: 'Looking it up broke.' }))
    if (found.kind !== 'absent') return this.outcomes.settleFound(publication, found)
    // Whoever is there when the lease is over goes on with it.
    if (this.stopped) return
    const { tries: attempt, slot, windowEnds } = publication
    const reason = whyNotAgain({ attempt, slot, windowEnds }, await this.claims.now(this.transaction.manager))
    if (reason !== null) return this.outcomes.settleFound(publication, { kind: 'cannot-tell', cause: reason })
    const deadline = new Deadline(this.clock, deadlineMs)
    try {
      const [claim] = await this.writtenDown((manager) =>
        this.claims.claimAgain(manager, publication, this.worker, leaseSeconds),
      )
      if (claim) await this.send(claim, (await this.prepare([claim])).get(publication.id), deadline)
    } catch (error) {
      if (!(error instanceof ClaimRefused)) throw error
      // It may have been stopped since it was sent. Nobody can plan it again, so somebody has to look.
      if (error.byGate) await this.outcomes.settleFound(publication, { kind: 'cannot-tell', cause: stopped })
    }
  }

  private broke(message: string, publication: string | undefined, error: unknown): void {
    this.log.error({ message, publication, error: error instanceof Error ? error.stack : 'unknown' })
  }
}

/** Keeps it among others for as long as it lasts. */
async function tracked<T>(among: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  among.add(work)
  try {
    return await work
  } finally {
    among.delete(work)
  }
}
