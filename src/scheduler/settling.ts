import { DateTime } from 'luxon'

import type { PublishOutcome } from '../platforms/platform.js'
import { chance } from './chance.js'

/** Minutes between tries that are safe to repeat. */
const pauses = [1, 5, 15, 60]
/** After the slot, or until its window ends, a post still is what was planned. */
const freshMinutes = 30
/** A network that names a later moment is asked again then: it may be a slip, and nobody would notice for years. */
const longestPauseDays = 7
/** A network whose clock is behind names an end that is over: asked again at once, it would say so without end. */
const shortestPauseMinutes = 1

/** What a publication was when an attempt on it ended. */
export interface Sent {
  readonly publicationId: string
  /** Which attempt this was, from 1. */
  readonly attempt: number
  /** An attempt before this one may have become public: of a thread, the part with which this one ended. */
  readonly doubt: boolean
  /** Parts that are out: what was settled is the one after them. */
  readonly out: number
  readonly slot: DateTime
  readonly windowEnds: DateTime | null
}

/** What happens next to a publication. Sentences are for its editors. */
export type Step =
  | { readonly kind: 'published' }
  | { readonly kind: 'again'; readonly at: DateTime; readonly cause: string }
  /** Nothing more goes out on the channel, or on any channel of the network, until then. */
  | { readonly kind: 'pause'; readonly until: DateTime; readonly scope: 'channel' | 'app'; readonly cause: string }
  | { readonly kind: 'failed'; readonly cause: string; readonly nextStep: string }
  | { readonly kind: 'reconnect'; readonly cause: string }
  /** It may be public: look it up, not before then. */
  | { readonly kind: 'look'; readonly cause: string; readonly notBefore: DateTime }
  /** Parts of it are out, and the next one is not: it goes on from there, not before then. */
  | { readonly kind: 'go-on'; readonly cause: string; readonly notBefore: DateTime }
  /** It may be public, and sending once more is refused for good: only a person can tell. */
  | { readonly kind: 'ask'; readonly cause: string }

/** Until when a publication may still go out late. */
export function freshUntil(sent: Pick<Sent, 'slot' | 'windowEnds'>): DateTime {
  const soon = sent.slot.plus({ minutes: freshMinutes })
  return sent.windowEnds !== null && sent.windowEnds > soon ? sent.windowEnds : soon
}

/**
 * Decides after an attempt. Doubt is sticky: once bytes were sent without an answer, every later "no" only means that
 * this attempt did nothing, so the publication is looked up, or a person asked; it is neither failed nor planned again.
 * @param settlingSeconds how long the network takes until a look at it can be trusted
 */
export function decide(outcome: PublishOutcome, sent: Sent, now: DateTime, settlingSeconds: number): Step {
  if (outcome.kind === 'published') return { kind: 'published' }
  if (outcome.kind === 'unknown' || sent.doubt) return inDoubt(outcome, sent, now, settlingSeconds)
  if (sent.out > 0) return outInPart(outcome, sent, now)
  switch (outcome.kind) {
    case 'retry':
      return tryAgain(outcome, sent, now)
    case 'limited': {
      return { kind: 'pause', until: endOf(outcome, now), scope: outcome.scope, cause: outcome.cause }
    }
    case 'rejected':
      return {
        kind: 'failed',
        cause: outcome.cause,
        nextStep: 'Copy the post, mend what the network refused, and send the copy for review.',
      }
    case 'blocked':
      return {
        kind: 'failed',
        cause: outcome.cause,
        nextStep: 'Sign in at the network and do what it asks for; then copy the post.',
      }
    case 'unauthorized':
      return { kind: 'reconnect', cause: outcome.cause }
  }
}

/**
 * The part after those that are out did certainly not become public. It is never planned afresh: what is out can no
 * longer be changed, moved or cancelled.
 */
function outInPart(
  outcome: Exclude<PublishOutcome, { kind: 'published' | 'unknown' }>,
  sent: Sent,
  now: DateTime,
): Step {
  const { cause } = outcome
  switch (outcome.kind) {
    case 'retry':
      return { kind: 'go-on', cause, notBefore: pauseAfter(outcome, sent, now) }
    case 'limited':
      return { kind: 'go-on', cause, notBefore: endOf(outcome, now) }
    case 'unauthorized':
      return { kind: 'go-on', cause, notBefore: now }
    case 'rejected':
    case 'blocked': {
      const nextStep = 'Leave what is out, or take it down here; then copy the post and mend what the network refused.'
      return { kind: 'failed', cause, nextStep }
    }
  }
}

function inDoubt(
  outcome: Exclude<PublishOutcome, { kind: 'published' }>,
  sent: Sent,
  now: DateTime,
  settlingSeconds: number,
): Step {
  const settled = now.plus({ seconds: settlingSeconds })
  const { cause } = outcome
  switch (outcome.kind) {
    case 'unknown':
    case 'unauthorized':
      return { kind: 'look', cause, notBefore: settled }
    case 'retry':
      return { kind: 'look', cause, notBefore: later(settled, pauseAfter(outcome, sent, now)) }
    case 'limited': {
      return { kind: 'look', cause, notBefore: later(settled, endOf(outcome, now)) }
    }
    case 'rejected':
    case 'blocked':
      return { kind: 'ask', cause }
  }
}

/**
 * Why something that was sent without an answer, and that the network has not got, is not sent once more; as a sentence
 * for its editors, who are asked to look. Null when it is sent.
 */
export function whyNotAgain(sent: Pick<Sent, 'attempt' | 'slot' | 'windowEnds'>, now: DateTime): string | null {
  if (sent.attempt > pauses.length)
    return `It was sent ${sent.attempt} times without a clear answer, and the network does not show it.`
  if (now > freshUntil(sent))
    return 'The network does not show it, and its time is over, so it was not sent again without asking.'
  return null
}

function tryAgain(outcome: { cause: string; afterSeconds: number | null }, sent: Sent, now: DateTime): Step {
  const at = pauseAfter(outcome, sent, now)
  if (sent.attempt <= pauses.length && at <= freshUntil(sent)) return { kind: 'again', at, cause: outcome.cause }
  return {
    kind: 'failed',
    cause: `${outcome.cause} It was tried ${sent.attempt === 1 ? 'once' : `${sent.attempt} times`}.`,
    nextStep: 'Copy the post to send it at another time.',
  }
}

/** When it is safe and polite to try again. */
function pauseAfter(outcome: { afterSeconds: number | null }, sent: Sent, now: DateTime): DateTime {
  const minutes = pauses[sent.attempt - 1] ?? 0
  // Up to a fifth more, the same for the same attempt, so that many do not come back at one moment.
  const spread = 1 + (chance(`${sent.publicationId} ${sent.attempt}`) % 1000) / 5000
  return now.plus({ seconds: Math.ceil(Math.max(minutes * 60 * spread, outcome.afterSeconds ?? 0)) })
}

/** When a pause that a network asked for is over. */
function endOf({ until }: { until: string }, now: DateTime): DateTime {
  const [end, latest] = [DateTime.fromISO(until, { zone: 'utc' }), now.plus({ days: longestPauseDays })]
  if (!end.isValid || end > latest) return latest
  return later(end, now.plus({ minutes: shortestPauseMinutes }))
}

function later(one: DateTime, other: DateTime): DateTime {
  return one > other ? one : other
}
