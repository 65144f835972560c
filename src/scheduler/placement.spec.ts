import { DateTime } from 'luxon'

import { keepsEmbargo } from './placement.js'

const zone = 'Europe/London'
const planned = (at: string) => ({ slot: DateTime.fromISO(at, { zone: 'utc' }), zone })

describe('what is planned', () => {
  it('is past an embargo from the very minute on', () => {
    expect(keepsEmbargo(planned('2026-11-26T09:59Z'), '2026-11-26T10:00')).toBe(false)
    expect(keepsEmbargo(planned('2026-11-26T10:00Z'), '2026-11-26T10:00')).toBe(true)
    expect(keepsEmbargo(planned('2026-11-26T09:59Z'), undefined)).toBe(true)
  })

  it('in the hour that comes twice is past it by the clock’s first round', () => {
    // 01:10 for the second time comes after 01:30 for the first.
    expect(keepsEmbargo(planned('2026-10-25T01:10Z'), '2026-10-25T01:30')).toBe(true)
    expect(keepsEmbargo(planned('2026-10-25T00:40Z'), '2026-10-25T01:30')).toBe(true)
    expect(keepsEmbargo(planned('2026-10-25T00:10Z'), '2026-10-25T01:30')).toBe(false)
  })
})
