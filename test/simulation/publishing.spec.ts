import { cloneDatabase } from '../support/database.js'
import { played } from '../support/played.js'

/** The long forms are in simulation/README.md. */
const simulate = (options: string[], settings: Record<string, string> = {}) =>
  played('test/simulation/publishing/main.ts', options, settings)

describe('nights of faults in virtual time', () => {
  // the server that all use is there, and migrated
  beforeAll(async () => (await cloneDatabase()).drop())

  it('break none of the promises, directed or drawn, and are the same when they are played again', async () => {
    const lines = await simulate(['--scenarios', '--seeds', '4', '--from', '500001', '--twice'])
    expect(lines.filter((line) => /VIOLATION|STRAYS|another way/.test(line))).toEqual([
      'went another way the second time: 0',
    ])
    expect(lines.at(-1)).toBe('violations: 0')
    // enough went wrong, and enough went out, for that to mean something
    expect(figure(lines, 'faults')).toBeGreaterThan(40)
    expect(figure(lines, 'became public')).toBeGreaterThan(20)
  }, 600_000)

  it('show a bug that was planted', async () => {
    const lines = await simulate(['--plant', 'new-key-per-attempt'], { SECONDER_PLANT: 'new-key-per-attempt' })
    expect(lines.at(-2)).toBe('planted new-key-per-attempt: caught by scenario request-comes-late')
  }, 600_000)
})

function figure(lines: readonly string[], name: string): number {
  return Number.parseInt(lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '', 10)
}
