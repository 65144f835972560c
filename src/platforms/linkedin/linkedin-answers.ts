import { DateTime } from 'luxon'

import { retryAfter, secondsUntil } from '../pausing.js'
import type { ConnectOutcome, PublishOutcome, RetractOutcome } from '../platform.js'

/** How a call to LinkedIn failed. An `ApiFault` is one. */
export interface Failure {
  readonly status: number | null
  readonly sent: boolean
  readonly message: string
  readonly headers: Headers
  readonly body: unknown
  readonly detail: string
}

/** `prepare`: nothing public can come of the call (tokens, pictures). `publish`: the creating of the post. */
export type Step = 'prepare' | 'publish'

/**
 * What LinkedIn says went wrong: `{ status, code, serviceErrorCode, message, errorDetails: { inputErrors: [{ description,
 * code, input: { inputPath: { fieldPath } } }] } }`.
 * Source: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling
 */
function saidIn(body: unknown): { code: string; message: string; inputs: readonly string[]; path: string } {
  const whole = objectOf(body)
  const { inputErrors } = objectOf(whole.errorDetails)
  const errors = Array.isArray(inputErrors) ? inputErrors.map(objectOf) : []
  const path = objectOf(objectOf(errors[0]?.input).inputPath).fieldPath
  return {
    code: textOf(whole.code) || textOf(whole.error),
    // Java's name of the exception stands before the words.
    message: (textOf(whole.message) || textOf(whole.error_description)).replace(/^[\w.]+Exception: /, ''),
    inputs: errors
      .flatMap(({ description, code }) => [textOf(description), textOf(code)])
      .filter((text) => text !== ''),
    path: textOf(path),
  }
}

/**
 * The post that has these words already, when that is why LinkedIn refuses them.
 * Source of the words: github.com/ComposioHQ/composio/issues/2710, github.com/Arisamiga/Linkedin-RSS/issues/5
 */
export function duplicateOf({ status, body }: Failure): string | null {
  if (status !== 422 && status !== 400 && status !== 409) return null
  const { message } = saidIn(body)
  return /duplicate of (urn:li:(?:share|ugcPost):\d+)/.exec(message)?.[1] ?? null
}

/** When a share was made: its number begins with the milliseconds since 1970, as those who read the numbers found. */
export function madeAt(urn: string): DateTime | null {
  const number = /^urn:li:(?:share|ugcPost|activity):(\d{15,20})$/.exec(urn)?.[1]
  return number === undefined ? null : DateTime.fromMillis(Number(BigInt(number) >> 22n), { zone: 'utc' })
}

/** The outcome of a publication whose call failed; a duplicate is not decided here. */
export function publishOutcomeOf(failure: Failure, step: Step, now: DateTime): PublishOutcome {
  const { status, body, detail } = failure
  if (status === null || status >= 500) {
    const cause = status === null ? failure.message : `LinkedIn is out of order for the moment (${status}).`
    if (step === 'publish' && failure.sent) return { kind: 'unknown', cause, detail }
    return { kind: 'retry', cause, afterSeconds: null, detail }
  }
  const pause = pauseOf(failure, now)
  if (pause) return { kind: 'limited', ...pause, until: pause.until.toISO()!, detail }
  if (status === 401) return { ...signedOut(body), detail }
  const { message, inputs, path } = saidIn(body)
  // A token without the scope of pages gets 400 (github.com/jikig-ai/soleur/pull/4863).
  if (status === 403 || /permissions must be used/.test(message)) {
    const cause = `LinkedIn does not let this account post: ${sentence(message)} Look whether the account is restricted, whether its owner is still an administrator of the page, and whether the app has the product for it; then connect the channel again.`
    return { kind: 'blocked', cause, detail }
  }
  if (status === 404 && step === 'publish')
    return { kind: 'rejected', cause: 'LinkedIn no longer has the post that this one belongs to.', field: null, detail }
  const reason = inputs[0] ?? message
  return {
    kind: 'rejected',
    cause: `LinkedIn refused the post: ${sentence(reason)}`,
    field: fieldIn(path, reason),
    detail,
  }
}

