import type { DateTime } from 'luxon'

import type { ReviewFacts } from './facts.js'
import { median, share } from './statistics.js'
import { count, duration } from './words.js'

/** How review went in the week. Times are minutes from asking to the first answer of anybody. */
export interface ReviewFigures {
  readonly requests: number
  readonly medianMinutes: number | null
  readonly slowestMinutes: number | null
  /** A sentence; null when nothing was sent for review, or it is too early to say. */
  readonly within24: string | null
  readonly caught: string
  /** For admins; null for everybody else. */
  readonly load: readonly { readonly name: string; readonly asked: number; readonly answered: number }[] | null
}

const dayMinutes = 1440

export function reviewFigures(facts: ReviewFacts, now: DateTime): ReviewFigures {
  const minutes = facts.rounds.flatMap(({ askedAt, answeredAt }) =>
    answeredAt ? [answeredAt.diff(askedAt, 'minutes').minutes] : [],
  )
  return {
    requests: facts.requests,
    medianMinutes: rounded(median(minutes)),
    slowestMinutes: rounded(minutes.length > 0 ? Math.max(...minutes) : null),
    within24: within24(facts, now),
    caught: caughtText(facts),
    load: facts.load,
  }
}

/** The figures in sentences, for the mail. */
export function reviewSentences(review: ReviewFigures): string[] {
  if (review.requests === 0) return [review.caught]
  const asked = `Reviewers were asked ${review.requests === 1 ? 'once' : `${review.requests} times`}.`
  const { medianMinutes, slowestMinutes } = review
  const answers =
    medianMinutes === null || slowestMinutes === null
      ? 'Nobody has answered yet.'
      : medianMinutes === slowestMinutes
        ? `The answer came after ${duration(medianMinutes)}.`
        : `Half of the answers came within ${duration(medianMinutes)}, the slowest after ${duration(slowestMinutes)}.`
  return [asked, answers, ...(review.within24 ? [review.within24] : []), review.caught]
}

/** What was asked less than a day ago and not answered may still be answered in time: it does not count yet. */
function within24(facts: ReviewFacts, now: DateTime): string | null {
  const known = facts.rounds.filter(
    ({ askedAt, answeredAt }) => answeredAt !== null || now.diff(askedAt, 'minutes').minutes > dayMinutes,
  )
  if (known.length === 0) return null
  const quick = known.filter(
    ({ askedAt, answeredAt }) => answeredAt !== null && answeredAt.diff(askedAt, 'minutes').minutes <= dayMinutes,
  ).length
  if (known.length === 1) return `One post was ${quick === 1 ? '' : 'not '}answered within 24 hours.`
  const told = share(quick, known.length)
  return `${told.charAt(0).toUpperCase()}${told.slice(1)} posts ${quick === 1 && known.length < 20 ? 'was' : 'were'} answered within 24 hours.`
}

function caughtText({ requests, sentBack, stopped }: ReviewFacts): string {
  const parts = [
    ...(sentBack > 0 ? [`sent ${count(sentBack, 'post')} back for changes`] : []),
    ...(stopped > 0 ? [`stopped ${count(stopped, 'post')}`] : []),
  ]
  if (parts.length > 0) return `Review caught something: it ${parts.join(' and ')}.`
  return requests === 0 ? 'No post was sent for review.' : 'Review sent nothing back and stopped nothing.'
}

function rounded(minutes: number | null): number | null {
  return minutes === null ? null : Math.round(minutes)
}
