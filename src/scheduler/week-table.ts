import type { DateTime } from 'luxon'

import type { Window } from '../channels/window.js'
import { dateOf, wallOf } from './wall-time.js'
import { windowsOn } from './window.js'

export interface WeekEntry {
  readonly at: DateTime
}

/** One window on one date, with what is planned in it. */
export interface WeekTableCell<Entry extends WeekEntry> {
  readonly date: string
  /** Whether the row's window is on this day at all. */
  readonly open: boolean
  readonly past: boolean
  /** Wall time, `YYYY-MM-DDTHH:mm`, a little after the window's start. */
  readonly at: string
  readonly entries: readonly Entry[]
}

export interface WeekTableRow<Entry extends WeekEntry> {
  readonly name: string
  readonly start: string
  readonly end: string
  readonly cells: readonly WeekTableCell<Entry>[]
}

/**
 * A week as a table of windows by days. Windows with the same name and hours share a row; what lies outside every
 * window gets a last row, "other times", when there is any.
 * @param monday the week's first date, `YYYY-MM-DD`
 */
export function weekTable<Entry extends WeekEntry>(
  monday: DateTime,
  windows: readonly Window[],
  zone: string,
  entries: readonly Entry[],
  now: DateTime,
  holidays?: ReadonlyMap<number, string>,
): WeekTableRow<Entry>[] {
  const dates = Array.from({ length: 7 }, (_, day) => monday.plus({ days: day }).toFormat('yyyy-MM-dd'))
  const placed = new Set<Entry>()
  const days = new Map(
    dates.map((date) => {
      const on = windowsOn(date, windows, zone, holidays)
      return [date, new Map(on.map((each) => [keyOf(each.window), each] as const).toReversed())]
    }),
  )
  const instants = entries.map((entry) => ({ entry, ms: entry.at.toMillis() }))
  const keys = [...new Set(windows.map(keyOf))].sort()
  const rows = keys.map((key) => {
    const [start = '', end = '', ...name] = key.split(' ')
    const cells = dates.map((date): WeekTableCell<Entry> => {
      const on = days.get(date)?.get(key)
      const [from, to] = on ? [on.start.toMillis(), on.end.toMillis()] : [0, 0]
      const inside = instants.filter(({ ms }) => ms >= from && ms < to).map(({ entry }) => entry)
      for (const entry of inside) placed.add(entry)
      return {
        date,
        open: on !== undefined,
        past: on !== undefined && on.end <= now,
        at: on ? wallOf(on.start.plus({ minutes: 17 }), zone) : `${date}T${start}`,
        entries: inside,
      }
    })
    return { name: name.join(' '), start, end, cells }
  })
  const others = entries.filter((entry) => !placed.has(entry))
  if (others.length === 0) return rows
  const cells = dates.map((date) => ({
    date,
    open: false,
    past: false,
    at: `${date}T12:00`,
    entries: others.filter(({ at }) => dateOf(at, zone) === date),
  }))
  return [...rows, { name: 'other times', start: '', end: '', cells }]
}

function keyOf({ start, end, name }: Window): string {
  return `${start} ${end} ${name}`
}
