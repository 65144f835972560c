import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { install, node, orSay, root, say } from './prepare.mjs'

// `npm run contracts`: the promises of the port, by network, as a Markdown table. Runs the suite of
// test/platforms/contract.ts against every network's stand-in (Bluesky: a real server) and prints what passed.
const suite = ' keeps the promises of the port'
/** Cases of which a network has one or the other. */
const insteadOf = {
  'is in doubt when the same key is sent twice, and finds the first': 'makes one post of the same key sent twice',
  'says that a person has to delete a post': 'deletes a post, and a second time is fine',
}
const folder = mkdtempSync(join(tmpdir(), 'seconder-contracts-'))
const [answer, options] = [join(folder, 'answer.json'), join(folder, 'options')]
process.exitCode = 1
await orSay(async () => {
  install()
  install(join(root, 'test', 'platforms', 'pds'), 'a Bluesky server to test against')
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  const chosen = ['--testPathPatterns', String.raw`test/platforms/[a-z]+\.spec\.ts$`, '--testNamePattern', suite.trim()]
  const told = { CONTRACT_OPTIONS_FILE: options, SECONDER_CLOSING_LINE_FILE: join(folder, 'line') }
  // Progress goes to the other stream, so that the table alone can be sent into a file.
  spawnSync(node(), [...flags, jest, ...chosen, '--forceExit', '--json', '--outputFile', answer], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...told },
  })
  if (!existsSync(answer)) throw new Error('jest wrote no answer.')
  const { lines, failed } = tableOf(casesIn(JSON.parse(readFileSync(answer, 'utf8'))), optionsIn(options))
  say(lines.join('\n'))
  process.exitCode = failed ? 1 : 0
})
rmSync(folder, { recursive: true })

/** Every network with its cases, in the order of the suite: `passed`, `failed`, or left out. */
function casesIn({ testResults }) {
  const networks = new Map()
  for (const { assertionResults } of testResults) {
    for (const { ancestorTitles, title, status } of assertionResults) {
      const [name] = ancestorTitles
      if (!name?.endsWith(suite)) continue
      const network = name.slice(0, -suite.length).replace(/,$/, '')
      networks.set(network, (networks.get(network) ?? new Map()).set(title, status))
    }
  }
  return networks
}

/** What each network's spec told of where it differs, and why. */
function optionsIn(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return new Map(lines.map((line) => JSON.parse(line)).map(({ name, ...told }) => [name.replace(/,$/, ''), told]))
}

function tableOf(networks, told) {
  const names = [...networks.keys()].toSorted((a, b) => a.localeCompare(b))
  const notes = []
  const heads = names.map((name) => {
    const { because, ...switches } = told.get(name) ?? {}
    if (Object.keys(switches).length === 0) return { name, note: '' }
    const list = Object.entries(switches).map(([option, value]) => `\`${option}: ${value}\``)
    notes.push(`${notes.length + 1}. ${name}: ${because ?? 'no reason is written down.'} (${list.join(', ')})`)
    return { name, note: `<sup>${notes.length}</sup>` }
  })
  const titles = [
    ...new Set([...networks.values()].toSorted((a, b) => b.size - a.size).flatMap((each) => [...each.keys()])),
  ]
  const rows = titles.filter((title) => !(title in insteadOf))
  let [passed, off, failed] = [0, 0, 0]
  const cells = rows.map((title) =>
    heads.map(({ name, note }) => {
      const cases = networks.get(name)
      const other = Object.keys(insteadOf).find((each) => insteadOf[each] === title && cases.has(each))
      const status = cases.get(title) ?? (other && cases.get(other))
      if (status === undefined) off += 1
      else if (status === 'passed') passed += 1
      else failed += 1
      return status === undefined ? `–${note}` : `${status === 'passed' ? '✓' : '✗'}${other ? note : ''}`
    }),
  )
  const line = (parts) => `| ${parts.join(' | ')} |`
  const lines = [
    line(['', ...heads.map(({ name, note }) => `${name}${note}`)]),
    line(['---', ...heads.map(() => ':-:')]),
    ...rows.map((title, index) => line([title, ...cells[index]])),
    '',
    `✓ passed (${passed}), – switched off (${off}), ✗ failed (${failed}). Footnotes tell where a network differs, and why:`,
    '',
    ...notes,
  ]
  return { lines, failed }
}
