import { isTimeZone } from './time-zone.js'

describe('a group’s time zone', () => {
  it.each(['Europe/London', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'UTC'])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true)
  })

  it.each(['', 'London', 'Europe/Atlantis', '+01:00', 'EST', 'Europe/London; drop'])('"%s" is none', (name) => {
    expect(isTimeZone(name)).toBe(false)
  })
})
