import { encodeTid, recordKeyOf } from './tid.js'

const key = { publicationId: 'p', key: 'group:publication', createdAt: '2026-11-21T17:30:00.000Z' }

describe('the record key of a publication on Bluesky', () => {
  it('is encoded as the specification does it', () => {
    expect(encodeTid(0n, 0)).toBe('2222222222222')
    expect(encodeTid(1n, 1)).toBe('2222222222323')
    expect(encodeTid(1795282200000123n, 777)).toBe('3n2tmuwuxnvsd')
  })

  it('is the same for the same key, whenever it is asked', () => {
    expect(recordKeyOf(key)).toBe(recordKeyOf({ ...key }))
    expect(recordKeyOf(key)).toMatch(/^[234567abcdefghij][234567a-z]{12}$/)
  })

  it('differs for another publication of the same moment', () => {
    const keys = Array.from({ length: 200 }, (_, i) => recordKeyOf({ ...key, key: `publication ${i}` }))
    expect(new Set(keys).size).toBe(200)
  })

  it('sorts by the moment of the post', () => {
    expect(recordKeyOf(key) < recordKeyOf({ ...key, createdAt: '2026-11-21T17:30:00.001Z' })).toBe(true)
  })
})
