import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { cloneDatabase } from '../support/database.js'

const root = join(import.meta.dirname, '..', '..')

/** The long form is `npm run prove:approval -- --at-once 200 --from 1`. It runs as a process of its own, as there. */
const command = ['--import', './test/support/run-typescript.js', 'test/simulation/approval/main.ts']

describe('two things at the same moment, their statements in any order', () => {
  // the server that both use is there, and migrated
  beforeAll(async () => (await cloneDatabase()).drop())

  it('let nothing out that was not approved, nor count one answer twice', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [...command, '--at-once', '2', '--from', '2'], {
      cwd: root,
    }).catch((failed: { stdout: string }) => failed)
    const lines = stdout.trim().split('\n')
    expect(stdout).not.toContain('VIOLATION')
    expect(lines.at(-1)).toBe('violations: 0')
    const played = lines.flatMap((line) => /^ {2}(.*): (\d+) choices of order/.exec(line)?.slice(1, 3) ?? [])
    expect(played).toContain('stricter policy against claim')
    expect(played).toContain('twenty-five redemptions of one link')
    // orders were chosen in every one of them, or nothing happened at the same moment
    const choices = lines.flatMap((line) => /: (\d+) choices of order/.exec(line)?.[1] ?? []).map(Number)
    expect(choices.length).toBeGreaterThan(12)
    expect(Math.min(...choices)).toBeGreaterThan(5)
  }, 180_000)
})
