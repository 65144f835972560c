import type { DateTime } from 'luxon'

import { retryAfter, secondsUntil } from './pausing.js'
import type { ConnectOutcome, FindOutcome, KeepAliveOutcome, PublishOutcome, RetractOutcome } from './platform.js'

/**
 * What Facebook, Instagram and Threads have in common: one way of saying no. Codes and subcodes are of
 * https://developers.facebook.com/docs/graph-api/guides/error-handling, the usage headers of
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting.
 */

/** A call that failed; an `ApiFault` is one. */
export interface Refusal {
  readonly message: string
  /** Null when no (whole) answer came. */
  readonly status: number | null
  /** False only if it is certain that the request never left. */
  readonly sent: boolean
  readonly headers: Headers
  readonly body: unknown
  readonly detail: string
}

/** A refusal in the words of the Graph API. */
export interface GraphFault {
  readonly status: number | null
  readonly sent: boolean
  readonly code: number | null
  readonly subcode: number | null
  readonly transient: boolean
  /** The words meant for people where there are some, else those meant for programmers; ends like a sentence. */
  readonly said: string
  readonly detail: string
  /** When the network says itself that calls are welcome again. */
  readonly pausedUntil: DateTime | null
}

/** `prepare`: nothing public can come of the call. `publish`: the call that makes it public. */
export type GraphStep = 'prepare' | 'publish'

/** What a code means; `refused` is everything about the content, and whatever is not known here. */
type GraphMeaning = 'broken' | 'unauthorized' | 'forbidden' | 'limited' | 'blocked' | 'refused'

/** An hour: the window in which Meta counts calls (rate-limiting overview). */
const PAUSE_MINUTES = 60

/** Codes that mean the same whatever was asked. Ranges include both ends. */
const meanings: readonly (readonly [from: number, to: number, GraphMeaning])[] = [
  // Instagram: "server error, try again", and media that take too long to be fetched or have expired
  // (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes).
  [-2, -1, 'broken'],
  // "API Unknown" and "API Service": possibly a temporary issue due to downtime.
  [1, 2, 'broken'],
  // "API Method": a capability or permission is missing.
  [3, 3, 'forbidden'],
  [4, 4, 'limited'],
  // "Permission is either not granted or has been removed."
  // The day's quota of posts (Instagram: subcode 2207042).
  [9, 9, 'limited'],
  [10, 10, 'forbidden'],
  [17, 17, 'limited'],
  [32, 32, 'limited'],
  // "API Session" and "Access token has expired".
  [102, 102, 'unauthorized'],
  [190, 190, 'unauthorized'],
  [200, 299, 'forbidden'],
  [341, 341, 'limited'],
  // "Temporarily blocked for policies violations."
  [368, 368, 'blocked'],
  [613, 613, 'limited'],
  // Limits of one business use case: 80001 pages, 80002 Instagram, 80006 messages and so on.
  [80000, 80014, 'limited'],
]

/** Reads a refused or failed call. */
export function graphFaultOf(refusal: Refusal, now: DateTime): GraphFault {
  const error = (refusal.body as { error?: unknown } | null)?.error as Record<string, unknown> | undefined
  const { code, error_subcode: subcode, error_user_msg: forPeople, message } = error ?? {}
  const said = [forPeople, message, refusal.message].find((words) => typeof words === 'string' && words.trim() !== '')
  return {
    status: refusal.status,
    sent: refusal.sent,
    code: typeof code === 'number' ? code : null,
    subcode: typeof subcode === 'number' ? subcode : null,
    transient: error?.is_transient === true,
    said: sentence(String(said)),
    detail: refusal.detail,
    pausedUntil: pausedUntil(refusal.headers, now),
  }
}

function pausedUntil(headers: Headers, now: DateTime): DateTime | null {
  const named = retryAfter(headers, now)
  if (named) return named
  // {"<id>": [{"call_count": 100, "estimated_time_to_regain_access": 19, …}]}, in minutes.
  const minutes = Object.values(usageIn(headers.get('x-business-use-case-usage')))
    .flatMap((cases) => (Array.isArray(cases) ? (cases as Record<string, unknown>[]) : []))
    .map((each) => Number(each.estimated_time_to_regain_access))
    .filter((each) => Number.isFinite(each) && each > 0)
  return minutes.length > 0 ? now.plus({ minutes: Math.max(...minutes) }) : null
}

