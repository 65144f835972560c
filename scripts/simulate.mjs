import { join } from 'node:path'

import { install, orSay, root, runNode } from './prepare.mjs'

// `npm run simulate -- --seeds N --from S`: nights of faults in virtual time; see test/simulation/publishing/main.ts.
// Its PostgreSQL is thrown away afterwards.
process.exitCode = 1
await orSay(async () => {
  install()
  const { makeDirectory, removeCluster } = await import('../test/support/throwaway-cluster.js')
  const at = process.argv.indexOf('--plant')
  const plant = at < 0 ? null : process.argv[at + 1]
  const own = process.env.SECONDER_TEST_DIRECTORY ? null : makeDirectory()
  try {
    process.exitCode = await runNode(
      [
        // What lives for one question of thousands is thrown away before it counts as old.
        '--max-semi-space-size=64',
        '--import',
        './test/support/run-typescript.js',
        join(root, 'test', 'simulation', 'publishing', 'main.ts'),
        ...process.argv.slice(2),
      ],
      { ...(own ? { SECONDER_TEST_DIRECTORY: own } : {}), ...(plant ? { SECONDER_PLANT: plant } : {}) },
    )
  } finally {
    if (own) removeCluster(own)
  }
})
