import { DateTime } from 'luxon'

import type { ConnectOutcome, PublishOutcome, RetractOutcome } from '../platform.js'

/** How a call to a personal data server failed. */
export interface Failure {
  /** HTTP status, or null when no (whole) answer came. */
  readonly status: number | null
  /** False only if it is certain that the request never left. */
  readonly sent: boolean
  /** The XRPC error name, such as `InvalidSwap`; empty without an answer. */
  readonly error: string
  readonly message: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** `prepare`: nothing public can come of the call (signing in, uploading). `publish`: the writing of the post. */
export type Step = 'prepare' | 'publish'

/** Error names with which a server says that a person has to settle something there. Source: lexicons com.atproto.server.*. */
const ACCOUNT_CLOSED = [
  'AccountTakedown',
  'AccountSuspended',
  'AccountDeactivated',
  'RepoTakendown',
  'RepoSuspended',
  'RepoDeactivated',
]

/** An access token that a refresh or a new sign-in replaces. The reference server says 400, not 401, for both. */
export function isStaleToken({ status, error }: Failure): boolean {
  return (status === 400 && (error === 'ExpiredToken' || error === 'InvalidToken')) || status === 401
}

/**
 * Until when to pause: `ratelimit-reset` is seconds since 1970 (draft-ietf-httpapi-ratelimit-headers as the
 * reference server writes it), `retry-after` is seconds or a date (RFC 9110, 10.2.3); the later counts.
 * Five minutes, the reference server's window, when neither is there.
 */
export function pausedUntil(headers: Failure['headers'], now: DateTime): DateTime {
  const reset = Number(headers['ratelimit-reset'])
  const after = headers['retry-after']
  const moments = [
    Number.isFinite(reset) && reset > 0 ? DateTime.fromSeconds(reset, { zone: 'utc' }) : null,
    after === undefined
      ? null
      : /^\d+$/.test(after)
        ? now.plus({ seconds: Number(after) })
        : DateTime.fromHTTP(after, { zone: 'utc' }),
  ].filter((moment): moment is DateTime => moment !== null && moment.isValid && moment > now)
  return moments.length > 0 ? DateTime.max(...(moments as [DateTime])) : now.plus({ minutes: 5 })
}

/** The outcome of a publication whose call failed, with what the server said; `InvalidSwap` is not decided here. */
export function publishOutcomeOf(failure: Failure, step: Step, now: DateTime): PublishOutcome {
  const { status, error, message } = failure
  const outcome = outcomeOf(failure, step, now)
  if (status === null || outcome.kind === 'published') return outcome
  return { ...outcome, detail: [status, error, message].join(' ').slice(0, 600) }
}

function outcomeOf(failure: Failure, step: Step, now: DateTime): PublishOutcome {
  const { status, message } = failure
  if (status === null || status >= 500) {
    if (step === 'publish' && failure.sent) return { kind: 'unknown', cause: said(failure) }
    return { kind: 'retry', cause: said(failure), afterSeconds: null }
  }
  if (ACCOUNT_CLOSED.includes(failure.error))
    return { kind: 'blocked', cause: `Bluesky has closed this account for now: ${message}` }
  if (status === 429) {
    const until = pausedUntil(failure.headers, now).toISO()!
    return { kind: 'limited', cause: 'Bluesky asks for a pause: too much was sent.', until, scope: 'channel' }
  }
  if (isStaleToken(failure)) {
    return {
      kind: 'unauthorized',
      cause: `Bluesky no longer accepts the app password (${message}). Connect the channel again.`,
    }
  }
  if (status === 413)
    return { kind: 'rejected', cause: `Bluesky finds a picture too large: ${message}`, field: 'pictures' }
  if (status === 400)
    return { kind: 'rejected', cause: `Bluesky refused the post: ${message}`, field: fieldIn(message) }
  return { kind: 'blocked', cause: `${said(failure)} Look at the account on Bluesky.` }
}

/** The outcome of a deletion whose call failed; repeating one is always safe. */
export function retractOutcomeOf(failure: Failure, now: DateTime): RetractOutcome {
  if (failure.status === null || failure.status >= 500)
    return { kind: 'retry', cause: said(failure), afterSeconds: null }
  if (failure.status === 429) {
    const seconds = Math.ceil(pausedUntil(failure.headers, now).diff(now).as('seconds'))
    return { kind: 'retry', cause: 'Bluesky asks for a pause: too much was sent.', afterSeconds: seconds }
  }
  if (isStaleToken(failure))
    return { kind: 'unauthorized', cause: `Bluesky no longer accepts the app password (${failure.message}).` }
  return { kind: 'by-hand', cause: `${said(failure)} Delete the post in Bluesky itself.` }
}

/** What to tell the person whose sign-in failed. */
export function connectRefusalOf(failure: Failure): ConnectOutcome {
  const refused = (cause: string, field: string | null): ConnectOutcome => ({ kind: 'refused', cause, field })
  if (failure.error === 'AuthFactorTokenRequired') {
    return refused(
      'This is the account’s main password. Make an app password in Bluesky and enter that.',
      'appPassword',
    )
  }
  if (ACCOUNT_CLOSED.includes(failure.error))
    return refused(`Bluesky has closed this account for now: ${failure.message}`, 'handle')
  if (isStaleToken(failure)) {
    return refused(
      'Bluesky does not know this handle with this app password. Check both; an app password looks like abcd-efgh-ijkl-mnop.',
      'appPassword',
    )
  }
  if (failure.status === 400) return refused(`Bluesky refused the sign-in: ${failure.message}`, 'handle')
  if (failure.status === 429)
    return refused('Bluesky asks for a pause after many sign-ins. Try again in five minutes.', null)
  return refused(`${said(failure)} Check the server’s address, or try again later.`, 'server')
}

function said({ status, message }: Failure): string {
  const words = /[.!?]$/.test(message) ? message : `${message}.`
  return status === null ? words : `The server answered ${status}: ${words}`
}

/** The server names the place as a path: "Record/embed/images must not have more than 4 elements". */
function fieldIn(message: string): string | null {
  if (/\/text\b/.test(message)) return 'text'
  if (/\/alt\b/.test(message)) return 'alt'
  if (/\/external\b/.test(message)) return 'link'
  return /\/(embed|images)\b|blob|image/i.test(message) ? 'pictures' : null
}
