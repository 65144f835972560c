import { isFresh, type ProofFacts } from './proof.js'

const signedIn: ProofFacts = { by: 'link', isRecent: true, hasPasskey: false, inDemonstration: false }

describe('a proof of being there', () => {
  it('is fresh just after signing in, and not later', () => {
    expect(isFresh(signedIn)).toBe(true)
    expect(isFresh({ ...signedIn, isRecent: false })).toBe(false)
  })

  it('is the passkey alone for somebody who has one', () => {
    for (const by of ['link', 'code', 'demo'] as const)
      expect(isFresh({ ...signedIn, by, hasPasskey: true })).toBe(false)
    expect(isFresh({ ...signedIn, by: 'passkey', hasPasskey: true })).toBe(true)
    expect(isFresh({ ...signedIn, by: 'passkey', hasPasskey: true, isRecent: false })).toBe(false)
  })

  it('is given by entering the demonstration, there and for as long as it lasts', () => {
    const entered = { ...signedIn, by: 'demo', isRecent: false, inDemonstration: true } as const
    expect(isFresh(entered)).toBe(true)
    expect(isFresh({ ...entered, inDemonstration: false })).toBe(false)
    expect(isFresh({ ...entered, by: 'link' })).toBe(false)
  })
})
