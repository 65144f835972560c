import { readdirSync } from 'node:fs'

// `npm run bench -- <name>`: one measurement, in lines for people; the last line is JSON for machines.
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace('.mjs', ''))
const [name = ''] = process.argv.slice(2)
if (names.includes(name)) await import(`./${name}.mjs`)
else {
  process.stderr.write(`Usage: npm run bench -- <name>, where <name> is one of: ${names.join(', ')}\n`)
  process.exitCode = 2
}
