import { build, install, orSay, runNode } from './prepare.mjs'

// `npm start`: from a bare checkout to a server that answers.
await orSay(async () => {
  install()
  build()
  process.exitCode = await runNode(['--enable-source-maps', 'dist/src/main.js'])
})
