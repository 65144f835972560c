import { parseArgs } from 'node:util'

import { DataSource } from 'typeorm'

import { race } from './at-once-proof.js'
import { Dice, drawIdsFrom } from './random.js'
import { play } from './sequence.js'
import { Stage } from './stage.js'
import { Turnstile } from './turnstile.js'

// `npm run prove:approval -- --sequences N --from SEED`: N random sequences of what people, networks and intruders do,
// through the real services and database. After every action a second opinion looks for anything that went out, or is
// on its way, without the valid approvals of its exact envelope.
const { values } = parseArgs({
  options: {
    sequences: { type: 'string' },
    from: { type: 'string', default: '1' },
    'at-once': { type: 'string' },
    race: { type: 'string', default: '' },
  },
})
// one alone leaves the other out
const atOnce = Number(values['at-once'] ?? (values.sequences === undefined ? '50' : '0'))
const sequences = Number(values.sequences ?? (values['at-once'] === undefined ? '2000' : '0'))
const from = Number(values.from)
if (![sequences, from, atOnce].every((each) => Number.isSafeInteger(each) && each >= 0) || sequences + atOnce === 0) {
  process.stderr.write('Usage: npm run prove:approval -- --sequences N --from SEED --at-once N --race NAME\n')
  process.exit(2)
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const total = { actions: 0, claims: 0, made: 0, violations: 0 }
const refusals = new Map<string, number>()
let ids = new Dice(0)
drawIdsFrom(() => ids)

const stage = await Stage.open()
const start = performance.now()
for (let seed = from; seed < from + sequences; seed += 1) {
  const played = await play(stage, seed, (dice) => (ids = dice)).catch((error: unknown) => {
    throw new Error(`Seed ${seed} met a bug that is no refusal`, { cause: error })
  })
  total.actions += played.actions
  total.claims += played.claims
  total.made += played.made
  total.violations += played.violations.length
  for (const [reason, count] of played.refusals) refusals.set(reason, (refusals.get(reason) ?? 0) + count)
  if (played.violations.length > 0 || process.env['SECONDER_STORY']) tell(seed, played)
  // the planner should know how much there is by now
  if ((seed - from) % 200 === 60) await stage.query('analyze')
}
const raced =
  atOnce > 0 ? await race(stage, new Turnstile(stage.app.get(DataSource), stage.owner), atOnce, from, values.race) : []
const seconds = (performance.now() - start) / 1000
await stage.close()
for (const each of raced) {
  total.made += each.made
  total.violations += each.violations.length
  for (const [reason, count] of each.refusals) refusals.set(reason, (refusals.get(reason) ?? 0) + count)
  for (const violation of each.violations) say(`VIOLATION: ${violation}`)
}

say(`sequences: ${sequences}, from seed ${from}`)
say(`actions: ${total.actions}`)
if (atOnce > 0) {
  say(`races: ${raced.length}, each ${atOnce} times`)
  for (const { name, choices, made } of raced) say(`  ${name}: ${choices} choices of order, ${made} went out`)
}
say(`claims: ${total.claims}`)
say(`publications: ${total.made}`)
say(`refusals: ${[...refusals.values()].reduce((sum, each) => sum + each, 0)}`)
for (const [reason, count] of [...refusals].sort((a, b) => b[1] - a[1])) say(`${String(count).padStart(8)}  ${reason}`)
say(`seconds: ${seconds.toFixed(1)}`)
say(`violations: ${total.violations}`)
process.exitCode = total.violations === 0 ? 0 : 1

function tell(seed: number, { story, violations }: Awaited<ReturnType<typeof play>>): void {
  say(`\nseed ${seed}`)
  for (const line of story) say(line)
  for (const violation of violations) say(`violation: ${violation}`)
  if (violations.length === 0) return
  const sure = seed % 2 === 0 ? '' : ' (an odd seed does things at once: it may take several runs)'
  say(`again: npm run prove:approval -- --sequences 1 --from ${seed}${sure}\n`)
}
