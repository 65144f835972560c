import { DateTime } from 'luxon'

import { retryAfter, secondsUntil } from '../pausing.js'
import type { ConnectOutcome, LookUpOutcome, PublishOutcome, RetractOutcome } from '../platform.js'

/** How a call to X failed. An `ApiFault` is one. */
export interface Failure {
  readonly status: number | null
  readonly sent: boolean
  readonly message: string
  readonly headers: Headers
  readonly body: unknown
  readonly detail: string
}

/** `prepare`: nothing public can come of the call (tokens, media). `publish`: the creating of the post. */
export type Step = 'prepare' | 'publish'

/** What X says went wrong. Source: https://docs.x.com/x-api/fundamentals/response-codes-and-errors */
export interface Problem {
  /** The last part of its type, such as `usage-capped`; `about:blank` for the general one. */
  readonly type: string
  readonly said: string
  readonly status: number | null
}

/** X documents one problem, or a list of them below `errors`, with `detail` or (older) `message`. */
export function problemOf(body: unknown): Problem {
  const whole = objectOf(body)
  const [first] = Array.isArray(whole.errors) ? whole.errors.map(objectOf) : []
  const type = textOf(whole.type) || textOf(first?.type)
  const said =
    textOf(first?.detail) || textOf(first?.message) || textOf(whole.detail) || textOf(whole.error_description)
  const status = Number(whole.status ?? first?.status)
  return {
    type: type.split('/').at(-1) ?? '',
    said: said || textOf(whole.title) || textOf(whole.error),
    status: Number.isInteger(status) && status > 0 ? status : null,
  }
}

/** Whether X refuses words that it has already: the post may be the one that an earlier attempt made. */
export function isDuplicate({ status, body }: Failure): boolean {
  return status === 403 && /duplicate content|status is a duplicate/i.test(problemOf(body).said)
}

/**
 * Whether X refuses to pass on what the account has passed on: by an earlier attempt, or before it. No page documents
 * it; clients have seen a 400 of 2025 with these words, and the older API's 403.
 */
export function isPassedOn({ status, body }: Failure): boolean {
  return (status === 400 || status === 403) && /already (?:retweeted|reposted)/i.test(problemOf(body).said)
}

/**
 * Until when to pause: the later of `retry-after`, `x-rate-limit-reset`, and the resets of those limits of 24 hours
 * that are used up; all of them seconds since 1970. A window of 15 minutes when X names none.
 * Source: https://docs.x.com/x-api/fundamentals/rate-limits
 */
export function pausedUntil(headers: Headers, now: DateTime): DateTime {
  const used = (limit: string) => headers.get(`x-${limit}-limit-24hour-remaining`) === '0'
  const reset = (name: string) => {
    const at = Number(headers.get(name) ?? 0)
    return at > 0 ? DateTime.fromSeconds(at, { zone: 'utc' }) : null
  }
  const moments = [
    retryAfter(headers, now),
    reset('x-rate-limit-reset'),
    used('user') ? reset('x-user-limit-24hour-reset') : null,
    used('app') ? reset('x-app-limit-24hour-reset') : null,
  ].filter((moment): moment is DateTime => moment !== null && moment.isValid && moment > now)
  const [first = now.plus({ minutes: 15 }), ...others] = moments
  return DateTime.max(first, ...others)
}

/** The outcome of a publication whose call failed. */
export function publishOutcomeOf(failure: Failure, step: Step, now: DateTime): PublishOutcome {
  const { status, body, detail } = failure
  const { type, said } = problemOf(body)
  if (status === null || status >= 500) {
    const cause = status === null ? failure.message : `X is out of order for the moment (${status}).`
    if (step === 'publish' && failure.sent) return { kind: 'unknown', cause, detail }
    return { kind: 'retry', cause, afterSeconds: null, detail }
  }
  const pause = pauseOf(failure, now)
  if (pause) return { kind: 'limited', ...pause, until: pause.until.toISO()!, detail }
  if (isDuplicate(failure) && step === 'publish')
    return { kind: 'unknown', cause: 'X says that it has a post of these words already.', detail }
  if (isPassedOn(failure) && step === 'publish')
    return { kind: 'unknown', cause: 'X says that the account has passed this post on already.', detail }
  if (status === 401 || type === 'unsupported-authentication') return { ...signedOut, detail }
  if (status === 403) return forbidden(failure)
  if (status === 413)
    return { kind: 'rejected', cause: 'X finds a picture or film too large.', field: 'pictures', detail }
  return { kind: 'rejected', cause: `X refused the post: ${sentence(said)}`, field: fieldIn(said), detail }
}

const signedOut = {
  kind: 'unauthorized',
  cause: 'X no longer accepts the permission of this channel. Connect it again.',
} as const

