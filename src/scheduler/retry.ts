import { DateTime } from 'luxon'
import type { FindOutcome, PublishOutcome } from '../platforms/platform.js'
import { chance } from './chance.js'
import { freshUntil, isFresh, type Timeliness } from './freshness.js'

/** What is known of a publication when an attempt has ended. */
export interface Attempted extends Timeliness {
  readonly publicationId: string
  /** Attempts so far, this one counted. */
  readonly tries: number
  /** Whether an attempt before this one may have become public. */
  readonly doubt: boolean
  /** Seconds after which the network's own listing can be trusted. */
  readonly settlingSeconds: number
}

/**
 * What happens next. Where a step leaves the publication waiting, `state` says in which state: never `planned` while
 * an attempt is in doubt.
 */
export type NextStep =
  | { readonly kind: 'published'; readonly remoteId: string; readonly url: string; readonly at: string }
  | { readonly kind: 'retry'; readonly state: 'planned'; readonly at: DateTime; readonly cause: string }
  /** The channel, or every channel of the network, pauses until then; the queue behind keeps order and gaps. */
  | {
      readonly kind: 'limited'
      readonly state: 'planned' | 'in_doubt'
      readonly scope: 'channel' | 'app'
      readonly until: DateTime
      readonly cause: string
    }
  | { readonly kind: 'failed'; readonly cause: string; readonly nextStep: string }
  /** The channel waits for a person to connect it again; its posts wait with it. */
  | { readonly kind: 'to-reconnect'; readonly state: 'planned' | 'in_doubt'; readonly cause: string; readonly nextStep: string }
  /** Look at the network at `lookAt`, before anything else. */
  | { readonly kind: 'in-doubt'; readonly lookAt: DateTime; readonly cause: string }
  /** We cannot know; a person looks and answers. */
  | { readonly kind: 'unconfirmed'; readonly cause: string; readonly nextStep: string }

/** Minutes before the second, third, fourth and fifth attempt. */
const delays = [1, 5, 15, 60]
/** Share of a delay that is added at most, so that many posts of one outage do not come back together. */
const jitter = 0.2
/** How long a network pauses that names no time that can be read. */
const pauseMinutes = 15

const lookAndSay = 'Look at the channel, and say whether the post is there.'
const newTime = 'Choose a new time to try again, or cancel it.'

/** Decides after an attempt. Doubt is sticky: only the network's own list, or a person, ends it. */
export function afterAttempt(outcome: PublishOutcome, attempted: Attempted, now: DateTime): NextStep {
  switch (outcome.kind) {
    case 'published':
      return { kind: 'published', remoteId: outcome.remoteId, url: outcome.url, at: outcome.at }
    case 'unknown':
      return lookAgain(outcome.cause, attempted, now, now.plus({ seconds: attempted.settlingSeconds }))
    case 'retry':
      return again(outcome.cause, outcome.afterSeconds, attempted, now)
    case 'limited':
      return {
        kind: 'limited',
        state: attempted.doubt ? 'in_doubt' : 'planned',
        scope: outcome.scope,
        until: pauseUntil(outcome.until, now),
        cause: outcome.cause,
      }
    case 'rejected':
      // A network may refuse a repeat because the first one is there.
      return attempted.doubt
        ? unconfirmed(outcome.cause)
        : { kind: 'failed', cause: outcome.cause, nextStep: 'Change the post so that the network accepts it, and send it for review again.' }
    case 'blocked':
      return attempted.doubt
        ? unconfirmed(outcome.cause)
        : { kind: 'failed', cause: outcome.cause, nextStep: 'Sign in at the network and do what it asks, then choose a new time.' }
    case 'unauthorized':
      return {
        kind: 'to-reconnect',
        state: attempted.doubt ? 'in_doubt' : 'planned',
        cause: outcome.cause,
        nextStep: 'An admin connects the channel again in the settings. Its posts wait until then.',
      }
  }
}

/** What a look at the network leads to. */
export type AfterLooking =
  | Extract<NextStep, { kind: 'published' | 'in-doubt' | 'unconfirmed' }>
  /** Send once more, with the same key. */
  | { readonly kind: 'send-again' }

/**
 * Decides after a look at the network for a publication in doubt.
 * @param sentAt when its last attempt ended; before the settling time is over an absence proves nothing
 */
export function afterLooking(found: FindOutcome, attempted: Attempted, sentAt: DateTime, now: DateTime): AfterLooking {
  switch (found.kind) {
    case 'found':
      return { kind: 'published', remoteId: found.remoteId, url: found.url, at: found.at }
    case 'cannot-tell':
      return unconfirmed(found.cause)
    case 'absent': {
      const settled = sentAt.plus({ seconds: attempted.settlingSeconds })
      if (now < settled) return { kind: 'in-doubt', lookAt: settled, cause: 'The network may not show it yet.' }
      if (attempted.tries > delays.length) {
        return unconfirmed('It was sent several times without a clear answer, and the network does not show it.')
      }
      if (!isFresh(attempted, now)) {
        return unconfirmed('The network does not show it, and it is too late to send it again without asking.')
      }
      return { kind: 'send-again' }
    }
  }
}

/** When the attempt after `tries` attempts is made, at the earliest; the same every time it is asked. */
export function retryAt(publicationId: string, tries: number, afterSeconds: number | null, now: DateTime): DateTime {
  const minutes = delays[Math.min(tries, delays.length) - 1] ?? delays[0]!
  const extra = (chance(`${publicationId} ${tries}`) / 0x1_0000_0000) * jitter
  return now.plus({ seconds: Math.max(minutes * 60, afterSeconds ?? 0) * (1 + extra) })
}

function again(cause: string, afterSeconds: number | null, attempted: Attempted, now: DateTime): NextStep {
  const at = retryAt(attempted.publicationId, attempted.tries, afterSeconds, now)
  // This attempt did nothing, but one before it may have: look, and only then send again.
  if (attempted.doubt) return lookAgain(cause, attempted, now, at)
  if (attempted.tries > delays.length) {
    return { kind: 'failed', cause: `${cause} It was tried ${attempted.tries} times.`, nextStep: newTime }
  }
  if (at > freshUntil(attempted) || !isFresh(attempted, at)) {
    return { kind: 'failed', cause: `${cause} Its time passes before it can be tried again.`, nextStep: newTime }
  }
  return { kind: 'retry', state: 'planned', at, cause }
}

function lookAgain(cause: string, attempted: Attempted, now: DateTime, at: DateTime): NextStep {
  const settled = now.plus({ seconds: attempted.settlingSeconds })
  return { kind: 'in-doubt', lookAt: at < settled ? settled : at, cause }
}

function unconfirmed(cause: string): Extract<NextStep, { kind: 'unconfirmed' }> {
  return { kind: 'unconfirmed', cause, nextStep: lookAndSay }
}

function pauseUntil(until: string, now: DateTime): DateTime {
  const said = DateTime.fromISO(until, { zone: 'utc' })
  if (!said.isValid) return now.plus({ minutes: pauseMinutes })
  const least = now.plus({ minutes: 1 })
  return said < least ? least : said
}
