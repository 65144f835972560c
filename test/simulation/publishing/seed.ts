import { LateService } from '../../../src/reviewers/late.service.js'
import { Dice } from '../approval/random.js'
import { DirectedFaults, DrawnFaults, type FaultKind, type Trouble } from './faults.js'
import { SimulatedNetwork } from './network.js'
import { Oracle } from './oracle.js'
import { directPeople, livePeople } from './people.js'
import type { Scenario } from './scenarios.js'
import { clearAway, setUp } from './scenery.js'
import { stepNow, type Stage } from './stage.js'
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

const well: Trouble = { frozenMs: 0, end: null }

/** What one seed showed. */
export interface Played {
  readonly violations: readonly string[]
  /** How a scenario went another way than it is meant to. */
  readonly strays: readonly string[]
  readonly fingerprint: string
  readonly happenings: number
  readonly hours: number
  readonly faults: ReadonlyMap<FaultKind, number>
  readonly states: ReadonlyMap<string, number>
  /** How often each edge between two states was walked. */
  readonly walked: ReadonlyMap<string, number>
  readonly taken: number
  readonly lateMs: readonly number[]
  readonly story: readonly string[]
}

/**
 * Plays one seed: two processes, people, networks and faults; then everything heals, and is judged. In a directed
 * scenario the faults and what people do are the scenario's.
 */
export async function play(
  stage: Stage,
  seed: number,
  use: (dice: Dice) => void,
  scenario?: Scenario,
): Promise<Played> {
  const dice = new Dice(seed)
  use(dice)
  const time = new VirtualTime(startMs, dice)
  stage.time = time
  await stage.walked()
  const scenery = await setUp(stage, dice, seed, startMs, scenario?.posts)
  const oracle = new Oracle(stage, scenery, () => time.nowMs)
  let born = 0

  const drawn = new DrawnFaults(dice, time, startMs + healsAfterMs)
  const directed = scenario && new DirectedFaults(dice, time, scenario)
  const faults = directed ?? drawn
  faults.onKill = () => {
    const { actor } = time
    if (!actor?.alive) return
    actor.alive = false
    time.note(`${actor.name} dies`)
    startWorker(faults.between(1000, 30_000))
  }
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
    const step = isWorker(actor) ? stepNow() : null
    const lost = () => new Error('simulated: the database cannot be reached')
    const before = step ? faults.before(step) : well
    await time.pass(faults.between(1, 30) + before.frozenMs)
    if (before.end === 'killed') return faults.kill()
    if (before.end === 'database lost' || faults.databaseAway) throw lost()
    let answer: T
    try {
      answer = await work()
      actor.committed?.()
    } catch (error) {
      await time.pass(faults.between(1, 30))
      throw error
    } finally {
      actor.committed = undefined
    }
    const after = step ? faults.after(step, Array.isArray(answer) && answer.length > 0) : well
    if (after.end === 'killed') return faults.kill()
    if (after.end === 'database lost') throw lost()
    await time.pass(faults.between(1, 30) + after.frozenMs)
    return answer
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
    const actor: Actor = { name: `worker ${born}`, skewMs: faults.skewMs(), alive: true }
    const service = stage.worker()
    time.start(
      actor,
      async () => {
        await time.pass(afterMs)
        for (;;) {
          let ms = pollMs
          try {
            await service.runDue()
            ms = Math.min((await service.next()).ms ?? pollMs, pollMs)
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
      await time.pass((scenario?.keeperFromMinute ?? 0) * minuteMs)
      for (;;) {
        await late.moveLate().catch(broken('keeper'))
        await time.pass(keeperMs)
      }
    },
    broken('keeper'),
  )
  const setting = {
    stage,
    scenery,
    oracle,
    time,
    dice,
    network,
    healsMs: startMs + healsAfterMs,
    broken: broken('people'),
  }
  if (scenario) {
    const { databaseAway: away } = scenario
    if (away) time.at(startMs + away.fromMinute * minuteMs, () => faults.takeDatabaseAway(away.minutes * minuteMs))
    directPeople(setting, scenario)
  } else {
    if (drawn.has('database away'))
      time.at(startMs + faults.between(0, hourMs), () => faults.takeDatabaseAway(faults.between(5000, 40 * minuteMs)))
    livePeople(setting)
  }

  await time.runUntil(startMs + endsAfterMs)
  const states = await oracle.judgeEnd(startMs + endsAfterMs)
  const walked = await stage.walked()
  await clearAway(stage, scenery.groupId)
  if (directed && !directed.cameToPass) oracle.strays('not everything of the scenario came to pass')
  const ends = [...states]
    .flatMap(([state, times]) => Array.from({ length: times }, () => state))
    .toSorted()
    .join(', ')
  if (scenario && ends !== scenario.ends.toSorted().join(', '))
    oracle.strays(`it ended as ${ends}, not as ${scenario.ends.join(', ')}`)
  return {
    violations: oracle.violations,
    strays: oracle.straying,
    fingerprint: time.fingerprint,
    happenings: time.happenings,
    hours: endsAfterMs / hourMs,
    faults: faults.counted,
    states,
    walked,
    taken: network.taken.length,
    lateMs: oracle.lateMs,
    story: time.story,
  }
}

function isSimulated(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error)
  return text.includes('simulated: ')
}
