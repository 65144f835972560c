import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'

import pg from 'pg'

import type { Dice } from '../approval/random.js'

/** A process, or a person, of the simulated world. What it does is done in its context. */
export interface Actor {
  readonly name: string
  /** How far its own clock is wrong, in milliseconds. */
  readonly skewMs: number
  alive: boolean
  /** Told at the moment at which what it does next is in the database. */
  committed?: (() => void) | undefined
}

interface Happening {
  readonly atMs: number
  /** Decides between two at one moment: drawn, so that another seed has another order. */
  readonly tie: number
  readonly go: () => void
}

/**
 * Time that passes only from one happening to the next, one effect after the other. Everything that is awaited for real
 * (the database) has come to rest before the next happening, so the same seed always takes the same way.
 */
export class VirtualTime {
  nowMs: number
  happenings = 0
  /** What was noted, with milliseconds. */
  readonly story: string[] = []
  private readonly actors = new AsyncLocalStorage<Actor>()
  private readonly queue: Happening[] = []
  private readonly trace = createHash('sha256')

  constructor(
    startMs: number,
    private readonly dice: Dice,
  ) {
    this.nowMs = startMs
  }

  get actor(): Actor | undefined {
    return this.actors.getStore()
  }

  /** Starts what an actor does. What it throws is for `onBroken`. */
  start(actor: Actor, work: () => Promise<void>, onBroken: (error: unknown) => void): void {
    this.at(this.nowMs, () => void this.actors.run(actor, () => work().catch(onBroken)))
  }

  /** Goes on after so many milliseconds; never, when the actor is dead by then. */
  pass(ms: number): Promise<void> {
    const actor = this.actor
    return new Promise((resolve) => {
      this.at(this.nowMs + Math.max(0, ms), () => {
        if (actor?.alive !== false) resolve()
      })
    })
  }

  at(atMs: number, go: () => void): void {
    this.queue.push({ atMs, tie: this.dice.next(), go })
  }

  /** What is written down is part of the run's fingerprint. */
  note(line: string): void {
    const told = `${Math.round(this.nowMs)} ${line}`
    this.trace.update(`${told}\n`)
    this.story.push(told)
  }

  get fingerprint(): string {
    return this.trace.copy().digest('hex').slice(0, 16)
  }

  async runUntil(endMs: number): Promise<void> {
    for (let next = this.earliest(); next && next.atMs <= endMs; next = this.earliest()) {
      this.queue.splice(this.queue.indexOf(next), 1)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      this.happenings += 1
      next.go()
      await atRest()
    }
    this.nowMs = endMs
  }

  private earliest(): Happening | undefined {
    let first: Happening | undefined
    for (const each of this.queue)
      if (!first || each.atMs < first.atMs || (each.atMs === first.atMs && each.tie < first.tie)) first = each
    return first
  }
}

let asked = 0
let rested: (() => void)[] = []

function done(): void {
  asked -= 1
  if (asked > 0) return
  const waiting = rested
  rested = []
  for (const each of waiting) each()
}

/**
 * Counts what is asked of the database, so that it is known when everything that began has come to rest, and tells each
 * connection what time it is before it is asked at another time than before (see `stoppedClock`). A simulated night is
 * thousands of small questions. So that the way to the server and back takes less than the answers, what has no answer
 * worth waiting for is sent along with the next question, and what is asked again is prepared once for each connection.
 */
export function watchDatabase(nowMs: () => number): void {
  const client = pg.Client.prototype as unknown as Watched
  const names = new Map<string, string>()
  const told = new WeakMap<object, string>()
  watch(client, 'connect', (connection) => void Object.assign(connection, { pipeline: true }))
  watch(client, 'query', (connection, given, ask) => {
    const [text, values] = given
    if (typeof text !== 'string') return undefined
    const sendAlong = (statement: string) =>
      void Promise.resolve(ask.call(connection, statement)).catch(() => undefined)
    const now = new Date(Math.round(nowMs())).toISOString()
    if (told.get(connection) !== now) sendAlong(`set simulation.now = '${now}'`)
    told.set(connection, now)
    // What was set in a transaction goes with it.
    if (text.startsWith('ROLLBACK')) told.delete(connection)
    if (text === 'START TRANSACTION') {
      sendAlong(text)
      return Promise.resolve({ command: 'START', rowCount: null, rows: [] })
    }
    const asks = Array.isArray(values) ? values : []
    if (asks.length === 0 && !/^\s*(select|with)\b/i.test(text)) return undefined
    const name = names.get(text) ?? `simulated-${names.size}`
    names.set(text, name)
    given.splice(0, Array.isArray(values) ? 2 : 1, { name, text, values: asks })
    return undefined
  })
  watch(pg.Pool.prototype as unknown as Watched, 'connect')
}

type Ask = (...given: unknown[]) => unknown
type Watched = Record<string, Ask>
/** May change what is asked, or answer it. */
type Before = (self: object, given: unknown[], ask: Ask) => Promise<unknown> | undefined | void

/** A method that answers by a callback in the last place, or else by a promise. */
function watch(owner: Watched, name: string, before?: Before): void {
  const ask = owner[name]
  if (!ask) throw new Error(`pg has no ${name} any more`)
  owner[name] = function watched(this: object, ...given: unknown[]): unknown {
    const answered = before?.(this, given, ask)
    if (answered) return answered
    asked += 1
    const last = given.at(-1)
    if (typeof last === 'function') {
      given[given.length - 1] = (...answer: unknown[]) => {
        done()
        ;(last as Ask)(...answer)
      }
      return ask.apply(this, given)
    }
    const answer = ask.apply(this, given)
    void Promise.resolve(answer).then(done, done)
    return answer
  }
}

async function atRest(): Promise<void> {
  // Twice: what an answer sets going may ask again.
  for (let calm = 0; calm < 3;) {
    if (asked > 0) {
      await new Promise<void>((resolve) => rested.push(resolve))
      calm = 0
    } else {
      await new Promise((resolve) => setImmediate(resolve))
      calm += asked > 0 ? 0 : 1
    }
  }
}
