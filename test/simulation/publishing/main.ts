import { parseArgs } from 'node:util'

import { Dice, drawIdsFrom } from '../approval/random.js'
import { play, type Played } from './seed.js'
import { Stage } from './stage.js'

// `npm run simulate -- --seeds N --from S`: N seeds, each a night of two processes, people, networks and faults, on the
// real services and database in virtual time. `--twice` plays each seed again and compares; `--plant NAME` breaks the
// product first (plants.ts), and stops at the first seed that shows it.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    plant: { type: 'string' },
    twice: { type: 'boolean', default: false },
  },
})
const seeds = Number(values.seeds)
const from = Number(values.from)
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from) || from < 0) {
  process.stderr.write('Usage: npm run simulate -- --seeds N --from S [--twice] [--plant NAME]\n')
  process.exit(2)
}

const say = (line: string) => process.stdout.write(`${line}\n`)
let ids = new Dice(0)
drawIdsFrom(() => ids)
let stage = await Stage.open()
const once = (seed: number) => play(stage, seed, (dice) => (ids = dice))
const fingerprints = new Map<number, string>()

const faults = new Map<string, number>()
const states = new Map<string, number>()
const late: number[] = []
const total = { played: 0, happenings: 0, hours: 0, taken: 0, violations: 0, otherways: 0 }
let firstSeed: number | null = null
const start = performance.now()
for (let seed = from; seed < from + seeds; seed += 1) {
  const played = await once(seed)
  count(played)
  if (process.env['SECONDER_STORY']) for (const line of played.story) say(line)
  fingerprints.set(seed, played.fingerprint)
  if (played.violations.length > 0) {
    firstSeed ??= seed
    for (const violation of new Set(played.violations)) say(`seed ${seed}: VIOLATION ${violation}`)
    if (!values.plant) say(`again: npm run simulate -- --seeds 1 --from ${seed}`)
    if (values.plant) break
  }
  // the planner should know how much there is by now, and rows that are gone should not be read for ever
  if ((seed - from) % 100 === 50) await stage.query('vacuum analyze')
}
const seconds = (performance.now() - start) / 1000
await stage.close()
if (values.twice) await again()

say(`seeds: ${total.played}, from ${from}`)
say(`simulated hours: ${total.hours}`)
say(`happenings: ${total.happenings}`)
say(`faults: ${sum(faults)} (${inOrder(faults)})`)
say(`became public: ${total.taken}`)
say(`ended as: ${inOrder(states)}`)
say(`lateness of first tries: p50 ${quantile(0.5)} s, p99 ${quantile(0.99)} s`)
say(`seconds: ${seconds.toFixed(1)} (${(total.played / seconds).toFixed(2)} seeds a second)`)
if (values.twice) say(`seeds that went another way the second time: ${total.otherways}`)
if (values.plant)
  say(firstSeed === null ? `planted ${values.plant}: SURVIVED` : `planted ${values.plant}: caught by seed ${firstSeed}`)
say(`violations: ${total.violations}`)
process.exitCode = total.violations === 0 && total.otherways === 0 ? 0 : 1

/** On a new database: the same ids come again. */
async function again(): Promise<void> {
  stage = await Stage.open()
  for (const [seed, fingerprint] of fingerprints) {
    if ((await once(seed)).fingerprint === fingerprint) continue
    total.otherways += 1
    say(`seed ${seed} went another way the second time`)
  }
  await stage.close()
}

function count(played: Played): void {
  total.played += 1
  total.happenings += played.happenings
  total.hours += played.hours
  total.taken += played.taken
  total.violations += played.violations.length
  for (const [kind, n] of played.faults) faults.set(kind, (faults.get(kind) ?? 0) + n)
  for (const [state, n] of played.states) states.set(state, (states.get(state) ?? 0) + n)
  late.push(...played.lateMs)
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, each) => all + each, 0)
}

function inOrder(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => `${n} ${name}`)
    .join(', ')
}

function quantile(share: number): string {
  const sorted = late.toSorted((a, b) => a - b)
  return ((sorted[Math.floor(sorted.length * share)] ?? 0) / 1000).toFixed(1)
}
