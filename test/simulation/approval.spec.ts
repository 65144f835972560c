import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { cloneDatabase } from '../support/database.js'

const root = join(import.meta.dirname, '..', '..')

/** The long form is `npm run prove:approval -- --sequences 2000 --from 1`. It runs as a process of its own, as there. */
const command = ['--import', './test/support/run-typescript.js', 'test/simulation/approval/main.ts']

describe('random sequences of what people, networks and intruders do', () => {
  // the server that both use is there, and migrated
  beforeAll(async () => (await cloneDatabase()).drop())

  it('let nothing out without the valid approvals of its exact envelope', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...command, '--sequences', '40', '--from', '1000001'],
      { cwd: root },
    ).catch((failed: { stdout: string }) => failed)
    const lines = stdout.trim().split('\n')
    expect(stdout).not.toContain('VIOLATION')
    expect(lines.at(-1)).toBe('violations: 0')
    // enough went out, and enough was refused, for that to mean something
    expect(figure(lines, 'publications')).toBeGreaterThan(10)
    expect(figure(lines, 'refusals')).toBeGreaterThan(100)
  }, 180_000)
})

function figure(lines: readonly string[], name: string): number {
  return Number(lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2))
}
