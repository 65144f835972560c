import { DateTime } from 'luxon'

import { defaultWindows } from '../channels/window.js'
import { weekTable } from './week-table.js'

const zone = 'Europe/London'
const monday = DateTime.fromISO('2026-11-23', { zone })
const now = DateTime.fromISO('2026-11-24T13:00:00Z', { zone: 'utc' })
const at = (instant: string) => ({ at: DateTime.fromISO(instant, { zone: 'utc' }) })

describe('the week as a table', () => {
  it('has a row for each window in order of time, and a cell for each day', () => {
    const rows = weekTable(monday, defaultWindows(), zone, [], now)
    expect(rows.map((row) => `${row.start} ${row.name}`)).toEqual([
      '07:00 before work',
      '10:00 late morning',
      '12:00 lunch',
      '17:00 after work',
      '20:00 evening',
    ])
    expect(rows.every((row) => row.cells.length === 7)).toBe(true)
    expect(rows[1]!.cells.map((cell) => cell.open)).toEqual([false, false, false, false, false, true, true])
  })

  it('puts each post into its window and what is outside into other times', () => {
    const rows = weekTable(
      monday,
      defaultWindows(),
      zone,
      [at('2026-11-24T17:22:00Z'), at('2026-11-25T15:00:00Z')],
      now,
    )
    expect(rows.find((row) => row.name === 'after work')!.cells[1]!.entries).toHaveLength(1)
    expect(rows.at(-1)).toMatchObject({ name: 'other times' })
    expect(rows.at(-1)!.cells[2]!.entries).toHaveLength(1)
  })

  it('tells which windows are over', () => {
    const lunch = weekTable(monday, defaultWindows(), zone, [], now).find((row) => row.name === 'lunch')!
    expect(lunch.cells.slice(0, 3).map((cell) => cell.past)).toEqual([true, false, false])
  })

  it('keeps wall time on the day of a clock change', () => {
    const spring = DateTime.fromISO('2026-03-23', { zone })
    const rows = weekTable(spring, defaultWindows(), zone, [at('2026-03-29T16:30:00Z')], now)
    expect(rows.find((row) => row.name === 'after work')!.cells[6]!.entries).toHaveLength(1)
  })
})
