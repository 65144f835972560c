import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { build, install, orSay, root, runNode, say } from './prepare.mjs'

// `npm test`: every test, from a bare checkout. Arguments go to jest. The last line counts, whatever happens.
const folder = mkdtempSync(join(tmpdir(), 'seconder-closing-line-'))
const file = join(folder, 'line')
process.exitCode = 1
await orSay(async () => {
  install()
  const server = join(root, 'test', 'platforms', 'pds')
  if (existsSync(join(server, 'package.json'))) install(server, 'a Bluesky server to test against')
  build()
  // forced, because a failed test may leave a server or a connection open, and the count has to come
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  process.exitCode = await runNode([...flags, jest, '--forceExit', ...process.argv.slice(2)], {
    SECONDER_CLOSING_LINE_FILE: file,
  })
})
const line = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'tests: 0 passed, 1 failed'
rmSync(folder, { recursive: true })
if (!line.endsWith(' 0 failed') || line.startsWith('tests: 0 ')) process.exitCode = 1
// jest may end badly after the last test, for example in its teardown
say(process.exitCode && line.endsWith(' 0 failed') ? line.replace(/0 failed$/, '1 failed') : line)
