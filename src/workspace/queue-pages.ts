import { DateTime } from 'luxon'

import { DomainError } from '../kernel/domain-error.js'

/** Where one way through a group's posts has come to: the last instant that was read, to the microsecond, and its post. */
export interface Place {
  readonly at: string
  readonly id: string
}

/**
 * The open posts of a group are read in three ways at once, each to be gone on with by itself: publications in trouble
 * (one that nobody else has said to have seen taken down, too), the latest first; those that are still to come, the next first; and posts without either, the newest change first. So
 * what is next is never behind a page of what only changed lately.
 */
export const ways = ['troubled', 'upcoming', 'unplaced'] as const
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

/** @throws DomainError for what no page has given */
export function readPlaces(text: string): Places {
  const parts = text.split('~')
  const [troubled, upcoming, unplaced] = parts.map(readPlace)
  if (parts.length !== ways.length || troubled === undefined || upcoming === undefined || unplaced === undefined)
    throw new DomainError(
      'no-such-page',
      `"${text}" is no place in the queue to go on from. Give the "more" of the page before as it was answered.`,
    )
  return { troubled, upcoming, unplaced }
}

function readPlace(text: string): Place | null | undefined {
  if (text === none) return null
  const [, at, id] = written.exec(text) ?? []
  return at && id && DateTime.fromISO(at).isValid ? { at, id } : undefined
}
