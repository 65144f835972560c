import { toNextSlot } from './going-out.js'
import type { Made } from './network.js'
import { Oracle } from './oracle.js'
import { prepareRace, races } from './races.js'
import { Dice } from './random.js'
import { outcome } from './sequence.js'
import type { Stage } from './stage.js'
import type { Turnstile } from './turnstile.js'
import { readTestimonies, type Testimony } from './witness.js'
import { World } from './world.js'

/** What came of one race, played many times. */
export interface Raced {
  readonly name: string
  readonly times: number
  /** How often more than one statement could have been next. */
  readonly choices: number
  /** Posts that became public. */
  readonly made: number
  readonly refusals: ReadonlyMap<string, number>
  readonly violations: readonly string[]
}

/** Plays each race whose name has `about` in it `times` times, each time with its statements in another order, and has the oracle look. */
export async function race(
  stage: Stage,
  turnstile: Turnstile,
  times: number,
  from: number,
  about = '',
): Promise<Raced[]> {
  const results: Raced[] = []
  for (const [index, { name, ripe, works }] of races.entries()) {
    if (!name.includes(about)) continue
    const refusals = new Map<string, number>()
    const violations: string[] = []
    const before = turnstile.choices
    let made = 0
    for (let time = 0; time < times; time += 1) {
      const seed = from + time * races.length + index
      const dice = new Dice(seed)
      const world = await World.make(stage, dice, 500_000_000 + seed)
      const { post, links } = await prepareRace(world, ripe)
      stage.network.calm()
      const oracle = new Oracle()
      const known = new Map([...world.worked].map(([id, people]) => [id, new Set(people)]))
      for (const result of await turnstile.run(dice, await works(world, post, links))) {
        const refusal =
          result.status === 'rejected' ? await outcome(() => Promise.reject(result.reason as Error)) : null
        if (refusal) refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
      }
      // what the race left approved goes out now, or not
      await toNextSlot(world)
      await stage.workers[0].runDue()
      const steps = await world.query<Testimony>(readTestimonies, [world.groupId, '0'])
      const out: readonly Made[] = stage.network.made.filter((each) => each.groupId === world.groupId)
      made += out.length
      const found = [...oracle.judge(steps, out, known), ...(await doubled(world))]
      violations.push(...found.map((each) => `${name}, seed ${seed}: ${each}`))
      await world.end()
    }
    results.push({ name, times, choices: turnstile.choices - before, made, refusals, violations })
  }
  return results
}

/** One answer a link, however often it was pressed. */
async function doubled(world: World): Promise<string[]> {
  const rows = await world.query<{ member: string; count: number }>(
    `select member_id as member, count(*)::integer as count from verdicts where group_id = $1 and kind = 'approve'
     group by member_id, revision_id having count(*) > 1`,
    [world.groupId],
  )
  return rows.map(({ member, count }) => `${world.member(member)?.name} approved one version ${count} times`)
}
