import { build, install, orSay, runNode } from './prepare.mjs'

// `npm run cli -- <command>`: the command line for operators, built first when something changed.
await orSay(async () => {
  install()
  build()
  process.exitCode = await runNode(['--enable-source-maps', 'dist/src/cli.js', ...process.argv.slice(2)])
})
