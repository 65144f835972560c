import type { Dice } from '../approval/random.js'
import type { VirtualTime } from './virtual-time.js'

/** What may go wrong; every seed draws how often, and leaves half of it out. */
export const faultKinds = [
  'killed before', 'killed after', 'database lost before', 'database lost after', 'frozen', 'database away',
  'send killed', 'send killed after', 'refused', 'request lost', 'answer lost', 'lingers', 'limited', 'locked out',
  'rejected', 'breaks', 'slow', 'look lost', 'clock wrong', 'worker away',
] as const // prettier-ignore
export type FaultKind = (typeof faultKinds)[number]

/** The way that one send takes. */
export type Way =
  | { readonly kind: 'well' | 'lingers' | 'killed' | 'killed after' | 'refused' | 'request lost' | 'answer lost' | 'locked out' | 'rejected' | 'breaks'; readonly thereMs: number; readonly backMs: number } // prettier-ignore
  | { readonly kind: 'limited'; readonly thereMs: number; readonly backMs: number; readonly pauseMs: number; readonly app: boolean } // prettier-ignore

/** Never settles: what a process that is gone waits for. */
export const never = new Promise<never>(() => undefined)

/** Draws faults until the world heals. */
export class Faults {
  readonly counted = new Map<FaultKind, number>()
  private readonly often = new Map<FaultKind, number>()
  private awayUntilMs = 0

  constructor(
    private readonly dice: Dice,
    private readonly time: VirtualTime,
    /** From then on nothing goes wrong. */
    private readonly healsMs: number,
    private readonly onKill: () => void,
  ) {
    for (const kind of faultKinds) this.often.set(kind, dice.happens(0.5) ? 0.03 + 0.27 * dice.next() : 0)
  }

  happens(kind: FaultKind, share = 1): boolean {
    const drawn = this.dice.next()
    if (this.time.nowMs >= this.healsMs || drawn >= (this.often.get(kind) ?? 0) * share) return false
    this.count(kind)
    return true
  }

  count(kind: FaultKind): void {
    this.counted.set(kind, (this.counted.get(kind) ?? 0) + 1)
  }

  /** Whether a seed has any of this at all. */
  has(kind: FaultKind): boolean {
    return (this.often.get(kind) ?? 0) > 0
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.dice.next()
  }

  latencyMs(): number {
    return this.between(50, 1500)
  }

  lagMs(mostMs: number): number {
    return this.between(0, mostMs)
  }

  losesLook(): boolean {
    return this.happens('look lost')
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

  /** How long a process stands still at this point: mostly not at all. */
  freezeMs(): number {
    return this.happens('frozen', 0.5) ? this.between(30_000, 240_000) : 0
  }

  ofSend(): Way {
    const slow = this.happens('slow')
    const thereMs = slow ? this.between(5000, 35_000) : this.between(25, 800)
    const backMs = slow ? this.between(1000, 9000) : this.between(25, 800)
    const ways = { thereMs, backMs }
    if (this.happens('breaks', 0.3)) return { kind: 'breaks', ...ways }
    if (this.happens('send killed')) return { kind: 'killed', ...ways }
    if (this.happens('refused')) return { kind: 'refused', ...ways }
    if (this.happens('request lost')) return { kind: 'request lost', ...ways }
    if (this.happens('locked out', 0.5)) return { kind: 'locked out', ...ways }
    if (this.happens('limited')) return { kind: 'limited', ...ways, pauseMs: this.between(30_000, 600_000), app: this.dice.happens(0.3) } // prettier-ignore
    if (this.happens('rejected')) return { kind: 'rejected', ...ways }
    if (this.happens('lingers')) return { kind: 'lingers', ...ways }
    if (this.happens('send killed after')) return { kind: 'killed after', ...ways }
    if (this.happens('answer lost')) return { kind: 'answer lost', ...ways }
    return { kind: 'well', ...ways }
  }
}
