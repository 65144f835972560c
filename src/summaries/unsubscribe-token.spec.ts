import fc from 'fast-check'

import { readUnsubscribeToken, unsubscribeToken } from './unsubscribe-token.js'

const secret = 'a secret of at least thirty-two characters'

describe('the token of an unsubscribe link', () => {
  it('leads back to one member of one group', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (groupId, memberId) => {
        const token = unsubscribeToken(secret, { groupId, memberId })
        expect(token).toMatch(/^[\w-]{64}$/)
        expect(readUnsubscribeToken([secret], token)).toEqual({ groupId, memberId })
      }),
    )
  })

  it('still works after the secret was changed, as long as the earlier one is known', () => {
    const ids = { groupId: '0198c5a0-0000-7000-8000-000000000001', memberId: '0198c5a0-0000-7000-8000-000000000002' }
    const token = unsubscribeToken('the secret before this one, also long enough', ids)
    expect(readUnsubscribeToken([secret], token)).toBeNull()
    expect(readUnsubscribeToken([secret, 'the secret before this one, also long enough'], token)).toEqual(ids)
  })

  it('is worth nothing when a single character is changed or missing', () => {
    const token = unsubscribeToken(secret, { groupId: crypto.randomUUID(), memberId: crypto.randomUUID() })
    fc.assert(
      fc.property(fc.nat(63), fc.constantFrom(...'Aa0_-'), (index, character) => {
        fc.pre(token[index] !== character)
        expect(readUnsubscribeToken([secret], token.slice(0, index) + character + token.slice(index + 1))).toBeNull()
      }),
    )
    expect([token.slice(1), `${token}AAAA`, ''].map((each) => readUnsubscribeToken([secret], each))).toEqual([
      null,
      null,
      null,
    ])
  })
})
