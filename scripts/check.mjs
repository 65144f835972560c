import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { install, orSay, root, say } from './prepare.mjs'

// `npm run check`: every script of package.json whose name starts with "check:", all of them even if one fails.
await orSay(() => {
  install()
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const env = { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) }
  const failed = Object.keys(scripts)
    .filter((name) => name.startsWith('check:'))
    .filter((name) => {
      say(`${name} ...`)
      return spawnSync(scripts[name], { cwd: root, env, stdio: 'inherit', shell: true }).status !== 0
    })
  say(failed.length ? `Found something: ${failed.join(', ')}` : 'Nothing found.')
  if (failed.length) process.exitCode = 1
})