/** 65600 invalid, 65601 revoked by the member, 65602 expired. */
function signedOut(body: unknown): { kind: 'unauthorized'; cause: string } {
  const code = Number(objectOf(body).serviceErrorCode)
  const why =
    code === 65601
      ? 'The permission for LinkedIn was taken back.'
      : code === 65602
        ? 'The permission for LinkedIn has ended, as it does after 60 days.'
        : 'LinkedIn no longer accepts the permission of this channel.'
  return { kind: 'unauthorized', cause: `${why} Connect it again.` }
}

/**
 * A pause, of the channel, whose app is the group's own; of all channels where the version of the API is at fault, which
 * the installation sets. Null when LinkedIn asks for none.
 */
export function pauseOf(
  { status, headers, body }: Failure,
  now: DateTime,
): { until: DateTime; scope: 'channel' | 'app'; cause: string } | null {
  const { message } = saidIn(body)
  if (status === 426) {
    const cause = `LinkedIn has retired the version of its API that is used here (${message}). Whoever runs this installation sets LINKEDIN_VERSION to a newer month, such as 202607; Seconder tries again every hour.`
    return { until: now.plus({ hours: 1 }), scope: 'app', cause }
  }
  if (status !== 429) return null
  // Limits are of a day in UTC, of the app or of the member; neither their number nor their end is told.
  // Source: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/rate-limits
  const until = retryAfter(headers, now) ?? now.toUTC().startOf('day').plus({ days: 1 })
  return { until, scope: 'channel', cause: 'LinkedIn asks for a pause: its limit for the day is reached.' }
}

/** The outcome of a deletion whose call failed; repeating one is always safe. */
export function retractOutcomeOf(failure: Failure, now: DateTime): RetractOutcome {
  const { status, body, message } = failure
  if (status === 404) return { kind: 'retracted' }
  if (status === null) return { kind: 'retry', cause: message, afterSeconds: null }
  if (status >= 500)
    return { kind: 'retry', cause: `LinkedIn is out of order for the moment (${status}).`, afterSeconds: null }
  const pause = pauseOf(failure, now)
  if (pause) return { kind: 'retry', cause: pause.cause, afterSeconds: secondsUntil(pause.until, now) }
  if (status === 401) return signedOut(body)
  return {
    kind: 'by-hand',
    cause: `LinkedIn does not delete it: ${sentence(saidIn(body).message)} Delete it at LinkedIn itself.`,
  }
}

/** What to tell the person who connects. */
export function connectRefusalOf({ status, body, message }: Failure): Extract<ConnectOutcome, { kind: 'refused' }> {
  const refused = (cause: string, field: string | null = null) => ({ kind: 'refused', cause, field }) as const
  const said = saidIn(body)
  if (status === null) return refused(`${message} Try again later.`)
  if (status >= 500) return refused(`LinkedIn is out of order for the moment (${status}). Try again later.`)
  if (status === 426) return refused(`LinkedIn has retired this version of its API: set LINKEDIN_VERSION anew.`)
  if (status === 429) return refused('LinkedIn’s limit for the day is reached. Try again after midnight UTC.')
  if (said.code === 'invalid_client' || said.code === 'unauthorized_client')
    return refused('LinkedIn does not know this client ID with this secret. Copy both again.', 'clientSecret')
  if (status === 403) {
    return refused(
      `LinkedIn does not let the app do this: ${sentence(said.message)} Add the product to the app, or leave the field for pages empty.`,
      'pages',
    )
  }
  return refused(`LinkedIn did not give its permission: ${sentence(said.message)} Start again.`)
}

function fieldIn(path: string, said: string): string | null {
  const where = `${path} ${said}`
  if (/altText/i.test(where)) return 'alt'
  if (/commentary|message\/text/i.test(where)) return 'text'
  if (/article|source/i.test(where)) return 'link'
  if (/video/i.test(where)) return 'video'
  return /content|media|image/i.test(where) ? 'pictures' : null
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
