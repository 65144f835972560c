import { checkWindows, defaultWindows, type Window } from './window.js'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const afterWork: Window = { days: [1, 2, 3, 4, 5], start: '17:00', end: '19:00', name: 'after work' }

describe('the default windows', () => {
  it('are sound, and leave no day without one', () => {
    expect(checkWindows(defaultWindows())).toEqual([])
    for (const day of everyDay) expect(defaultWindows().some((window) => window.days.includes(day))).toBe(true)
  })
})

describe('a set of windows is refused', () => {
  it('when two overlap on a day, naming both and the day', () => {
    expect(checkWindows([afterWork, { days: [2], start: '18:59', end: '20:00', name: 'dinner' }])).toEqual([
      '“after work” (17:00-19:00) and “dinner” (18:59-20:00) overlap on Tuesday. Shorten one, or make them one window.',
    ])
    expect(checkWindows([afterWork, { days: [2], start: '19:00', end: '20:00', name: 'dinner' }])).toEqual([])
    expect(checkWindows([afterWork, { days: [6], start: '18:00', end: '20:00', name: 'dinner' }])).toEqual([])
  })

  it('when one ends before it starts, with the way to write a window past midnight', () => {
    expect(checkWindows([{ ...afterWork, start: '23:00', end: '01:00' }])[0]).toContain(
      'one until 24:00, one from 00:00',
    )
    expect(checkWindows([{ ...afterWork, start: '23:00', end: '24:00' }])).toEqual([])
  })

  it('when it has no days, unknown days, no name, or no proper time', () => {
    expect(checkWindows([{ ...afterWork, days: [] }])).toEqual(['“after work” is on no day. Choose at least one.'])
    expect(checkWindows([{ ...afterWork, days: [8] }])[0]).toContain('day 8')
    expect(checkWindows([{ ...afterWork, name: ' ' }])[0]).toContain('has no name')
    expect(checkWindows([{ ...afterWork, start: '5pm' }])).toEqual([
      '“after work” starts at “5pm”. Write a time such as 17:00.',
    ])
    expect(checkWindows([{ ...afterWork, end: '25:00' }])).toEqual([
      '“after work” ends at “25:00”. Write a time such as 19:00.',
    ])
    expect(checkWindows([{ ...afterWork, end: '17:05' }])[0]).toContain('only 5 minutes long')
  })

  it('when two of one day have the same name', () => {
    expect(checkWindows([afterWork, { ...afterWork, start: '20:00', end: '21:00' }])[0]).toContain(
      'Give each its own name.',
    )
  })
})
