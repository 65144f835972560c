import { parseArgs } from 'node:util'

import { Dice, drawIdsFrom } from './random.js'
import { play } from './sequence.js'
import { Stage } from './stage.js'

// `npm run prove:approval -- --sequences N --from SEED`: N random sequences of what people, networks and intruders do,
// through the real services and database. After every action a second opinion looks for anything that went out, or is
// on its way, without the valid approvals of its exact envelope.
const { values } = parseArgs({
  options: { sequences: { type: 'string', default: '2000' }, from: { type: 'string', default: '1' } },
})
const sequences = Number(values.sequences)
const from = Number(values.from)
if (!Number.isSafeInteger(sequences) || sequences < 1 || !Number.isSafeInteger(from) || from < 0) {
  process.stderr.write('Usage: npm run prove:approval -- --sequences N --from SEED\n')
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
const seconds = (performance.now() - start) / 1000
await stage.close()

say(`sequences: ${sequences}, from seed ${from}`)
say(`actions: ${total.actions}`)
say(`claims: ${total.claims}`)
say(`publications: ${total.made}`)
say(`refusals: ${[...refusals.values()].reduce((sum, each) => sum + each, 0)}`)
for (const [reason, count] of [...refusals].sort((a, b) => b[1] - a[1])) say(`${String(count).padStart(8)}  ${reason}`)
say(`seconds: ${seconds.toFixed(1)} (${(sequences / seconds).toFixed(1)} sequences a second)`)
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
