import { DateTime } from 'luxon'

import { firstSlotOf, holdUntil, linkExpiry, linkState, maskedAddress, tokensIn, type LinkFacts } from './link.js'

const now = DateTime.fromISO('2026-11-21T12:00:00Z', { zone: 'utc' })
const open: LinkFacts = {
  usedAt: null,
  revokedAt: null,
  revokedBecause: null,
  handedOverAt: null,
  expiresAt: now.plus({ hours: 2 }),
  current: true,
  editing: false,
  postState: 'in_review',
  out: false,
  shutOut: false,
  signedIn: false,
}

describe('a review link', () => {
  it('ends before the slot by the lead', () => {
    expect(linkExpiry(now, now.plus({ hours: 5 }), 10).toISO()).toBe('2026-11-21T16:50:00.000Z')
  })

  it('never lives longer than a week', () => {
    expect(linkExpiry(now, now.plus({ days: 20 }), 10)).toEqual(now.plus({ days: 7 }))
    expect(linkExpiry(now, null, 10)).toEqual(now.plus({ days: 7 }))
  })

  it('to a slot nearer than the lead serves the slot that comes after it', () => {
    expect(linkExpiry(now, now.plus({ minutes: 5 }), 10)).toEqual(now.plus({ days: 7 }))
    expect(linkExpiry(now, now.plus({ minutes: 10 }), 10)).toEqual(now.plus({ days: 7 }))
  })

  it('is open only for the current, sealed, unanswered revision in time', () => {
    expect(linkState(open, now)).toBe('open')
    expect(linkState({ ...open, usedAt: now }, now)).toBe('used')
    expect(linkState({ ...open, current: false }, now)).toBe('replaced')
    expect(linkState({ ...open, revokedAt: now, revokedBecause: 'replaced' }, now)).toBe('replaced')
    expect(linkState({ ...open, revokedAt: now, revokedBecause: 'codes' }, now)).toBe('revoked')
    expect(linkState({ ...open, editing: true }, now)).toBe('being-edited')
    expect(linkState({ ...open, handedOverAt: now }, now)).toBe('handed-over')
    expect(linkState({ ...open, postState: 'cancelled' }, now)).toBe('cancelled')
    expect(linkState({ ...open, postState: 'expired' }, now)).toBe('ended')
    expect(linkState({ ...open, expiresAt: now }, now)).toBe('expired')
  })

  it('ends with the reviewer’s place in the group, and when the post is out', () => {
    expect(linkState({ ...open, shutOut: true, usedAt: now }, now)).toBe('revoked')
    expect(linkState({ ...open, out: true }, now)).toBe('gone-out')
    expect(linkState({ ...open, out: true, usedAt: now }, now)).toBe('used')
  })

  it('is only an address to a reviewer who is signed in: neither its time nor wrong codes matter', () => {
    const signedIn = { ...open, signedIn: true }
    expect(linkState({ ...signedIn, expiresAt: now }, now)).toBe('open')
    expect(linkState({ ...signedIn, revokedAt: now, revokedBecause: 'codes' }, now)).toBe('open')
    expect(linkState({ ...signedIn, revokedAt: now, revokedBecause: 'member' }, now)).toBe('open')
    expect(linkState({ ...signedIn, revokedAt: now, revokedBecause: 'replaced' }, now)).toBe('replaced')
    expect(linkState({ ...signedIn, revokedAt: now }, now)).toBe('revoked')
  })

  it('hides most of an address', () => {
    expect(maskedAddress('ben@example.org')).toBe('b…@example.org')
    expect(maskedAddress('ben')).toBe('b…@')
  })
})

describe('the first slot of a post', () => {
  it('is the earliest of those that are planned', () => {
    const at = (hours: number, state = 'planned') => ({ slot: now.plus({ hours }), state })
    expect(firstSlotOf([at(3), at(1, 'published'), at(2), at(4)])).toEqual(now.plus({ hours: 2 }))
    expect(firstSlotOf([at(1, 'cancelled')])).toBeNull()
    expect(firstSlotOf([])).toBeNull()
  })
})

describe('a request', () => {
  const hold = (slot: number | null, expires: number) =>
    holdUntil(now, slot === null ? null : now.plus({ minutes: slot }), now.plus({ minutes: expires }))
      .diff(now)
      .as('minutes')

  it('waits ten minutes for others to the same reviewer', () => {
    expect(hold(600, 590)).toBe(10)
  })

  it('never waits longer than a tenth of the time for an answer', () => {
    expect(hold(60, 50)).toBe(5)
    expect(hold(40, 1000)).toBe(4)
    expect(hold(-5, 1000)).toBe(0)
  })

  it('that goes out as soon as it is approved does not wait', () => {
    expect(hold(null, 1000)).toBe(0)
  })
})

describe('the secrets in a text', () => {
  const secret = `${'aB3-_'.repeat(8)}xyz`
  const other = 'z'.repeat(43)

  it('are found once each, by their length and their place in the address', () => {
    expect(tokensIn(`https://x/r/${secret} and https://x/r/${other}. Again: https://x/r/${secret}`)).toEqual([
      secret,
      other,
    ])
    expect(tokensIn(`${secret} /q/${secret} /r/${secret}w /r/${secret}- /r/short`)).toEqual([])
    expect(tokensIn(`/r/${secret}?confirm=1`)).toEqual([secret])
  })
})
