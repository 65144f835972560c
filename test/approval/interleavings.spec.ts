import { cloneDatabase } from '../support/database.js'
import { played } from '../support/played.js'

describe('two things at the same moment, their statements in any order', () => {
  // the server that both use is there, and migrated
  beforeAll(async () => (await cloneDatabase()).drop())

  it('let nothing out that was not approved, nor count one answer twice', async () => {
    // The long form is `npm run prove:approval -- --at-once 200 --from 1`.
    const lines = await played('test/simulation/approval/main.ts', ['--at-once', '2', '--from', '2'])
    expect(lines.filter((line) => line.includes('VIOLATION'))).toEqual([])
    expect(lines.at(-1)).toBe('violations: 0')
    const raced = lines.flatMap((line) => /^ {2}(.*): (\d+) choices of order/.exec(line)?.slice(1, 3) ?? [])
    expect(raced).toContain('stricter policy against claim')
    expect(raced).toContain('twenty-five redemptions of one link')
    // orders were chosen in every one of them, or nothing happened at the same moment
    const choices = lines.flatMap((line) => /: (\d+) choices of order/.exec(line)?.[1] ?? []).map(Number)
    expect(choices.length).toBeGreaterThan(12)
    expect(Math.min(...choices)).toBeGreaterThan(5)
  }, 600_000)
})
