import type { DateTime } from 'luxon'

import { type GraphFault, graphPublishOutcome, type GraphStep } from '../graph-answers.js'
import type { PublishOutcome } from '../platform.js'

/**
 * "Duplicate Post: duplicate posts cannot be published consecutively" (code 506,
 * https://developers.facebook.com/docs/graph-api/guides/error-handling), and "These photos were already posted" (subcode
 * 1366051, as seen by many and in no reference).
 */
export function isDuplicate({ status, code, subcode }: GraphFault): boolean {
  return status !== null && status < 500 && (code === 506 || subcode === 1366051)
}

/** The outcome of a publication whose call failed; a duplicate is decided by a look at the page. */
export function publishOutcomeOf(fault: GraphFault, step: GraphStep, now: DateTime): PublishOutcome {
  if (fault.status !== null && fault.status < 500) {
    const known = refusals.find(({ code, subcode }) => code === fault.code || subcode === fault.subcode)
    if (known) return { kind: 'rejected', cause: known.cause, field: known.field, detail: fault.detail }
  }
  return graphPublishOutcome('Facebook', fault, step, now)
}

/** What a page is told about content, beside what means the same everywhere. */
const refusals: readonly {
  readonly code?: number
  readonly subcode?: number
  readonly field: string
  readonly cause: string
}[] = [
  // "Error Posting Link: The link could not be scraped" (error-handling).
  {
    code: 1609005,
    field: 'link',
    cause: 'Facebook cannot read the page behind the link. Check the link, or leave the card out.',
  },
  { subcode: 1609005, field: 'link', cause: 'Facebook cannot read the page behind the link. Check the link.' },
  // "Missing or invalid image file" (graph-api/reference/page/photos, Error Codes).
  { code: 324, field: 'pictures', cause: 'Facebook cannot read a picture. Save it anew as JPEG or PNG.' },
  // "Photos should be smaller than 4 MB and saved as JPG, PNG".
  { subcode: 1366046, field: 'pictures', cause: 'A picture is too large for Facebook: it takes 4 MB, JPEG or PNG.' },
  // "There was a problem uploading your video file" (graph-api/reference/page/videos, Error Codes).
  { code: 390, field: 'video', cause: 'Facebook could not take the film. Make it MP4 with H.264 and AAC.' },
  { code: 352, field: 'video', cause: 'Facebook does not know this kind of film. Make it MP4 with H.264 and AAC.' },
]
