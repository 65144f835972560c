import { join } from 'node:path'

import { install, orSay, root, runNode } from './prepare.mjs'

// `npm run prove:approval -- --sequences N --from SEED`: random sequences, and a second opinion on each; see
// test/simulation/approval/main.ts. Its PostgreSQL is thrown away afterwards.
process.exitCode = 1
await orSay(async () => {
  install()
  const { makeDirectory, removeCluster } = await import('../test/support/throwaway-cluster.js')
  const own = process.env.SECONDER_TEST_DIRECTORY ? null : makeDirectory()
  try {
    process.exitCode = await runNode(
      [
        '--import',
        './test/support/run-typescript.js',
        join(root, 'test', 'simulation', 'approval', 'main.ts'),
        ...process.argv.slice(2),
      ],
      own ? { SECONDER_TEST_DIRECTORY: own } : {},
    )
  } finally {
    if (own) removeCluster(own)
  }
})
