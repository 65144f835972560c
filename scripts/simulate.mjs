import { join } from 'node:path'

import { install, orSay, root, runNode } from './prepare.mjs'

// `npm run simulate`: nights of faults in virtual time; see test/simulation/README.md. Each runs on a PostgreSQL of its
// own that is thrown away afterwards. `--plants` plays them once for each bug that can be planted.
process.exitCode = 1
await orSay(async () => {
  install()
  const options = process.argv.slice(2)
  const all = options.indexOf('--plants')
  if (all < 0) {
    const at = options.indexOf('--plant')
    process.exitCode = await simulate(options, at < 0 ? null : options[at + 1])
    return
  }
  options.splice(all, 1)
  const { plants } = await import('../test/simulation/publishing/plants.js')
  const survivors = []
  for (const plant of Object.keys(plants))
    if ((await simulate([...options, '--plant', plant], plant)) !== 3) survivors.push(plant)
  process.stdout.write(`plants: ${Object.keys(plants).length}, survivors: ${survivors.join(', ') || 'none'}\n`)
  process.exitCode = survivors.length === 0 ? 0 : 1
})

async function simulate(options, plant) {
  const { makeDirectory, removeCluster } = await import('../test/support/throwaway-cluster.js')
  const own = process.env.SECONDER_TEST_DIRECTORY ? null : makeDirectory()
  try {
    return await runNode(
      [
        // What lives for one question of thousands is thrown away before it counts as old.
        '--max-semi-space-size=64',
        '--import',
        './test/support/run-typescript.js',
        join(root, 'test', 'simulation', 'publishing', 'main.ts'),
        ...options,
      ],
      { ...(own ? { SECONDER_TEST_DIRECTORY: own } : {}), ...(plant ? { SECONDER_PLANT: plant } : {}) },
    )
  } finally {
    if (own) removeCluster(own)
  }
}
