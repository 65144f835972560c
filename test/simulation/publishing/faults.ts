import type { Dice } from '../approval/random.js'
import { lingeringMs } from './accounts.js'
import type { VirtualTime } from './virtual-time.js'

/** What may go wrong; every seed draws how often, and leaves half of it out. */
export const faultKinds = [
  'killed before', 'killed after', 'database lost before', 'database lost after', 'frozen', 'database away',
  'send killed', 'send killed after', 'refused', 'request lost', 'answer lost', 'lingers', 'limited', 'locked out',
  'rejected', 'blocked', 'breaks', 'slow', 'look lost', 'clock wrong', 'not taken down',
] as const // prettier-ignore
export type FaultKind = (typeof faultKinds)[number]

/** The way that one send takes. */
export interface Way {
  readonly kind: 'well' | 'lingers' | 'killed' | 'killed after' | 'refused' | 'request lost' | 'answer lost' | 'locked out' | 'limited' | 'rejected' | 'blocked' | 'breaks' // prettier-ignore
  readonly thereMs: number
  readonly backMs: number
  /** When nobody waits any more, the network takes it so much later; null: it does not. */
  readonly lingersMs: number | null
  /** How long a network that wants a pause wants it, and whether from every channel. */
  readonly pauseMs: number
  readonly app: boolean
}

/** What a worker is about when it asks the database. */
export type Step = 'claim' | 'claim again' | 'settle' | 'settle part' | 'look' | 'other'

/** What goes wrong around one effect on the database. */
export interface Trouble {
  /** How long the process stands still: mostly not at all. */
  readonly frozenMs: number
  readonly end: 'killed' | 'database lost' | null
}

/** Never settles: what a process that is gone waits for. */
export const never = new Promise<never>(() => undefined)

/** What goes wrong in one seed, or in one directed scenario, and where. */
export abstract class Faults {
  readonly counted = new Map<FaultKind, number>()
  private awayUntilMs = 0
  /** Ends the process in whose context it is called. */
  onKill: () => void = () => undefined

  constructor(
    protected readonly dice: Dice,
    protected readonly time: VirtualTime,
  ) {}

  /** Before a worker's effect on the database. */
  abstract before(step: Step): Trouble
  /** After it, when it is in the database and before the worker knows. `took`: it claimed something. */
  abstract after(step: Step, took: boolean): Trouble
  abstract ofSend(): Way
  abstract losesLook(): boolean
  /** Whether the network does not take down what it is asked to: it has to be asked again, or never does. */
  abstract keepsUp(): 'for now' | 'for ever' | null
  /** How far the clock of a new process is wrong. */
  abstract skewMs(): number
  /** A lag of the network, such as until a post can be seen. */
  abstract lagMs(mostMs: number): number

  between(from: number, to: number): number {
    return from + (to - from) * this.dice.next()
  }

  latencyMs(): number {
    return this.between(50, 1500)
  }

  /** Ends the process in whose context this is called; what it was doing never goes on. */
  kill(): Promise<never> {
    this.onKill()
    return never
  }

  /** The database cannot be reached for a while. */
  takeDatabaseAway(ms: number): void {
    this.count('database away')
    this.awayUntilMs = this.time.nowMs + ms
  }

  get databaseAway(): boolean {
    return this.time.nowMs < this.awayUntilMs
  }

  protected count(kind: FaultKind): void {
    this.counted.set(kind, (this.counted.get(kind) ?? 0) + 1)
  }
}

/** Draws faults until the world heals. */
export class DrawnFaults extends Faults {
  private readonly often = new Map<FaultKind, number>()

  constructor(
    dice: Dice,
    time: VirtualTime,
    /** From then on nothing goes wrong. */
    private readonly healsMs: number,
  ) {
    super(dice, time)
    for (const kind of faultKinds) this.often.set(kind, dice.happens(0.5) ? 0.03 + 0.27 * dice.next() : 0)
  }

  /** Whether a seed has any of this at all. */
  has(kind: FaultKind): boolean {
    return (this.often.get(kind) ?? 0) > 0
  }

  before(): Trouble {
    const frozenMs = this.freezeMs()
    if (this.happens('killed before', 0.3)) return { frozenMs, end: 'killed' }
    return { frozenMs, end: this.happens('database lost before', 0.3) ? 'database lost' : null }
  }

  after(): Trouble {
    if (this.happens('killed after', 0.3)) return { frozenMs: 0, end: 'killed' }
    if (this.happens('database lost after', 0.3)) return { frozenMs: 0, end: 'database lost' }
    return { frozenMs: this.freezeMs(), end: null }
  }

  losesLook(): boolean {
    return this.happens('look lost')
  }

