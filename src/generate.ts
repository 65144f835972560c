import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'

import { AppModule } from './app.module.js'
import { Config } from './config/config.js'
import { configurationPage, environmentExample } from './config/configuration-page.js'
import { platformsPage } from './platforms/platforms-page.js'
import { openApi } from './start.js'

// Writes the files that are made from the code; with --check, fails when a committed one is not fresh.
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const root = join(import.meta.dirname, '..', '..')
const app = await NestFactory.create<NestExpressApplication>(
  AppModule.with(new Config(), { url: 'postgres://localhost/none' }),
  {
    preview: true,
    logger: ['error'],
  },
)
const files: Record<string, string> = {
  '.env.example': environmentExample(),
  'docs/configuration.md': configurationPage(),
  'docs/platforms/README.md': platformsPage(),
  'docs/openapi.json': `${JSON.stringify(openApi(app), inOrder, 2)}\n`,
}
const stale: string[] = []
for (const [file, content] of Object.entries(files)) {
  const path = join(root, file)
  if (!values.check) writeFileSync(path, content)
  else if (read(path) !== content) stale.push(file)
}
if (stale.length > 0) {
  process.stderr.write(`Not fresh: ${stale.join(', ')}. Run \`npm run generate\` and commit the result.\n`)
}
process.exit(stale.length > 0 ? 1 : 0)

/** The compiler lists the values of a union in the order in which it met them, which depends on what was built before. */
function inOrder(key: string, value: unknown): unknown {
  if (key !== 'enum' || !Array.isArray(value)) return value
  return value.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
