import { DateTime } from 'luxon'

import { linkExpiry, linkState, maskedAddress, type LinkFacts } from './link.js'

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
    expect(linkState({ ...signedIn, revokedAt: now, revokedBecause: 'replaced' }, now)).toBe('replaced')
  })

  it('hides most of an address', () => {
    expect(maskedAddress('ben@example.org')).toBe('b…@example.org')
  })
})
