import { DateTime } from 'luxon'

import {
  graphConnectRefusal,
  graphFaultOf,
  graphKeepAliveOutcome,
  graphPublishOutcome,
  graphRetractOutcome,
  isMissing,
  meaningOf,
  type Refusal,
} from './graph-answers.js'

const now = DateTime.fromISO('2026-11-21T17:30:00.000Z', { zone: 'utc' })

/** An answer as https://developers.facebook.com/docs/graph-api/guides/error-handling words it. */
const refusal = (status: number | null, error: object | null, headers: Record<string, string> = {}): Refusal => ({
  message: 'graph.example gave no whole answer.',
  status,
  sent: true,
  headers: new Headers(headers),
  body: error && { error },
  detail: 'raw',
})
const fault = (...given: Parameters<typeof refusal>) => graphFaultOf(refusal(...given), now)
const outcome = (given: Refusal, step: 'prepare' | 'publish' = 'publish') =>
  graphPublishOutcome('Threads', graphFaultOf(given, now), step, now)

describe('what a refusal of the Graph API means', () => {
  it.each([
    ['no answer came', null, null, 'unknown', 'retry'],
    ['the API is down', 500, { code: 2 }, 'unknown', 'retry'],
    ['it answers 500 with a permission that is there', 500, { code: 10 }, 'unknown', 'retry'],
    ['an unknown, possibly temporary issue', 400, { code: 1 }, 'unknown', 'retry'],
    ['it calls the fault temporary', 400, { code: 100, is_transient: true }, 'unknown', 'retry'],
    ['the app calls too much', 400, { code: 4 }, 'limited', 'limited'],
    ['the person calls too much', 400, { code: 17 }, 'limited', 'limited'],
    ['the page is called too much', 400, { code: 32 }, 'limited', 'limited'],
    ['the day’s quota is used', 400, { code: 9 }, 'limited', 'limited'],
    ['a business use case is called too much', 400, { code: 80002 }, 'limited', 'limited'],
    ['a custom limit is reached', 400, { code: 613 }, 'limited', 'limited'],
    ['a limit without a code', 429, null, 'limited', 'limited'],
    ['the token has expired', 401, { code: 190, error_subcode: 463 }, 'unauthorized', 'unauthorized'],
    ['the password was changed', 400, { code: 190, error_subcode: 460 }, 'unauthorized', 'unauthorized'],
    ['the session has ended', 400, { code: 102 }, 'unauthorized', 'unauthorized'],
    ['a permission was taken back', 400, { code: 10 }, 'unauthorized', 'unauthorized'],
    ['a permission was never given', 403, { code: 200 }, 'unauthorized', 'unauthorized'],
    ['the account is blocked for policy', 400, { code: 368 }, 'blocked', 'blocked'],
    ['a wall without a code forbids it', 403, null, 'blocked', 'blocked'],
    ['a parameter is wrong', 400, { code: 100 }, 'rejected', 'rejected'],
    ['nobody has heard of the code', 400, { code: 424242 }, 'rejected', 'rejected'],
  ] as const)('when %s', (_when, status, error, publishing, preparing) => {
    expect(outcome(refusal(status, error), 'publish').kind).toBe(publishing)
    expect(outcome(refusal(status, error), 'prepare').kind).toBe(preparing)
  })

  it('is safe to repeat when nothing left', () => {
    expect(outcome({ ...refusal(null, null), sent: false }).kind).toBe('retry')
  })

  it('is told in the words meant for people, with the raw answer for admins', () => {
    const error = { code: 100, message: 'Param x', error_user_msg: 'This picture is broken' }
    expect(outcome(refusal(400, error))).toEqual({
      kind: 'rejected',
      cause: 'Threads refused the post: This picture is broken.',
      field: null,
      detail: 'raw',
    })
    expect(fault(400, { code: 100, message: 'Param x' }).said).toBe('Param x.')
    expect(fault(502, null).said).toBe('graph.example gave no whole answer.')
  })

  it('pauses until the network says, else for an hour', () => {
    const until = (headers: Record<string, string>) => outcome(refusal(400, { code: 4 }, headers))
    const usage = (minutes: number) => ({ call_count: 100, estimated_time_to_regain_access: minutes })
    const header = JSON.stringify({ '1': [usage(0)], '2': [usage(19), usage(7)] })
    expect(until({ 'x-business-use-case-usage': header })).toMatchObject({ until: '2026-11-21T17:49:00.000Z' })
    expect(until({ 'retry-after': '120' })).toMatchObject({ until: '2026-11-21T17:32:00.000Z' })
    expect(until({ 'x-business-use-case-usage': 'no JSON' })).toMatchObject({ until: '2026-11-21T18:30:00.000Z' })
    expect(until({})).toMatchObject({ until: '2026-11-21T18:30:00.000Z', scope: 'channel' })
  })

  it('lets a deletion be tried again, or done by hand', () => {
    const retract = (given: Refusal) => graphRetractOutcome('Threads', graphFaultOf(given, now), now)
    expect(retract(refusal(null, null)).kind).toBe('retry')
    expect(retract(refusal(400, { code: 4 }))).toMatchObject({ kind: 'retry', afterSeconds: 3600 })
    expect(retract(refusal(401, { code: 190 })).kind).toBe('unauthorized')
    expect(retract(refusal(400, { code: 200 })).kind).toBe('by-hand')
  })

  it('knows a missing object by its subcode', () => {
    expect(isMissing(fault(400, { code: 100, error_subcode: 33 }))).toBe(true)
    expect(isMissing(fault(404, null))).toBe(true)
    expect(isMissing(fault(400, { code: 100 }))).toBe(false)
    expect(meaningOf(fault(404, null))).toBe('refused')
  })

  it('asks for a new consent only when the old one is refused', () => {
    expect(graphKeepAliveOutcome('Threads', fault(503, null)).kind).toBe('retry')
    expect(graphKeepAliveOutcome('Threads', fault(400, { code: 4 })).kind).toBe('retry')
    expect(graphKeepAliveOutcome('Threads', fault(401, { code: 190 })).kind).toBe('unauthorized')
  })

  it('tells who connects what to do', () => {
    expect(graphConnectRefusal('Threads', fault(400, { code: 101, message: 'Bad app' })).cause).toMatch(/secret/)
    expect(graphConnectRefusal('Threads', fault(500, null)).cause).toMatch(/later/)
  })
})
