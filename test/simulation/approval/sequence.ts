import { brokenConstraint, databaseErrorCode } from '../../../src/database/transaction.js'
import { DomainError } from '../../../src/kernel/domain-error.js'
import { atOnce } from './at-once.js'
import { sqlByHand } from './by-hand.js'
import type { Action } from './doing.js'
import { goingOut } from './going-out.js'
import { members } from './members.js'
import type { Made } from './network.js'
import { Oracle } from './oracle.js'
import { policies } from './policies.js'
import { Dice } from './random.js'
import { reviewing } from './reviewing.js'
import type { Stage } from './stage.js'
import { outStates, readTestimonies, type Testimony } from './witness.js'
import { World } from './world.js'
import { writing } from './writing.js'

/** What came of one sequence. */
export interface Played {
  readonly actions: number
  /** Posts that became public. */
  readonly made: number
  /** Steps to `publishing`. */
  readonly claims: number
  /** By the code of the refusal or the name of the rule in the database. */
  readonly refusals: ReadonlyMap<string, number>
  readonly violations: readonly string[]
  /** What happened, one line an action. */
  readonly story: readonly string[]
}

const alone: readonly Action[] = [...writing, ...reviewing, ...members, ...policies, ...goingOut, sqlByHand]
/** How nearly every sequence begins, so that something is on its way. */
const opening = ['write', 'send for review', 'approve by everybody asked'].map((name) =>
  alone.find((each) => each.name === name),
)
const withOthers: readonly Action[] = [...alone, ...atOnce]

/**
 * Plays one sequence in a group of its own. An even seed plays one thing after the other and is the same every time;
 * an odd one also plays things at once, of which the order is the machine's.
 */
export async function play(stage: Stage, seed: number, ids: (dice: Dice) => void): Promise<Played> {
  ids(new Dice(seed ^ 0x5bd1e995))
  const dice = new Dice(seed)
  const world = await World.make(stage, dice, seed)
  const oracle = new Oracle()
  const refusals = new Map<string, number>()
  const violations: string[] = []
  const story: string[] = []
  const length = 16 + dice.below(13)
  const seen = { seq: '0', made: 0, claims: 0 }

  const look = async (worked: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> => {
    const steps = await world.query<Testimony>(readTestimonies, [world.groupId, seen.seq])
    const made: readonly Made[] = stage.network.made.filter((each) => each.groupId === world.groupId).slice(seen.made)
    seen.seq = steps.at(-1)?.seq ?? seen.seq
    seen.made += made.length
    seen.claims += steps.filter((each) => each.facts).length
    const found = oracle.judge(steps, made, worked)
    violations.push(...found)
    story.push(...made.map((each) => `   public: ${each.text}`), ...found.map((each) => `   VIOLATION: ${each}`))
  }

  for (let index = 0, turn = 0; index < length && violations.length === 0;) {
    const known = new Map([...world.worked].map(([post, people]) => [post, new Set(people)]))
    const opens = turn < 2 || dice.happens(0.6) ? opening[turn] : undefined
    const action = opens ?? dice.weighted(seed % 2 === 0 ? alone : withOthers)
    turn += 1
    await world.passTime(stage.clock.at.plus({ seconds: 20 }))
    const doing = await action.prepare(world)
    if (doing) {
      index += 1
      const refusal = await outcome(doing.work)
      if (refusal) refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
      story.push(`${String(index).padStart(2)} ${action.name} ${doing.what}${refusal ? ` -> ${refusal}` : ''}`)
    }
    world.readMails()
    await look(known)
  }
  violations.push(...(await leftOver(world, oracle)))
  await world.end()
  return { actions: length, made: seen.made, claims: seen.claims, refusals, violations, story }
}

/** Every row that is out must have been seen on its way. */
async function leftOver(world: World, oracle: Oracle): Promise<string[]> {
  const rows = await world.query<Pick<Testimony, 'publicationId' | 'state' | 'revisionId' | 'hash'>>(
    `select id as "publicationId", state, revision_id as "revisionId", hash from publications
     where group_id = $1 and state = any ($2)`,
    [world.groupId, [...outStates]],
  )
  return rows.flatMap((row) => oracle.judgeRow(row))
}

/** Why it was refused; null when it was not. A bug is no refusal. */
export async function outcome(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof DomainError) return error.code
    const rule = brokenConstraint(error)
    if (rule) return rule
    const code = databaseErrorCode(error)
    if (code === '23001') return 'append-only'
    // of somebody by hand, whom nobody repeats
    if (code === '40P01') return 'deadlock'
    throw error
  }
}
