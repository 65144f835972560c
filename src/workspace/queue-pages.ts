import { DateTime } from 'luxon'

import { DomainError } from '../kernel/domain-error.js'

/** Where one way through a group's posts has come to: the last instant that was read, to the microsecond, and its post. */
export interface Place {
  readonly at: string
  readonly id: string
}

/**
 * The open posts of a group are read in several ways at once, each to be gone on with by itself, so that no section is
 * kept behind a page of another: publications in trouble (one that nobody else has said to have seen taken down, too),
 * the latest first; what is agreed to, and what waits for an answer, the next slot first; what waits without a slot, and
 * drafts, the newest change first.
 */
export const ways = ['troubled', 'planned', 'waiting', 'unplaced', 'drafts'] as const
export type Way = (typeof ways)[number]

/** Where each way goes on; null where nothing is left of it. */
export type Places = { readonly [Each in Way]: Place | null }

const none = '-'
const written = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)_([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/

/** @returns what the next page is asked for with; null when this one was the last */
export function writePlaces(places: Places): string | null {
  if (ways.every((way) => places[way] === null)) return null
  return ways.map((way) => (places[way] ? `${places[way].at}_${places[way].id}` : none)).join('~')
}

/**
 * @param text what was asked for; who asks twice in one address gives a list
 * @throws DomainError for what no page has given
 */
export function readPlaces(text: string | readonly string[]): Places {
  const parts = typeof text === 'string' ? text.split('~') : []
  const [troubled, planned, waiting, unplaced, drafts] = parts.map(readPlace)
  const isWhole =
    parts.length === ways.length &&
    troubled !== undefined &&
    planned !== undefined &&
    waiting !== undefined &&
    unplaced !== undefined &&
    drafts !== undefined
  if (!isWhole)
    throw new DomainError(
      'no-such-page',
      `"${text.toString()}" is no place in the queue to go on from. Give the "more" of the page before as it was answered.`,
    )
  return { troubled, planned, waiting, unplaced, drafts }
}

function readPlace(text: string): Place | null | undefined {
  if (text === none) return null
  const [, at, id] = written.exec(text) ?? []
  // The database has no year 0.
  return at && id && DateTime.fromISO(at, { zone: 'utc' }).year > 0 ? { at, id } : undefined
}
