import { cloneDatabase } from '../support/database.js'
import { played } from '../support/played.js'

describe('random sequences of what people, networks and intruders do', () => {
  // the server that both use is there, and migrated
  beforeAll(async () => (await cloneDatabase()).drop())

  it('let nothing out without the valid approvals of its exact envelope', async () => {
    // The long form is `npm run prove:approval -- --sequences 2000 --from 1`.
    const lines = await played('test/simulation/approval/main.ts', ['--sequences', '40', '--from', '1000001'])
    expect(lines.filter((line) => line.includes('VIOLATION'))).toEqual([])
    expect(lines.at(-1)).toBe('violations: 0')
    // enough went out, and enough was refused, for that to mean something
    expect(figure(lines, 'publications')).toBeGreaterThan(10)
    expect(figure(lines, 'refusals')).toBeGreaterThan(100)
  }, 600_000)
})

function figure(lines: readonly string[], name: string): number {
  return Number(lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2))
}
