import { parseArgs } from 'node:util'

import { Dice, drawIdsFrom } from '../approval/random.js'
import { plants } from './plants.js'
import { Report } from './report.js'
import { scenarios } from './scenarios.js'
import { play, type Played } from './seed.js'
import { Stage } from './stage.js'

// See README.md beside this folder.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    scenarios: { type: 'boolean', default: false },
    scenario: { type: 'string' },
    plant: { type: 'string' },
    twice: { type: 'boolean', default: false },
    story: { type: 'boolean', default: false },
  },
})
const { plant } = values
const directed = Object.keys(scenarios).filter(
  (name) =>
    values.scenarios || name === values.scenario || (plant !== undefined && scenarios[name]?.catches.includes(plant)),
)
const seeds = Number(values.seeds ?? (directed.length > 0 ? 0 : 200))
const from = Number(values.from)
const known = values.scenario === undefined || directed.length > 0
if (!Number.isSafeInteger(seeds) || seeds < 0 || !Number.isSafeInteger(from) || from < 0 || !known) {
  process.stderr.write(
    'Usage: npm run simulate -- [--seeds N --from S] [--scenarios | --scenario NAME] [--twice] [--story] [--plant NAME | --plants]\n' +
      `Scenarios: ${Object.keys(scenarios).join(', ')}\nPlants: ${Object.keys(plants).join(', ')}\n`,
  )
  process.exit(2)
}

const say = (line: string) => process.stdout.write(`${line}\n`)
let ids = new Dice(0)
drawIdsFrom(() => ids)
let stage = await Stage.open()
const report = new Report()
const played = new Map<string, { fingerprint: string; again: () => Promise<Played> }>()
/** What showed a planted bug first, directed and drawn. */
const caught: string[] = []
const start = performance.now()
// A long run that is ended says all the same what it has shown.
let ended = false
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (ended = true))

for (const [index, name] of directed.entries()) {
  if (ended) break
  const scenario = scenarios[name]!
  await one(`scenario ${name}`, `--scenario ${name}`, () => play(stage, index, (dice) => (ids = dice), scenario))
}
const bySeed = caught.length
let seedsPlayed = 0
for (let seed = from; seed < from + seeds; seed += 1) {
  seedsPlayed += 1
  await one(`seed ${seed}`, `--seeds 1 --from ${seed}`, () => play(stage, seed, (dice) => (ids = dice)))
  if (ended || (plant && caught.length > bySeed)) break
  // the planner should know how much there is by now, and rows that are gone should not be read for ever
  if ((seed - from) % 100 === 50) await stage.query('vacuum analyze')
}
const seconds = (performance.now() - start) / 1000
await stage.close()
const otherways = values.twice ? await again() : 0

say(`played: ${played.size} (${played.size - seedsPlayed} directed, ${seedsPlayed} seeds from ${from})`)
if (!plant) for (const line of report.lines()) say(line)
say(`seconds: ${seconds.toFixed(1)} (${(played.size / seconds).toFixed(2)} a second)`)
if (values.twice) say(`went another way the second time: ${otherways}`)
if (plant) say(caught.length > 0 ? `planted ${plant}: caught by ${caught.join(' and ')}` : `planted ${plant}: SURVIVED`)
say(`violations: ${report.violations}`)
const well = report.violations === 0 && otherways === 0
// To break off is not to have caught a plant.
process.exitCode = plant && caught.length > 0 ? 3 : well ? 0 : 1

async function one(name: string, options: string, go: () => Promise<Played>): Promise<void> {
  const result = await go()
  report.count(result)
  if (values.story) for (const line of result.story) say(line)
  played.set(name, { fingerprint: result.fingerprint, again: go })
  for (const violation of new Set(result.violations)) say(`${name}: VIOLATION ${violation}`)
  if (result.violations.length > 0) caught.push(name)
  // A planted bug may well lead a scenario astray; without one it has to go as it says.
  const strays = plant ? [] : result.strays
  for (const stray of strays) say(`${name}: STRAYS ${stray}`)
  report.violations += strays.length
  if (!plant && result.violations.length + strays.length > 0) say(`again: npm run simulate -- ${options} --story`)
}

/** On a new database: the same ids come again. @returns how many went another way */
async function again(): Promise<number> {
  stage = await Stage.open()
  let others = 0
  for (const [name, { fingerprint, again: go }] of played) {
    if ((await go()).fingerprint === fingerprint) continue
    others += 1
    say(`${name} went another way the second time`)
  }
  await stage.close()
  return others
}
