import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { DataSource, QueryRunner } from 'typeorm'

import type { Dice } from './random.js'

type Query = QueryRunner['query']

/** So many statements of the others a piece of work may wait for before its own first, at most. */
const headStart = 16

/** A statement that was let through and has not come back. */
interface Underway {
  readonly runner: { readonly databaseConnection?: { readonly processID?: number } }
}

/**
 * Lets several pieces of work go on one statement at a time, in an order that the dice choose. Whoever waits for a lock
 * of another lets the others go on, as in real life. So every order of statements can happen, none of them by sleeping.
 */
export class Turnstile {
  private readonly inside = new AsyncLocalStorage<true>()
  private readonly waiting: (() => void)[] = []
  private readonly underway = new Set<Underway>()
  /** How often the dice had somebody to choose. */
  choices = 0

  /** @param source whose statements are counted @param probe another way into the same database, for looking at locks */
  constructor(
    source: DataSource,
    private readonly probe: DataSource,
  ) {
    const { waiting, underway, inside } = this
    const prototype = Object.getPrototypeOf(source.createQueryRunner()) as { query: Query }
    const query = prototype.query
    prototype.query = async function (this: QueryRunner, ...given: Parameters<Query>) {
      if (!inside.getStore()) return query.apply(this, given)
      await new Promise<void>((go) => waiting.push(go))
      const entry: Underway = { runner: this as Underway['runner'] }
      underway.add(entry)
      try {
        return await query.apply(this, given)
      } finally {
        underway.delete(entry)
      }
    } as Query
  }

  /** Does all of it; what each came to is in the order given. */
  async run(dice: Dice, works: readonly (() => Promise<unknown>)[]): Promise<PromiseSettledResult<unknown>[]> {
    let ended = false
    let idle = 0
    // one that is short would else always be over before a long one gets to what matters
    const starts = works.map((work) => ({
      after: dice.below(headStart),
      ...started(() => this.inside.run(true, work)),
    }))
    const all = Promise.allSettled(starts.map((each) => each.ends))
    void all.then(() => (ended = true))
    for (let passed = 0; !ended;) {
      for (const each of starts) if (each.after <= passed) each.start()
      // what is between two statements gets to its next one
      for (let turns = 0; turns < 3; turns += 1) await nextTurn()
      if (this.waiting.length === 0) {
        // those who go on are through: the rest need not wait for them
        idle = this.underway.size === 0 ? idle + 1 : 0
        if (idle > 20) passed = headStart
        continue
      }
      if (this.underway.size > 0 && !(await this.allAreHeldUp())) continue
      idle = 0
      passed += 1
      if (this.waiting.length > 1) this.choices += 1
      this.waiting.splice(dice.below(this.waiting.length), 1)[0]?.()
    }
    return all
  }

  /** Whether all that is under way waits for a lock, or for a connection that another holds. */
  private async allAreHeldUp(): Promise<boolean> {
    const pids = [...this.underway].flatMap(({ runner }) => runner.databaseConnection?.processID ?? [])
    const [row]: { held: number }[] = await this.probe.query(
      `select count(*)::integer as held from pg_stat_activity where pid = any ($1) and wait_event_type = 'Lock'`,
      [pids],
    )
    return row?.held === pids.length
  }
}

/** Work that begins when it is told to. */
function started(work: () => Promise<unknown>): { start: () => void; ends: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { start: resolve, ends: promise.then(work) }
}
