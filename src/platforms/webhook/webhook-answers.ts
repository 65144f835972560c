import type { DateTime } from 'luxon'

import { retryAfter, secondsUntil } from '../pausing.js'
import type { ConnectOutcome, PublishOutcome, RetractOutcome } from '../platform.js'

/** How a delivery failed. */
export interface Fault {
  /** HTTP status; null when no whole answer came. */
  readonly status: number | null
  /** False only if it is certain that not one byte left. */
  readonly sent: boolean
  readonly headers: Headers
  readonly body: unknown
  readonly message: string
  /** The raw answer, for admins. */
  readonly detail: string
}

/** The outcome of a post whose delivery failed. Source for 410, 429 and 5xx: https://www.standardwebhooks.com, "Responses" */
export function publishOutcomeOf(fault: Fault, now: DateTime): PublishOutcome {
  const { status, detail } = fault
  if (status === null || status >= 500 || status === 408) {
    const cause = status === null ? fault.message : `The receiver broke down while it took the post (${status}).`
    return fault.sent ? { kind: 'unknown', cause, detail } : { kind: 'retry', cause, afterSeconds: null }
  }
  if (status === 429 || status === 425) {
    const until = (retryAfter(fault.headers, now) ?? now.plus({ minutes: 5 })).toISO()!
    return { kind: 'limited', cause: 'The receiver asks for a pause.', until, scope: 'channel' }
  }
  const closed = closedWith(status)
  if (closed) return { kind: 'unauthorized', cause: closed, detail }
  if (status === 403)
    return {
      kind: 'blocked',
      cause: `The receiver does not want this post${reasonIn(fault)}. Ask whoever runs it.`,
      detail,
    }
  return {
    kind: 'rejected',
    cause: `The receiver refused the post (${status})${reasonIn(fault)}.`,
    field: null,
    detail,
  }
}

export function retractOutcomeOf(fault: Fault, now: DateTime): RetractOutcome {
  const { status } = fault
  if (status === 404 || status === 410) return { kind: 'retracted' }
  if (status === null || status >= 500 || status === 408)
    return { kind: 'retry', cause: fault.message, afterSeconds: null }
  if (status === 429 || status === 425) {
    const until = retryAfter(fault.headers, now)
    return { kind: 'retry', cause: 'The receiver asks for a pause.', afterSeconds: until && secondsUntil(until, now) }
  }
  const closed = closedWith(status)
  if (closed) return { kind: 'unauthorized', cause: closed }
  return { kind: 'by-hand', cause: `The receiver does not delete posts (${status}). Delete it where it became public.` }
}

/** What to tell the person who connects. */
export function connectRefusalOf(fault: Fault): ConnectOutcome {
  const refused = (cause: string, field: string): ConnectOutcome => ({ kind: 'refused', cause, field })
  const { status } = fault
  if (status === null) return refused(`${fault.message} Check the address.`, 'address')
  if (status === 401)
    return refused('The receiver does not accept our signature. Check that it has the same secret.', 'secret')
  if (isMoved(status)) return refused('This address only leads to another one. Enter that one.', 'address')
  return refused(`The receiver answered ${status} to our greeting; it has to answer 200${reasonIn(fault)}.`, 'address')
}

function closedWith(status: number): string | null {
  if (status === 401)
    return 'The receiver no longer accepts our signature. Connect the channel again with the secret that it has.'
  if (status === 410) return 'The receiver says that it is closed. Connect the channel again when it is open.'
  if (isMoved(status)) return 'The receiver has moved to another address. Connect the channel again with that one.'
  return null
}

/** A signed post is never carried on to an address that nobody entered. */
function isMoved(status: number): boolean {
  return status >= 300 && status < 400
}

/** `{ "error": "…" }`, if the receiver says why. */
function reasonIn({ body }: Fault): string {
  const said = (body as { error?: unknown } | null)?.error
  return typeof said === 'string' ? `: ${said.slice(0, 300).replace(/[.\s]+$/, '')}` : ''
}
