import { DateTime } from 'luxon'

import { isUnconfirmed, type Manager, managerNotices } from './accountable.js'

const now = DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' })
const zone = 'Europe/London'

const ana: Manager = {
  place: 1,
  name: 'Ana Reed',
  role: 'treasurer',
  email: 'ana@example.org',
  telephone: '+44 7700 900123',
  confirmedAt: now.minus({ days: 3 }),
}
const ben: Manager = {
  ...ana,
  place: 2,
  name: 'Ben Okoro',
  role: 'secretary',
  email: 'ben@example.org',
  telephone: '07700 900456',
}

describe('the two accountable managers', () => {
  it('need no notice when they are two, can be reached apart, and were confirmed lately', () => {
    expect(managerNotices([ana, ben], now, zone)).toEqual([])
  })

  it('are asked for while fewer than two are named', () => {
    expect(managerNotices([], now, zone)).toEqual([
      'Nobody is named yet who answers for the accounts. Name two people, and how to reach them.',
    ])
    expect(managerNotices([ana], now, zone)).toEqual([
      'Only Ana Reed is named. Name a second person, so that somebody can be reached when they cannot.',
    ])
  })

  it('are two different people, however the name is spelt', () => {
    const twin = { ...ben, name: 'ÁNA  reed' }
    expect(managerNotices([ana, twin], now, zone)).toEqual([
      'Both places name Ana Reed. Two different people have to answer for the accounts.',
    ])
    expect(managerNotices([ana, ben], now, zone, true)).toHaveLength(1)
  })

  it('each have an address and a number of their own, and the notice tells neither', () => {
    const notices = managerNotices([ana, { ...ben, email: 'ANA@example.org ', telephone: '07700 900123' }], now, zone)
    expect(notices).toEqual([
      'Ana Reed and Ben Okoro have the same e-mail address here. Each needs one of their own.',
      'Ana Reed and Ben Okoro have the same telephone number here. Each needs one of their own.',
    ])
  })

  it('are asked about again a year after they were last confirmed, to the instant', () => {
    const confirmedAt = DateTime.fromISO('2025-11-23T09:30:00Z', { zone: 'utc' })
    expect(isUnconfirmed(confirmedAt, now.minus({ milliseconds: 1 }))).toBe(false)
    expect(isUnconfirmed(confirmedAt, now)).toBe(true)
    expect(managerNotices([ana, { ...ben, confirmedAt }], now, zone)).toEqual([
      'What is written here about Ben Okoro was last confirmed on 23 November 2025. Is it still right?',
    ])
  })
})
