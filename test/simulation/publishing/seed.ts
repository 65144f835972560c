import { LateService } from '../../../src/reviewers/late.service.js'
import { Dice } from '../approval/random.js'
import { Faults, type FaultKind } from './faults.js'
import { SimulatedNetwork } from './network.js'
import { Oracle } from './oracle.js'
import { livePeople } from './people.js'
import { clearAway, setUp } from './scenery.js'
import type { Stage } from './stage.js'
import { VirtualTime, type Actor } from './virtual-time.js'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** The night in which the clocks of Europe go back. */
const startMs = Date.UTC(2026, 9, 25)
const healsAfterMs = 1.5 * hourMs
const endsAfterMs = 2.5 * hourMs
/** The looks that come of themselves are rarer than in life: they cost the most, and find what a timer missed all the same. */
const pollMs = 4 * minuteMs
const keeperMs = 5 * minuteMs

/** What one seed showed. */
export interface Played {
  readonly violations: readonly string[]
  readonly fingerprint: string
  readonly happenings: number
  readonly hours: number
  readonly faults: ReadonlyMap<FaultKind, number>
  readonly states: ReadonlyMap<string, number>
  readonly taken: number
  readonly lateMs: readonly number[]
  readonly story: readonly string[]
}

/** Plays one seed: two processes, people, networks and faults; then everything heals, and is judged. */
export async function play(stage: Stage, seed: number, use: (dice: Dice) => void): Promise<Played> {
  const dice = new Dice(seed)
  use(dice)
  const time = new VirtualTime(startMs, dice)
  stage.time = time
  const scenery = await setUp(stage, dice, seed, startMs)
  const oracle = new Oracle(stage, scenery, () => time.nowMs)
  let born = 0

  const faults = new Faults(dice, time, startMs + healsAfterMs, () => {
    const { actor } = time
    if (!actor?.alive) return
    actor.alive = false
    time.note(`${actor.name} dies`)
    startWorker(faults.between(1000, 30_000))
  })
  const network = new SimulatedNetwork(
    time,
    faults,
    (taken) => oracle.took(taken),
    (signal) => stage.endOf(signal),
  )

  const isWorker = (actor: Actor | undefined) => actor?.name.startsWith('worker') ?? false
  async function effect<T>(work: () => Promise<T>): Promise<T> {
    const { actor } = time
    if (!actor) return work()
    const frail = isWorker(actor)
    await time.pass(faults.between(1, 30) + (frail ? faults.freezeMs() : 0))
    if (frail && faults.happens('killed before', 0.3)) return faults.kill()
    if (faults.databaseAway || (frail && faults.happens('database lost before', 0.3)))
      throw new Error('simulated: the database cannot be reached')
    const answer = await work().then(
      (value) => {
        actor?.committed?.()
        if (actor) actor.committed = undefined
        return () => value
      },
      (error: unknown) => () => {
        throw error
      },
    )
    if (frail && faults.happens('killed after', 0.3)) return faults.kill()
    if (frail && faults.happens('database lost after', 0.3))
      throw new Error('simulated: the database was lost before it answered')
    await time.pass(faults.between(1, 30) + (frail ? faults.freezeMs() : 0))
    return answer()
  }
  stage.scene = {
    time,
    network,
    effect,
    onError: (message) => {
      if (!isSimulated(message)) oracle.violate(`an error that is none of the faults: ${message.slice(0, 700)}`)
    },
  }
  const broken = (who: string) => (error: unknown) => {
    if (!isSimulated(error))
      oracle.violate(`${who} broke: ${error instanceof Error ? error.stack?.slice(0, 700) : 'unknown'}`)
  }

  function startWorker(afterMs: number): void {
    born += 1
    const skewMs = faults.happens('clock wrong', 4) ? faults.between(-120_000, 120_000) : 0
    const actor: Actor = { name: `worker ${born}`, skewMs, alive: true }
    const service = stage.worker()
    time.start(
      actor,
      async () => {
        await time.pass(afterMs)
        for (;;) {
          let ms = pollMs
          try {
            await service.runDue()
            ms = Math.min((await service.nextDueInMs()) ?? pollMs, pollMs)
          } catch (error) {
            broken(actor.name)(error)
          }
          await time.pass(Math.max(ms, 500))
        }
      },
      broken(actor.name),
    )
  }

  startWorker(faults.between(0, 1000))
  startWorker(faults.between(0, 1000))
  const late = stage.app.get(LateService)
  time.start(
    { name: 'keeper', skewMs: 0, alive: true },
    async () => {
      for (;;) {
        await late.moveLate().catch(broken('keeper'))
        await time.pass(keeperMs)
      }
    },
    broken('keeper'),
  )
  if (faults.has('database away'))
    time.at(startMs + faults.between(0, hourMs), () => faults.takeDatabaseAway(faults.between(5000, 40 * minuteMs)))
  livePeople({ stage, scenery, oracle, time, dice, network, healsMs: startMs + healsAfterMs, broken: broken('people') })

  await time.runUntil(startMs + endsAfterMs)
  const states = await oracle.judgeEnd(startMs + endsAfterMs)
  await clearAway(stage, scenery.groupId)
  return {
    violations: oracle.violations,
    fingerprint: time.fingerprint,
    happenings: time.happenings,
    hours: endsAfterMs / hourMs,
    faults: faults.counted,
    states,
    taken: network.taken.length,
    lateMs: oracle.lateMs,
    story: time.story,
  }
}

function isSimulated(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error)
  return text.includes('simulated: ')
}
