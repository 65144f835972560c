import { blueskyRules } from '../../../src/platforms/bluesky/bluesky-rules.js'
import type {
  Connection,
  ConnectOutcome,
  Counters,
  FindOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../../../src/platforms/platform.js'
import { kindOf, lingeringMs } from './accounts.js'
import type { Faults, Way } from './faults.js'
import type { VirtualTime } from './virtual-time.js'

/** A post as the network took it. */
export interface Taken {
  readonly publicationId: string
  readonly account: string
  readonly text: string
  readonly key: string
  /** The key of what it hangs on. */
  readonly under: string | null
  readonly atMs: number
  /** From then on somebody who looks can see it. */
  readonly visibleMs: number
}

/** The networks of the simulated world and their own memory of what became public: the judge of everything. */
export class SimulatedNetwork implements Platform {
  readonly rules = blueskyRules
  readonly connectSteps = []
  readonly connectFields = []
  readonly taken: Taken[] = []
  /** Accounts whose password was changed; they are refused until somebody connects them again. */
  readonly lockedOut = new Set<string>()

  constructor(
    private readonly time: VirtualTime,
    private readonly faults: Faults,
    /** Told at the very moment at which the network takes a post. */
    private readonly onTaken: (taken: Taken) => Promise<void>,
    /** When a request is broken off, in virtual time. */
    private readonly endOf: (signal: AbortSignal) => number,
  ) {}

  /** How many parts of it somebody sees who looks. */
  shows(publicationId: string): number {
    return this.taken.filter((each) => each.publicationId === publicationId).length
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const account = connection.remoteAccountId
    const way = this.faults.ofSend()
    const endMs = this.endOf(signal)
    this.time.note(`send “${post.text}” ${key.key} ${way.kind}`)
    if (way.kind === 'breaks') throw new Error('simulated: the adapter broke')
    if (this.time.nowMs + way.thereMs > endMs) {
      await this.time.pass(endMs - this.time.nowMs)
      return this.giveUp(account, post, key, way)
    }
    await this.time.pass(way.thereMs)
    if (way.kind === 'killed') return this.faults.kill()
    if (way.kind === 'refused') return { kind: 'retry', cause: 'The network could not be reached.', afterSeconds: null }
    if (way.kind === 'request lost') {
      await this.time.pass(way.backMs)
      return { kind: 'unknown', cause: 'No answer came.' }
    }
    if (this.lockedOut.has(account) || way.kind === 'locked out') {
      this.lockedOut.add(account)
      return { kind: 'unauthorized', cause: 'The network no longer takes the password.' }
    }
    if (way.kind === 'limited') {
      const until = new Date(this.time.nowMs + way.pauseMs).toISOString()
      return { kind: 'limited', cause: 'Too many posts.', until, scope: way.app ? 'app' : 'channel' }
    }
    if (way.kind === 'blocked') return { kind: 'blocked', cause: 'The network asks whether a human is there.' }
    if (way.kind === 'rejected') return { kind: 'rejected', cause: 'The network refused it.', field: null }
    if (way.kind === 'lingers') return this.giveUp(account, post, key, way)
    const taken = await this.take(account, post, key)
    await this.time.pass(Math.min(way.backMs, endMs - this.time.nowMs))
    if (this.time.nowMs >= endMs) return { kind: 'unknown', cause: 'No answer came in time.' }
    if (way.kind === 'killed after') return this.faults.kill()
    if (way.kind === 'answer lost') return { kind: 'unknown', cause: 'No answer came.' }
    return { kind: 'published', ...identity(taken), at: key.createdAt }
  }

  async find(connection: Connection, _post: OutgoingPost, key: PublishKey): Promise<FindOutcome> {
    await this.time.pass(this.faults.latencyMs())
    if (this.faults.losesLook()) return { kind: 'cannot-tell', cause: 'The look got no answer.' }
    if (kindOf(connection.remoteAccountId) === 'mute')
      return { kind: 'cannot-tell', cause: 'This network does not tell.' }
    const taken = this.taken.find((each) => each.key === key.key && each.visibleMs <= this.time.nowMs)
    this.time.note(`look ${key.key} ${taken ? 'found' : 'absent'}`)
    return taken ? { kind: 'found', ...identity(taken), at: key.createdAt } : { kind: 'absent' }
  }

  async retract(): Promise<RetractOutcome> {
    await this.time.pass(this.faults.latencyMs())
    switch (this.faults.keepsUp()) {
      case 'for now':
        return { kind: 'retry', cause: 'The network did not answer.', afterSeconds: null }
      case 'for ever':
        return { kind: 'by-hand', cause: 'The network does not let it be taken down any more.' }
      case null:
        return { kind: 'retracted' }
    }
  }

  counters(): Promise<Map<string, Counters>> {
    return Promise.resolve(new Map())
  }

  connect(): Promise<ConnectOutcome> {
    return Promise.resolve({ kind: 'refused', cause: 'Nobody connects here.', field: null })
  }

  /** Nobody waits any more; the network may take it all the same, a moment later. */
  private giveUp(account: string, post: OutgoingPost, key: PublishKey, { lingersMs }: Way): PublishOutcome {
    if (lingersMs !== null) this.time.at(this.time.nowMs + lingersMs, () => void this.take(account, post, key))
    return { kind: 'unknown', cause: 'No answer came in time.' }
  }

  private async take(account: string, post: OutgoingPost, { publicationId, key }: PublishKey): Promise<Taken> {
    const before = kindOf(account) === 'keyed' ? this.taken.find((each) => each.key === key) : undefined
    if (before) return before
    const { nowMs } = this.time
    // Seen by a look only after a while, and surely when the network has settled.
    const visibleMs = nowMs + this.faults.lagMs(blueskyRules.capabilities.settlingSeconds * 1000 - lingeringMs)
    const taken = {
      publicationId,
      account,
      text: post.text,
      key,
      under: post.under?.parent.split('|')[1] ?? null,
      atMs: nowMs,
      visibleMs,
    }
    this.taken.push(taken)
    this.time.note(`taken “${post.text}” ${key}`)
    await this.onTaken(taken)
    return taken
  }
}

function identity(taken: Taken): { remoteId: string; url: string } {
  return { remoteId: `at://${taken.account}|${taken.key}`, url: `https://network.test/${taken.key}` }
}
