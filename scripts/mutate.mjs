import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { install, orSay, root, runNode, say } from './prepare.mjs'

// `npm run mutate`: changes the rules of drafts/ and reviewers/ in small ways, one at a time, and counts which changes
// the specs in the same folder notice. Ends with the score; under 85 % with exit status 1.
// `npm run mutate -- drafts/post.ts` changes only what is named.
const folder = join(root, 'test', 'mutation')
const least = 85
// a file without a role suffix holds rules; how a page or a mail is laid out is none, and its spec says what it says
const isLayout = (text) => /safe-html[.]js'|mail-layout[.]js'|link-page[.]js'|<style>|class Html/.test(text)
const hasRules = (text) => /(^|\n)export (async )?function/.test(text) && !isLayout(text)

process.exitCode = 1
await orSay(async () => {
  install()
  install(folder, 'what changes the rules')
  const named = process.argv.slice(2)
  const total = { noticed: 0, counted: 0 }
  const lines = []
  for (const rule of ['drafts', 'reviewers'].flatMap(rulesOf)) {
    if (named.length > 0 && !named.includes(rule)) continue
    const { noticed, counted } = await mutate(rule)
    if (counted === 0) continue
    total.noticed += noticed
    total.counted += counted
    lines.push(`${percent({ noticed, counted }).padStart(7)}  ${rule} (${noticed} of ${counted})`)
  }
  for (const line of lines) say(line)
  say(`mutation score: ${percent(total)} (${total.noticed} of ${total.counted} changes noticed)`)
  process.exitCode = total.noticed / total.counted >= least / 100 ? 0 : 1
})

/** One file at a time: only specs that lead to it are run, and the tables of a module cost a whole run each. */
async function mutate(rule) {
  const specs = specsAbout(rule)
  if (specs.length === 0) say(`No spec leads to ${rule}.`)
  const report = `coverage/mutation/${rule.replace('.ts', '.json')}`
  const stryker = join(folder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
  const status = await runNode([stryker, 'run', join(folder, 'stryker.config.js')], {
    SECONDER_RULES: `src/${rule}`,
    SECONDER_REPORT: report,
    SECONDER_SPECS: specs.map((spec) => `**/src/${spec}`).join(','),
  })
  if (status !== 0) throw new Error(`Stryker ended with status ${status} on ${rule}`)
  const { files } = JSON.parse(readFileSync(join(root, report), 'utf8'))
  const all = Object.values(files).flatMap(({ mutants }) => mutants.map((mutant) => mutant.status))
  const noticed = all.filter((each) => each === 'Killed' || each === 'Timeout').length
  return { noticed, counted: noticed + all.filter((each) => each === 'Survived' || each === 'NoCoverage').length }
}

/** The files with rules in them, such as `drafts/post.ts`. */
function rulesOf(name) {
  return filesOf(name).filter((file) => /[/][^.]+[.]ts$/.test(file) && hasRules(textOf(file)))
}

/** Its own spec, and those in the same feature that call it; who only names its types says nothing about it. */
function specsAbout(rule) {
  const calls = new RegExp(`^import (?!type\\b)[^;']*'[./]*/${basename(rule, '.ts')}[.]js'`, 'm')
  return filesOf(rule.split('/')[0]).filter((file) => file.endsWith('.spec.ts') && calls.test(textOf(file)))
}

function filesOf(name) {
  return readdirSync(join(root, 'src', name), { recursive: true })
    .map((file) => `${name}/${file.replaceAll('\\', '/')}`)
    .sort()
}

function textOf(file) {
  return readFileSync(join(root, 'src', file), 'utf8')
}

function percent({ noticed, counted }) {
  return `${((noticed / counted) * 100).toFixed(1)} %`
}
