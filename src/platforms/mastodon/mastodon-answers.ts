import { DateTime } from 'luxon'

import { retryAfter, secondsUntil } from '../pausing.js'
import type { PublishOutcome, RetractOutcome } from '../platform.js'

/** How a call to a server failed. */
export interface Failure {
  /** HTTP status, or null when no (whole) answer came. */
  readonly status: number | null
  /** False only if it is certain that the request never left. */
  readonly sent: boolean
  readonly message: string
  readonly headers: Headers
  readonly body: unknown
  readonly detail: string
}

export const noQuotes = 'This server has no quotes, which came with Mastodon 4.5.'

/** `prepare`: nothing public can come of the call (media, looking). `publish`: the making of the status. */
export type Step = 'prepare' | 'publish'

/** The server's own words: `{ "error": "…" }`, and for OAuth `error_description`. https://docs.joinmastodon.org/entities/Error/ */
export function wordsOf(body: unknown): string {
  const { error, error_description: description } = (body ?? {}) as Record<string, unknown>
  for (const words of [description, error]) if (typeof words === 'string' && words !== '') return words.slice(0, 300)
  return ''
}

/**
 * Until when to pause. `X-RateLimit-Reset` is an ISO instant (https://docs.joinmastodon.org/api/rate-limits/), and a
 * proxy before the server may say `Retry-After`: the later counts. Five minutes, Mastodon's own window, when neither is there.
 */
export function pausedUntil(headers: Headers, now: DateTime): DateTime {
  const reset = DateTime.fromISO(headers.get('x-ratelimit-reset') ?? '', { zone: 'utc' })
  const moments = [retryAfter(headers, now), reset.isValid && reset > now ? reset : null].filter(
    (moment): moment is DateTime => moment !== null,
  )
  return moments.length > 0 ? DateTime.max(...(moments as [DateTime])) : now.plus({ minutes: 5 })
}

/** The outcome of a publication whose call failed. */
export function publishOutcomeOf(failure: Failure, step: Step, now: DateTime): PublishOutcome {
  const { status, body, detail } = failure
  const words = wordsOf(body)
  if (status === null || status >= 500) {
    if (step === 'publish' && failure.sent) return { kind: 'unknown', cause: said(failure), detail }
    return { kind: 'retry', cause: said(failure), afterSeconds: null, detail }
  }
  switch (status) {
    case 401:
      return { kind: 'unauthorized', cause: loggedOut(words), detail }
    case 403:
      if (/scope/i.test(words)) return { kind: 'unauthorized', cause: lacksScopes, detail }
      return {
        kind: 'blocked',
        cause: `The server does not let this account post${quoted(words)}. Look at the account there.`,
        detail,
      }
    case 404:
    case 410:
      return {
        kind: 'rejected',
        cause: `The server knows nothing of what this post refers to${quoted(words)}: the post that it answers or passes on may be gone.`,
        field: null,
        detail,
      }
    case 413:
      return { kind: 'rejected', cause: 'The server finds a picture or film too large.', field: 'pictures', detail }
    case 422:
      if (/not finished processing/i.test(words))
        return { kind: 'retry', cause: 'The server is still at work on a picture or film.', afterSeconds: 60, detail }
      return {
        kind: 'rejected',
        cause: `The server refused the ${step === 'prepare' ? 'picture or film' : 'post'}${quoted(words)}.`,
        field: step === 'prepare' ? 'pictures' : fieldIn(words),
        detail,
      }
    case 429: {
      const until = pausedUntil(failure.headers, now).toISO()!
      return {
        kind: 'limited',
        cause: 'The server asks for a pause: too much was sent.',
        until,
        scope: 'channel',
        detail,
      }
    }
    default:
      if (status < 400)
        return {
          kind: 'blocked',
          cause: `The server has moved (it answered ${status}). Connect the channel again.`,
          detail,
        }
      return { kind: 'rejected', cause: `${said(failure)} Nothing was posted.`, field: null, detail }
  }
}

/** The outcome of a deletion whose call failed; repeating one is always safe. */
export function retractOutcomeOf(failure: Failure, now: DateTime): RetractOutcome {
  const { status } = failure
  // Deleted before, by us or by somebody else: a server says so with 404, or keeps a grave (410).
  if (status === 404 || status === 410) return { kind: 'retracted' }
  if (status === null || status >= 500) return { kind: 'retry', cause: said(failure), afterSeconds: null }
  if (status === 429) {
    // 30 deletions in 30 minutes (https://docs.joinmastodon.org/api/rate-limits/).
    const afterSeconds = secondsUntil(pausedUntil(failure.headers, now), now)
    return { kind: 'retry', cause: 'The server asks for a pause: too much was deleted.', afterSeconds }
  }
  const words = wordsOf(failure.body)
  if (status === 401) return { kind: 'unauthorized', cause: loggedOut(words) }
  if (status === 403 && /scope/i.test(words)) return { kind: 'unauthorized', cause: lacksScopes }
  return { kind: 'by-hand', cause: `${said(failure)} Delete the post on the server itself.` }
}

const lacksScopes = 'The server says that Seconder may not do this with the account. Connect the channel again.'

function loggedOut(words: string): string {
  return `The server no longer accepts what it gave to Seconder${quoted(words)}. Connect the channel again.`
}

/** A failed call as a sentence. */
export function said({ status, message, body }: Failure): string {
  if (status === null) return /[.!?]$/.test(message) ? message : `${message}.`
  return `The server answered ${status}${quoted(wordsOf(body))}.`
}

function quoted(words: string): string {
  return words === '' ? '' : ` (“${words.replace(/[.\s]+$/, '')}”)`
}

/** "Validation failed: Text character limit of 500 exceeded": the attribute comes first. Source: config/locales/en.yml. */
function fieldIn(words: string): string | null {
  if (/\btext\b/i.test(words)) return 'text'
  if (/\b(media|images?|files?|attach)\b/i.test(words)) return 'pictures'
  return /visibility/i.test(words) ? 'visibility' : null
}
