import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { install, orSay, root, runNode, say } from './prepare.mjs'

// `npm run mutate`: changes the rules of drafts/ and reviewers/ in small ways, one at a time, and counts which changes
// their specs notice. Ends with the score; under 85 % with exit status 1. Arguments go to Stryker, for example
// `npm run mutate -- --mutate src/drafts/post.ts`.
const folder = join(root, 'test', 'mutation')
process.exitCode = 1
await orSay(async () => {
  install()
  install(folder, 'what changes the rules')
  const stryker = join(folder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
  process.exitCode = await runNode([stryker, 'run', join(folder, 'stryker.config.js'), ...process.argv.slice(2)])
  const { files } = JSON.parse(readFileSync(join(root, 'coverage', 'mutation.json'), 'utf8'))
  const all = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status))
  const noticed = all.filter((status) => status === 'Killed' || status === 'Timeout').length
  const counted = noticed + all.filter((status) => status === 'Survived' || status === 'NoCoverage').length
  say(`mutation score: ${((noticed / counted) * 100).toFixed(1)} % (${noticed} of ${counted} changes noticed)`)
})
