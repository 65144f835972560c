import { householdOf, Visits } from './visits.js'

describe('counting without knowing anybody', () => {
  it('counts an address once a day for each thing', () => {
    const visits = new Visits()
    expect(visits.isFirst('192.0.2.1', 'useful a', '2026-11-24')).toBe(true)
    expect(visits.isFirst('192.0.2.1', 'useful a', '2026-11-24')).toBe(false)
    expect(visits.isFirst('192.0.2.1', 'useful b', '2026-11-24')).toBe(true)
    expect(visits.isFirst('192.0.2.2', 'useful a', '2026-11-24')).toBe(true)
    expect(visits.isFirst('192.0.2.1', 'useful a', '2026-11-25')).toBe(true)
  })

  it('keeps no address', () => {
    const visits = new Visits()
    visits.isFirst('192.0.2.1', 'useful a', '2026-11-24')
    const { seen } = visits as unknown as { seen: Set<string> }
    expect([...seen].join()).toMatch(/^[\w-]{43}$/)
  })

  it('takes all addresses of one household as one', () => {
    expect(householdOf('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe(householdOf('2001:0DB8:0001:2::1'))
    expect(householdOf('2001:db8:1:3::1')).not.toBe(householdOf('2001:db8:1:2::1'))
    expect(householdOf('::1')).toBe('0:0:0:0')
    expect(householdOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
  })
})