  keepsUp(): 'for now' | 'for ever' | null {
    if (!this.happens('not taken down', 3)) return null
    return this.dice.happens(0.5) ? 'for now' : 'for ever'
  }

  skewMs(): number {
    return this.happens('clock wrong', 4) ? this.between(-120_000, 120_000) : 0
  }

  lagMs(mostMs: number): number {
    return this.between(0, mostMs)
  }

  ofSend(): Way {
    const slow = this.happens('slow')
    return {
      kind: this.kindOfWay(),
      thereMs: slow ? this.between(5000, 35_000) : this.between(25, 800),
      backMs: slow ? this.between(1000, 9000) : this.between(25, 800),
      lingersMs: this.dice.happens(0.6) ? this.between(0, lingeringMs) : null,
      pauseMs: this.between(30_000, 600_000),
      app: this.dice.happens(0.3),
    }
  }

  private kindOfWay(): Way['kind'] {
    if (this.happens('breaks', 0.3)) return 'breaks'
    if (this.happens('send killed')) return 'killed'
    if (this.happens('refused')) return 'refused'
    if (this.happens('request lost')) return 'request lost'
    if (this.happens('locked out', 0.5)) return 'locked out'
    if (this.happens('limited')) return 'limited'
    if (this.happens('rejected')) return 'rejected'
    if (this.happens('blocked', 0.3)) return 'blocked'
    if (this.happens('lingers')) return 'lingers'
    if (this.happens('send killed after')) return 'killed after'
    return this.happens('answer lost') ? 'answer lost' : 'well'
  }

  private freezeMs(): number {
    return this.happens('frozen', 0.5) ? this.between(30_000, 240_000) : 0
  }

  private happens(kind: FaultKind, share = 1): boolean {
    const drawn = this.dice.next()
    if (this.time.nowMs >= this.healsMs || drawn >= (this.often.get(kind) ?? 0) * share) return false
    this.count(kind)
    return true
  }
}

/** Something that goes wrong for a worker around its effects on the database. */
export interface Place {
  readonly when: 'before' | 'after'
  readonly step: Step
  /** The how manieth of such effects; after a claim only those count that took something. */
  readonly nth: number
  readonly frozenMs?: number
  readonly end?: 'killed' | 'database lost'
}

/** What goes wrong in a directed scenario, and nothing else does. */
export interface Script {
  readonly places?: readonly Place[]
  /** The ways of the sends, in their order; what comes after these goes well. */
  readonly ways?: readonly Partial<Way>[]
  /** How far the clocks of the processes are wrong, in the order in which they start. */
  readonly skewsMs?: readonly number[]
}

/** Faults at fixed places. */
export class DirectedFaults extends Faults {
  private readonly seen = new Map<string, number>()
  private readonly reached = new Set<Place>()
  private sends = 0
  private born = 0

  constructor(
    dice: Dice,
    time: VirtualTime,
    private readonly script: Script,
  ) {
    super(dice, time)
  }

  /** Whether everything of the script came to pass. */
  get cameToPass(): boolean {
    return this.reached.size === (this.script.places ?? []).length && this.sends >= (this.script.ways ?? []).length
  }

  before(step: Step): Trouble {
    return this.at('before', step)
  }

  after(step: Step, took: boolean): Trouble {
    return step === 'claim' && !took ? { frozenMs: 0, end: null } : this.at('after', step)
  }

  ofSend(): Way {
    const way = this.script.ways?.[this.sends] ?? {}
    this.sends += 1
    if (way.kind && way.kind !== 'well') this.count(way.kind === 'killed' ? 'send killed' : way.kind === 'killed after' ? 'send killed after' : way.kind) // prettier-ignore
    return { kind: 'well', thereMs: 200, backMs: 200, lingersMs: null, pauseMs: 60_000, app: false, ...way }
  }

  losesLook(): boolean {
    return false
  }

  keepsUp(): null {
    return null
  }

  skewMs(): number {
    const skewMs = this.script.skewsMs?.[this.born] ?? 0
    this.born += 1
    if (skewMs !== 0) this.count('clock wrong')
    return skewMs
  }

  lagMs(mostMs: number): number {
    return mostMs
  }

  private at(when: Place['when'], step: Step): Trouble {
    const nth = (this.seen.get(`${when} ${step}`) ?? 0) + 1
    this.seen.set(`${when} ${step}`, nth)
    const place = this.script.places?.find((each) => each.when === when && each.step === step && each.nth === nth)
    if (!place) return { frozenMs: 0, end: null }
    this.reached.add(place)
    if (place.frozenMs) this.count('frozen')
    if (place.end) this.count(`${place.end} ${when}`)
    return { frozenMs: place.frozenMs ?? 0, end: place.end ?? null }
  }
}
