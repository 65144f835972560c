import type { DateTime } from 'luxon'

import type { AuditHead } from '../audit/chain.js'
import type { Network } from '../platforms/platform.js'
import { responsesChart } from './chart.js'
import type { PublicationFact, SummaryFacts } from './facts.js'
import { type Need, needPieces, needsOf, nothingWaits, sentence } from './needs.js'
import { type Estimate, estimates, findingOf, topPosts, type TopPost, usualText } from './responses.js'
import { reviewFigures, type ReviewFigures } from './review-figures.js'
import { share } from './statistics.js'
import { type Bounds, bounds, datesOf } from './week.js'
import { count, duration, short } from './words.js'

/** What went out on one channel. */
export interface ChannelWeek {
  readonly channelName: string
  readonly network: Network
  readonly published: number
  /** Failed, missed, or not known to be there. */
  readonly failed: number
  /** How many went out within a minute of their slot; null when none went out. */
  readonly onTime: number | null
  readonly text: string
}

/** One group's week, in words and numbers: the mail and the page show the same. */
export interface Summary {
  readonly week: string
  /** Monday, `YYYY-MM-DD`. */
  readonly from: string
  /** Sunday, `YYYY-MM-DD`. */
  readonly to: string
  /** The group's name. */
  readonly group: string
  readonly headline: string
  /** Nothing went out and nothing waits: the headline says all. */
  readonly quiet: boolean
  readonly needsYou: readonly Need[]
  readonly wentOut: readonly ChannelWeek[]
  readonly top: readonly TopPost[]
  readonly usual: string
  readonly byWindow: readonly Estimate[]
  readonly byPicture: readonly Estimate[]
  readonly byLabel: readonly Estimate[]
  readonly review: ReviewFigures
  /** At most two suggestions for the next week, with their reasons. */
  readonly suggestions: readonly string[]
  /** A chart of `byWindow` as SVG that takes the colour of the text around it; empty when there is too little to draw. */
  readonly chartSvg: string
  readonly auditHead: AuditHead
  /** Made after the week was over, and never changed since. */
  readonly final: boolean
}

const onTimeSeconds = 60
const mostPieces = 3
const outStates = ['published', 'retracting', 'retracted']
const troubledStates = ['failed', 'missed', 'unconfirmed', 'in_doubt']

/** Sums up. Pure: the same facts give the same summary. */
export function summaryOf(facts: SummaryFacts): Summary {
  const { group, week, now } = facts
  const range = bounds(week, group.zone)
  const ofWeek = facts.publications.filter((each) => isIn(range, each))
  const out = ofWeek.filter(wentOut)
  const { bestWindow, ...kinds } = estimates(facts.publications, range, group.zone)
  const review = reviewFigures(facts.review, now)
  const quiet =
    !ofWeek.some((each) => wentOut(each) || troubledStates.includes(each.state)) &&
    facts.review.requests === 0 &&
    (facts.needs === null || nothingWaits(facts.needs))
  return {
    week,
    ...datesOf(week),
    group: group.name,
    headline: headlineOf(facts, new Set(out.map((each) => each.postId)).size, quiet),
    quiet,
    needsYou: facts.needs === null ? [] : needsOf(facts.needs, group, now),
    wentOut: channelWeeks(ofWeek, now),
    top: topPosts(out, range),
    usual: usualText(facts.publications, range),
    ...kinds,
    review,
    suggestions: suggestionsOf(kinds.byWindow, bestWindow, review),
    chartSvg: responsesChart(kinds.byWindow, { title: 'Responses by window', description: findingOf(kinds.byWindow) }),
    auditHead: facts.auditHead,
    final: facts.final,
  }
}

/** The summary as somebody sees who is no admin. */
export function withoutLoad(summary: Summary): Summary {
  return { ...summary, review: { ...summary.review, load: null } }
}

/** What went out counts by when it did, everything else by when it was to. */
function isIn({ start, end }: Bounds, { publishedAt, slot }: PublicationFact): boolean {
  const at = publishedAt ?? slot
  return at >= start && at < end
}

function wentOut({ state, publishedAt }: PublicationFact): boolean {
  return outStates.includes(state) && publishedAt !== null
}

