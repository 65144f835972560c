import { instantOf } from '../../src/scheduler/wall-time.js'
import { startApp, type TestApp } from '../support/app.js'

/** A day on which the clock goes back and one on which it goes forward, in each place. */
const changes: readonly (readonly [zone: string, ...days: string[]])[] = [
  ['Europe/London', '2026-10-25', '2027-03-28'],
  ['America/New_York', '2026-11-01', '2027-03-14'],
  ['Australia/Lord_Howe', '2027-04-04', '2026-10-04'],
  ['Asia/Kolkata', '2026-11-01'],
]

let app: TestApp

beforeAll(async () => {
  app = await startApp({ ticking: false })
})
afterAll(() => app?.close())

describe('a wall time', () => {
  it('is the same instant for the database as for the rules, on days on which the clock changes too', async () => {
    const walls = changes.flatMap(([zone, ...days]) =>
      days.flatMap((day) =>
        Array.from({ length: 24 * 6 }, (_, tens) => {
          const time = `${String(Math.floor(tens / 6)).padStart(2, '0')}:${tens % 6}0`
          return { zone, wall: `${day}T${time}` }
        }),
      ),
    )
    const rows = await app.query<{ at: Date }>(
      `select instant_of(wall::timestamp, zone) as at
       from unnest($1::text[], $2::text[]) with ordinality as given (wall, zone, n) order by n`,
      [walls.map(({ wall }) => wall), walls.map(({ zone }) => zone)],
    )
    const differing = walls.flatMap(({ zone, wall }, index) => {
      const [rules, database] = [instantOf(wall, zone).toISO(), rows[index]!.at.toISOString()]
      return rules === database ? [] : [{ zone, wall, rules, database }]
    })
    expect(differing).toEqual([])
  })
})
