import fc from 'fast-check'

import { canonicalJson } from './canonical-json.js'

describe('canonical JSON', () => {
  it('is the same text whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'] })).toBe(canonicalJson({ a: [true, null, 'x'], b: 1 }))
  })

  it('brings composed and decomposed letters to one form', () => {
    expect(canonicalJson({ text: 'Cafe\u0301' })).toBe(canonicalJson({ text: 'Caf\u00e9' }))
  })

  it('tells different contents apart', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.dictionary(fc.string(), fc.string()), (one, other) => {
        const normal = (value: Record<string, string>) =>
          JSON.stringify(
            Object.fromEntries(
              Object.entries(value)
                .map(([key, text]) => [key.normalize('NFC'), text.normalize('NFC')] as const)
                .sort(([a], [b]) => (a < b ? -1 : 1)),
            ),
          )
        fc.pre(normal(one) !== normal(other))
        expect(canonicalJson(one)).not.toBe(canonicalJson(other))
      }),
    )
  })

  it('refuses numbers that would not read back the same', () => {
    expect(() => canonicalJson({ n: 0.1 })).toThrow('whole numbers')
  })
})
