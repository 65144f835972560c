import type { DateTime } from 'luxon'

/** One request to review, as far as it tells whether somebody had the time to answer it. */
export interface Asked {
  readonly askedAt: DateTime
  /** When they gave a verdict or passed it on; null: never. */
  readonly answeredAt: DateTime | null
  /** When an answer was no longer needed: somebody else had decided, or the request was withdrawn. */
  readonly settledAt: DateTime | null
}

/** How somebody's requests of the last weeks went. */
export interface Answers {
  readonly asked: number
  readonly answered: number
  /** How many of the latest were not answered, without one that was. */
  readonly inARow: number
  readonly lastAnsweredAt: DateTime | null
}

export const periodDays = 28

/** From so many in a row, admins are asked whether it is too much for somebody. */
export const tooMany = 3

/** Within a day anybody may have been at work or asleep: what was settled by then says nothing about those who were asked. */
const fairHours = 24

/**
 * Counts only requests that were answered, or that waited a whole day for an answer. A pool is asked so that the first
 * who has time answers; the others have left nothing undone.
 */
export function answersOf(requests: readonly Asked[], now: DateTime): Answers {
  const fair = requests
    .filter((each) => each.answeredAt !== null || (each.settledAt ?? now) >= each.askedAt.plus({ hours: fairHours }))
    .toSorted((a, b) => b.askedAt.toMillis() - a.askedAt.toMillis())
  const latest = fair.findIndex((each) => each.answeredAt !== null)
  return {
    asked: fair.length,
    answered: fair.filter((each) => each.answeredAt !== null).length,
    inARow: latest === -1 ? fair.length : latest,
    lastAnsweredAt: fair.reduce<DateTime | null>(
      (last, { answeredAt }) => (answeredAt !== null && (last === null || answeredAt > last) ? answeredAt : last),
      null,
    ),
  }
}

/** "Ben was asked 6 times in the last 28 days and answered 2; last answered on 3 November. …" */
export function answersSentence(name: string, answers: Answers, timeZone: string): string {
  const last = answers.lastAnsweredAt?.setZone(timeZone).setLocale('en-GB').toFormat('d LLLL')
  const asked = `${name} was asked ${answers.asked} times in the last ${periodDays} days and answered ${answers.answered}`
  return `${asked}${last === undefined ? '' : `; last answered on ${last}`}. Do you want to ask them whether it is too much?`
}