function headlineOf({ group, needs, now }: SummaryFacts, posts: number, quiet: boolean): string {
  if (quiet) {
    const planned = needs?.channels.some((channel) => channel.lastPlanned !== null) ?? true
    return `${group.name}: a quiet week, nothing went out${needs ? ', nothing waits' : ''}${planned ? '' : ' and nothing is planned'}`
  }
  const first = posts === 0 ? 'nothing went out' : `${count(posts, 'post')} went out`
  const pieces = needs ? needPieces(needs, group.zone, now) : []
  return `${group.name}: ${[first, ...pieces].slice(0, mostPieces).join(', ')}`
}

function channelWeeks(ofWeek: readonly PublicationFact[], now: DateTime): ChannelWeek[] {
  return [...Map.groupBy(ofWeek, (each) => each.channelId).values()]
    .map((publications) => channelWeek(publications, now))
    .filter((each) => each.text !== '')
    .toSorted((a, b) => b.published - a.published || a.channelName.localeCompare(b.channelName, 'en-GB'))
}

function channelWeek(publications: readonly PublicationFact[], now: DateTime): ChannelWeek {
  const out = publications.filter(wentOut)
  const troubled = publications.filter((each) => troubledStates.includes(each.state))
  const planned = publications.filter((each) => each.state === 'planned' && each.slot > now).length
  const late = out.map(lateSeconds)
  const onTime = late.filter((seconds) => seconds <= onTimeSeconds).length
  const sentences = [
    ...(out.length > 0 ? [outText(out.length, out.length + troubled.length, onTime, Math.max(...late))] : []),
    ...(troubled.length > 0 ? [troubleText(troubled)] : []),
    ...takenDown(out),
    ...(planned > 0 ? [`${planned} more ${planned === 1 ? 'is' : 'are'} planned.`] : []),
  ]
  const { channelName, network } = publications[0]!
  return {
    channelName,
    network,
    published: out.length,
    failed: troubled.length,
    onTime: out.length > 0 ? onTime : null,
    text: sentences.join(' '),
  }
}

function outText(published: number, due: number, onTime: number, latest: number): string {
  const what = published === due ? count(published, 'post') : `${published} of ${due} posts`
  if (onTime === published) return `${what} went out, ${published === 1 ? '' : 'all '}on time.`
  const delay = `by up to ${duration(latest / 60)}`
  if (published === 1) return `${what} went out, late ${delay.replace('up to ', '')}.`
  if (onTime === 0) return `${what} went out, all late ${delay}.`
  return `${what} went out; ${share(onTime, published)} on time, the others late ${delay}.`
}

function troubleText(troubled: readonly PublicationFact[]): string {
  const causes = [...new Set(troubled.flatMap(({ cause }) => (cause ? [short(sentence(cause), 120)] : [])))].slice(0, 2)
  const open = troubled.filter((each) => ['unconfirmed', 'in_doubt'].includes(each.state)).length
  const failed = troubled.length - open
  return [
    ...(failed > 0
      ? [`${failed} did not go out${open === 0 && causes.length > 0 ? `: ${causes.join(' ')}` : '.'}`]
      : []),
    ...(open > 0 ? [`Of ${open} we do not know whether ${open === 1 ? 'it is' : 'they are'} there.`] : []),
  ].join(' ')
}

function takenDown(out: readonly PublicationFact[]): string[] {
  const n = out.filter((each) => each.state !== 'published').length
  return n === 0 ? [] : [`${n} ${n === 1 ? 'was' : 'were'} taken down again.`]
}

function lateSeconds({ publishedAt, slot }: PublicationFact): number {
  return publishedAt === null ? 0 : publishedAt.diff(slot, 'seconds').seconds
}

/** Said only where it is probable enough; a suggestion that is not is none. */
function suggestionsOf(byWindow: readonly Estimate[], best: string | null, review: ReviewFigures): string[] {
  const window = byWindow.find((each) => each.name === best)
  return [
    ...(window
      ? [
          `Try “${window.name}” for what matters most: posts there drew more than elsewhere (${count(window.n, 'post')}). ` +
            'That may lie in what they said rather than in the hour.',
        ]
      : []),
    ...((review.medianMinutes ?? 0) > 1440
      ? ['Send posts for review a day earlier, or ask one more reviewer: half of the answers took longer than a day.']
      : []),
  ].slice(0, 2)
}
