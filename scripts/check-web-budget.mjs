import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { build } from 'vite'

import { root, say } from './prepare.mjs'

// `npm run check:budget`: what a phone fetches before it shows the first page, gzipped.
const limits = { js: 190_000, css: 25_000 }

await build({ root: join(root, 'web'), logLevel: 'warn' })
const folder = join(root, 'dist', 'web')
const page = readFileSync(join(folder, 'index.html'), 'utf8')
const first = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(js|css))"/g)]
const used = { js: 0, css: 0 }
for (const [, path, kind] of first) used[kind] += gzipSync(readFileSync(join(folder, path)), { level: 9 }).length
for (const kind of ['js', 'css']) {
  const line = `${kind}: ${(used[kind] / 1000).toFixed(1)} of ${limits[kind] / 1000} kB at first load`
  say(used[kind] > limits[kind] ? `${line} -- too much; load something later` : line)
  if (used[kind] > limits[kind]) process.exitCode = 1
}
if (used.js === 0) process.exitCode = 1
