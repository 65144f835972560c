import { readFileSync } from 'node:fs'

import { version } from './version.js'

it('the version that is shown is the one of package.json', () => {
  const { version: packaged } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(version).toBe(packaged)
})
