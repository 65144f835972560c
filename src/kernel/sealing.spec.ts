import fc from 'fast-check'

import { Sealing } from './sealing.js'

const first = 'the first secret of this installation'
const second = 'the second secret of this installation'

describe('a sealed text', () => {
  const sealing = new Sealing(first)

  it('opens again as it was, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sealing.open(sealing.seal(text, 'mail'), 'mail')).toBe(text)
      }),
    )
  })

  it('shows nothing of what it holds, and never looks the same twice', () => {
    const sealed = sealing.seal('abcd-efgh-ijkl-mnop', 'credentials')
    expect(Buffer.from(sealed.split('.').at(-1)!, 'base64url').toString()).not.toContain('efgh')
    expect(sealing.seal('abcd-efgh-ijkl-mnop', 'credentials')).not.toBe(sealed)
  })

  it('does not open once a single bit of it was changed', () => {
    const sealed = sealing.seal('the app password', 'credentials')
    const [id, ...parts] = sealed.split('.')
    for (const [part, text] of parts.entries()) {
      const bytes = Buffer.from(text, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        const forged = [id, ...parts.with(part, changed.toString('base64url'))].join('.')
        expect(() => sealing.open(forged, 'credentials')).toThrow('unable to authenticate')
      }
    }
  })

  it('does not open when its end or its proof was cut off', () => {
    const [id, nonce, tag, content] = sealing.seal('the app password', 'credentials').split('.') as [
      string,
      string,
      string,
      string,
    ]
    expect(() => sealing.open([id, nonce, tag, content.slice(0, 4)].join('.'), 'credentials')).toThrow(
      'unable to authenticate',
    )
    expect(() => sealing.open([id, nonce, tag.slice(0, 6), content].join('.'), 'credentials')).toThrow('tag length')
    expect(() => sealing.open([id, nonce, tag].join('.'), 'credentials')).toThrow('not configured')
  })

  it('opens only for the purpose that it was sealed for', () => {
    expect(() => sealing.open(sealing.seal('Dear Ben', 'mail'), 'credentials')).toThrow('unable to authenticate')
  })
})

describe('a new secret', () => {
  it('opens what the one before it sealed, and seals anew with itself', () => {
    const old = new Sealing(first).seal('the app password', 'credentials')
    const rotated = new Sealing(second, first)
    expect(rotated.open(old, 'credentials')).toBe('the app password')
    expect(rotated.isCurrent(old)).toBe(false)
    const anew = rotated.seal('the app password', 'credentials')
    expect(rotated.isCurrent(anew)).toBe(true)
    expect(new Sealing(second).open(anew, 'credentials')).toBe('the app password')
  })

  it('alone opens nothing that another sealed, and says what to set', () => {
    const old = new Sealing(first).seal('the app password', 'credentials')
    expect(() => new Sealing(second).open(old, 'credentials')).toThrow('Set SECRET_PREVIOUS to the earlier secret.')
  })
})
