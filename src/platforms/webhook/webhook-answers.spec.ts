import { DateTime } from 'luxon'

import { connectRefusalOf, type Fault, publishOutcomeOf, retractOutcomeOf } from './webhook-answers.js'

const now = DateTime.fromISO('2026-11-21T12:00:00Z', { zone: 'utc' })

function answered(status: number, headers: Record<string, string> = {}, body: unknown = null): Fault {
  return {
    status,
    sent: true,
    headers: new Headers(headers),
    body,
    message: `The server answered ${status}.`,
    detail: 'raw',
  }
}
const silent = (sent: boolean): Fault => ({
  ...answered(0),
  status: null,
  sent,
  message: 'example.org did not answer.',
})

describe('what an answer of a receiver means', () => {
  it.each([
    ['no answer', silent(true), 'unknown', 'retry'],
    ['no connection', silent(false), 'retry', 'retry'],
    ['a break-down', answered(500), 'unknown', 'retry'],
    ['a time-out of its own', answered(408), 'unknown', 'retry'],
    ['a pause', answered(429), 'limited', 'retry'],
    ['too early', answered(425), 'limited', 'retry'],
    ['a wrong signature', answered(401), 'unauthorized', 'unauthorized'],
    ['a closed receiver, or a post that is gone', answered(410), 'unauthorized', 'retracted'],
    ['another address', answered(308), 'unauthorized', 'unauthorized'],
    ['a ban', answered(403), 'blocked', 'by-hand'],
    ['a refusal', answered(422), 'rejected', 'by-hand'],
    ['no such thing', answered(404), 'rejected', 'retracted'],
  ])('%s', (_what, fault, published, retracted) => {
    expect(publishOutcomeOf(fault, now)).toMatchObject({ kind: published, cause: expect.stringMatching(/\.$/) })
    expect(retractOutcomeOf(fault, now).kind).toBe(retracted)
  })

  it('holds the pause that was asked for, or five minutes', () => {
    const until = (headers: Record<string, string>) => publishOutcomeOf(answered(429, headers), now)
    expect(until({ 'retry-after': '90' })).toMatchObject({ until: '2026-11-21T12:01:30.000Z' })
    expect(until({})).toMatchObject({ until: '2026-11-21T12:05:00.000Z' })
    expect(retractOutcomeOf(answered(429, { 'retry-after': '90' }), now)).toMatchObject({ afterSeconds: 90 })
  })

  it('says the receiver’s own reason', () => {
    expect(publishOutcomeOf(answered(422, {}, { error: 'No emoji here.' }), now)).toMatchObject({
      cause: 'The receiver refused the post (422): No emoji here.',
    })
  })

  it('tells whoever connects which field to look at', () => {
    expect(connectRefusalOf(answered(401))).toMatchObject({ field: 'secret' })
    for (const fault of [silent(false), answered(302), answered(404)])
      expect(connectRefusalOf(fault)).toMatchObject({ field: 'address' })
  })
})
