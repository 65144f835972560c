import { DateTime } from 'luxon'

import { dayIn, dayInWords, daysBetween, isDay, isOver, reminderDue } from './role-end.js'

describe('a role that ends', () => {
  it('is held through its last day and ends with the next one', () => {
    expect(isOver('2026-12-04', '2026-12-03')).toBe(false)
    expect(isOver('2026-12-04', '2026-12-04')).toBe(false)
    expect(isOver('2026-12-04', '2026-12-05')).toBe(true)
  })

  it('counts its days on the clocks of the group', () => {
    const instant = DateTime.fromISO('2026-12-04T23:30:00Z', { zone: 'utc' })
    expect(dayIn('Europe/London', instant)).toBe('2026-12-04')
    expect(dayIn('Europe/Athens', instant)).toBe('2026-12-05')
    expect(daysBetween('2026-10-20', '2026-11-03')).toBe(14)
  })

  it('is written as a day of the calendar', () => {
    expect(['2026-12-04', '2028-02-29'].every(isDay)).toBe(true)
    expect(['2026-02-29', '2026-13-01', '4.12.2026', '2026-12-04T10:00', ''].some(isDay)).toBe(false)
    expect(dayInWords('2026-12-04')).toBe('Friday 4 December 2026')
  })
})

describe('the reminders of a role’s end', () => {
  const due = (today: string, reminded: number | null = null, setOn = '2026-10-01') =>
    reminderDue({ endsOn: '2026-12-20', setOn, reminded, today })

  it('come 14 days and 2 days before, each once', () => {
    expect(due('2026-12-05')).toBeNull()
    expect(due('2026-12-06')).toBe(14)
    expect(due('2026-12-07', 14)).toBeNull()
    expect(due('2026-12-17', 14)).toBeNull()
    expect(due('2026-12-18', 14)).toBe(2)
    expect(due('2026-12-20', 2)).toBeNull()
  })

  it('come late rather than never, the nearest one only', () => {
    expect(due('2026-12-10')).toBe(14)
    expect(due('2026-12-20')).toBe(2)
    expect(due('2026-12-21')).toBeNull()
  })

  it('are not made up for when the date was set later', () => {
    expect(due('2026-12-10', null, '2026-12-10')).toBeNull()
    expect(due('2026-12-18', null, '2026-12-10')).toBe(2)
    expect(due('2026-12-19', null, '2026-12-19')).toBeNull()
  })
})
