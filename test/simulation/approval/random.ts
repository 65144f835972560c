import { syncBuiltinESMExports } from 'node:module'

/** Random numbers that depend on the seed alone (mulberry32). */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1)
  }

  /** From 0 to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }

  /** From 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)]
  }

  /** One of these, each as often as its weight says. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T {
    let left = this.next() * list.reduce((sum, each) => sum + each.weight, 0)
    return list.find((each) => (left -= each.weight) < 0) ?? list[0]!
  }
}

/** The sizes in which the product draws ids and tokens; connections and sealing draw others, whenever they need them. */
const drawn = [16, 32]

/**
 * From here on the ids and tokens of this process come from `current()`: slots are spread by the ids of posts, and a
 * sequence has to be the same when it is played again. Only for a process of its own.
 */
export function drawIdsFrom(current: () => Dice): void {
  const crypto = process.getBuiltinModule('node:crypto')
  const real = crypto.randomBytes
  const randomBytes = (size: number, ...rest: []) => {
    if (!drawn.includes(size)) return real(size, ...rest)
    const dice = current()
    return Buffer.from(Array.from({ length: size }, () => dice.below(256)))
  }
  Object.assign(crypto, { randomBytes })
  syncBuiltinESMExports()
}
