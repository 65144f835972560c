import { build, install, orSay, runNode, settingsFile } from './prepare.mjs'

// `npm start`: from a bare checkout to a server that answers.
await orSay(async () => {
  install()
  build()
  process.exitCode = await runNode([...settingsFile(), '--enable-source-maps', 'dist/src/main.js'])
})