/** 403 has one status for many reasons; the words tell them apart. */
function forbidden({ body, detail }: Failure): PublishOutcome {
  const { type, said } = problemOf(body)
  if (/suspended|locked|deactivated/i.test(said))
    return { kind: 'blocked', cause: `X has closed this account for now: ${sentence(said)} Sign in at X.`, detail }
  if (type === 'client-forbidden' || type === 'oauth1-permissions' || /client.?(app|id)|enrolled/i.test(said)) {
    const cause = `X does not let this developer app post: ${sentence(said)} Give it read and write permission in the developer console, then connect the channel again.`
    return { kind: 'blocked', cause, detail }
  }
  if (/cashtag/i.test(said))
    return {
      kind: 'rejected',
      cause: `X refused the text: ${sentence(said)} Leave one cashtag.`,
      field: 'text',
      detail,
    }
  if (/too long/i.test(said)) {
    const cause = `X refused the text: ${sentence(said)} If the account no longer pays for longer posts, connect the channel again without “Longest post”.`
    return { kind: 'rejected', cause, field: 'text', detail }
  }
  if (/deleted or not visible/i.test(said))
    return { kind: 'rejected', cause: 'X no longer has the post that this one belongs to.', field: null, detail }
  if (/repl(y|ies)|conversation|mentioned|summon/i.test(said)) {
    const cause = `X refused an answer (“reply not summoned”): ${sentence(said)} Ordinary apps may answer only people who mentioned or quoted the account; write it at X by hand, or leave it out.`
    return { kind: 'rejected', cause, field: null, detail }
  }
  if (/retweet|repost/i.test(said)) {
    const cause = `X did not pass the post on: ${sentence(said)} Pass it on at X by hand, or leave it out.`
    return { kind: 'rejected', cause, field: 'target', detail }
  }
  return {
    kind: 'blocked',
    cause: `X does not let this account post: ${sentence(said)} Look at the account at X.`,
    detail,
  }
}

/** A pause that X asks for, of the channel: the app behind it is the group's own. Null when it asks for none. */
export function pauseOf(
  { status, headers, body }: Failure,
  now: DateTime,
): { until: DateTime; scope: 'channel'; cause: string } | null {
  const { type, said } = problemOf(body)
  // 402 with this type since pay-per-use began (February 2026): https://docs.x.com/x-api/getting-started/pricing
  if (status === 402 || type === 'credits-depleted') {
    const cause =
      'X says that the developer app has no credit left. Buy some in the developer console at console.x.com; Seconder tries again every hour.'
    return { until: now.plus({ hours: 1 }), scope: 'channel', cause }
  }
  if (type === 'usage-capped' || /usage.?cap/i.test(said)) {
    const cause =
      'X says that the developer app has reached its spending limit. Raise it in the developer console at console.x.com; Seconder tries again every six hours.'
    return { until: now.plus({ hours: 6 }), scope: 'channel', cause }
  }
  if (status !== 429) return null
  return { until: pausedUntil(headers, now), scope: 'channel', cause: 'X asks for a pause: too much was sent.' }
}

/** The outcome of a deletion whose call failed; repeating one is always safe. */
export function retractOutcomeOf(failure: Failure, now: DateTime, isRepost = false): RetractOutcome {
  const { status, body, message } = failure
  const { said, type } = problemOf(body)
  if (status === 404) return { kind: 'retracted' }
  if (status === null) return { kind: 'retry', cause: message, afterSeconds: null }
  if (status >= 500)
    return { kind: 'retry', cause: `X is out of order for the moment (${status}).`, afterSeconds: null }
  const pause = pauseOf(failure, now)
  if (pause) return { kind: 'retry', cause: pause.cause, afterSeconds: secondsUntil(pause.until, now) }
  if (status === 401 || type === 'unsupported-authentication') return signedOut
  const cause = isRepost
    ? `X does not undo the repost: ${sentence(said)} Undo it at X itself.`
    : `X does not delete the post: ${sentence(said)} Delete it at X itself.`
  return { kind: 'by-hand', cause }
}

/** What a look for somebody's post says when its call failed. */
export function lookUpRefusalOf(
  failure: Failure,
  renewing: boolean,
  now: DateTime,
): Exclude<LookUpOutcome, { kind: 'found' }> {
  const { status, body, message } = failure
  const { said } = problemOf(body)
  if (status === null) return { kind: 'retry', cause: message }
  if (status >= 500) return { kind: 'retry', cause: `X is out of order for the moment (${status}).` }
  const pause = pauseOf(failure, now)
  if (pause) return { kind: 'limited', ...pause, until: pause.until.toISO()! }
  if (renewing || status === 401) return signedOut
  if (status === 403) return { kind: 'refused', cause: `X does not let this app look for posts: ${sentence(said)}` }
  return { kind: 'refused', cause: `X shows no such post: ${sentence(said)} It may be gone, or the address cut off.` }
}

/** What to tell the person who connects. */
export function connectRefusalOf({ status, body, message }: Failure): Extract<ConnectOutcome, { kind: 'refused' }> {
  const refused = (cause: string, field: string | null = null) => ({ kind: 'refused', cause, field }) as const
  const { said, type } = problemOf(body)
  if (status === null) return refused(`${message} Try again later.`)
  if (status >= 500) return refused(`X is out of order for the moment (${status}). Try again later.`)
  if (status === 402 || type === 'credits-depleted')
    return refused('The developer app has no credit at X. Buy some at console.x.com, then connect again.')
  if (status === 429) return refused('X asks for a pause. Try again in 15 minutes.')
  if (type === 'client-forbidden')
    return refused('The developer app belongs to no project. Put it into one at console.x.com, then connect again.')
  const { error } = objectOf(body)
  if (error === 'invalid_client' || error === 'unauthorized_client' || status === 401) {
    return refused(
      'X does not know this client id with this secret. Copy both again; an app of type “Web App” has a secret.',
      'clientSecret',
    )
  }
  return refused(`X did not give its permission: ${sentence(said)} Start again; a code is good for 30 seconds only.`)
}

function fieldIn(said: string): string | null {
  if (/alt_?text/i.test(said)) return 'alt'
  if (/media|image|gif/i.test(said)) return 'pictures'
  return /\btext\b|too long|characters/i.test(said) ? 'text' : null
}

function sentence(said: string): string {
  if (said === '') return 'it gave no reason.'
  return /[.!?]$/.test(said) ? said : `${said}.`
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