function usageIn(header: string | null): Record<string, unknown> {
  try {
    const usage: unknown = JSON.parse(header ?? '{}')
    return typeof usage === 'object' && usage !== null ? (usage as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** What a fault means. A broken server's code means nothing: Threads answered 500 with code 10 to posts that went out. */
export function meaningOf({ status, code, transient }: GraphFault): GraphMeaning {
  if (status === null || status >= 500) return 'broken'
  const known = meanings.find(([from, to]) => code !== null && code >= from && code <= to)?.[2]
  if (known) return known
  if (transient) return 'broken'
  if (status === 401) return 'unauthorized'
  if (status === 429) return 'limited'
  return status === 403 && code === null ? 'blocked' : 'refused'
}

/** The outcome of a publication whose call failed. What a network words in its own way is decided before. */
export function graphPublishOutcome(
  network: string,
  fault: GraphFault,
  step: GraphStep,
  now: DateTime,
  field: string | null = null,
): PublishOutcome {
  const { said, detail } = fault
  switch (meaningOf(fault)) {
    case 'broken': {
      const cause = fault.status === null ? said : `${network} answered ${fault.status}: ${said}`
      if (step === 'publish' && fault.sent) return { kind: 'unknown', cause, detail }
      return { kind: 'retry', cause, afterSeconds: null, detail }
    }
    case 'unauthorized':
      return { kind: 'unauthorized', cause: noLongerAccepted(network, said), detail }
    case 'forbidden': {
      const cause = `${network} misses a permission: ${said} Connect the channel again and leave every permission on.`
      return { kind: 'unauthorized', cause, detail }
    }
    case 'limited':
      // Every channel may have an app of its own, so a limit of the app is one of the channel.
      return { ...limitedUntil(network, fault, now), scope: 'channel', detail }
    case 'blocked': {
      const cause = `${network} has stopped this account from posting: ${said} Look at the account’s status there.`
      return { kind: 'blocked', cause, detail }
    }
    case 'refused':
      return { kind: 'rejected', cause: `${network} refused the post: ${said}`, field, detail }
  }
}

function limitedUntil(network: string, { pausedUntil }: GraphFault, now: DateTime) {
  const until = (pausedUntil ?? now.plus({ minutes: PAUSE_MINUTES })).toISO()!
  return { kind: 'limited' as const, cause: `${network} asks for a pause: too much was sent.`, until }
}

/** The outcome of a deletion whose call failed; repeating one is always safe. `isMissing` is for the caller to settle. */
export function graphRetractOutcome(network: string, fault: GraphFault, now: DateTime): RetractOutcome {
  const { said } = fault
  switch (meaningOf(fault)) {
    case 'broken':
      return { kind: 'retry', cause: said, afterSeconds: null }
    case 'limited': {
      const afterSeconds = secondsUntil(fault.pausedUntil ?? now.plus({ minutes: PAUSE_MINUTES }), now)
      return { kind: 'retry', cause: `${network} asks for a pause: too much was sent.`, afterSeconds }
    }
    case 'unauthorized':
      return { kind: 'unauthorized', cause: noLongerAccepted(network, said) }
    default:
      return { kind: 'by-hand', cause: `${network} does not delete it: ${said} Delete the post at ${network} itself.` }
  }
}

/** What to tell the person who connects. */
export function graphConnectRefusal(network: string, fault: GraphFault): Extract<ConnectOutcome, { kind: 'refused' }> {
  const cause =
    meaningOf(fault) === 'broken'
      ? `${network} cannot be asked at the moment: ${fault.said} Try again later.`
      : `${network} refused: ${fault.said} Check the app’s id and secret, and begin again.`
  return { kind: 'refused', cause, field: null }
}

/** Why the network could not be asked, or that the channel has to be connected again. */
export function graphKeepAliveOutcome(network: string, fault: GraphFault): KeepAliveOutcome {
  const meaning = meaningOf(fault)
  if (meaning === 'broken' || meaning === 'limited') return { kind: 'retry', cause: fault.said }
  return { kind: 'unauthorized', cause: noLongerAccepted(network, fault.said) }
}

/**
 * The id of what a call has made.
 * @throws Error when the answer names none: then nobody knows what came of the call
 */
export function madeId(answer: unknown): string {
  const id = (answer as { id?: unknown } | null)?.id
  if (typeof id === 'string' && id !== '') return id
  throw new Error('The answer does not say what was made')
}

/** A look that failed. */
export function graphCannotTell(network: string, fault: GraphFault): FindOutcome {
  return { kind: 'cannot-tell', cause: `${network} could not be asked: ${fault.said}` }
}

/**
 * "Object with ID does not exist, cannot be loaded due to missing permissions, …" (100 with subcode 33), or that the
 * address leads nowhere (404, 803): which of these, only reading it can tell.
 */
export function isMissing({ status, code, subcode }: GraphFault): boolean {
  return status === 404 || code === 803 || (code === 100 && subcode === 33)
}

function noLongerAccepted(network: string, said: string): string {
  return `${network} no longer accepts the consent that was given: ${said} Connect the channel again.`
}

function sentence(words: string): string {
  const text = words.trim()
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
