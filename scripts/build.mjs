import { build, install, orSay } from './prepare.mjs'

// `npm run build`: everything that the server needs to run.
await orSay(async () => {
  install()
  build()
})
