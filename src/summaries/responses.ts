import type { Counters, Network } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { type CountedFact, type PublicationFact, weeksBefore } from './facts.js'
import { clearlyBest, compare, type Comparison, logResponse, mean, median, responsesOf, typical } from './statistics.js'
import type { Bounds } from './week.js'
import { capital, count, figure, listed, opening } from './words.js'

/** What a kind of post drew: the typical post and its 80 % interval, in responses; null where there are too few. */
export interface Estimate {
  readonly name: string
  /** Posts counted. */
  readonly n: number
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly text: string
}

/** One of the posts that people responded to most. */
export interface TopPost {
  readonly postId: string
  readonly channelName: string
  readonly firstWords: string
  readonly url: string | null
  /** `at` is when they were read, ISO. */
  readonly counters: Counters & { readonly at: string }
  /** ISO. */
  readonly publishedAt: string
  readonly text: string
}

/** A post whose responses can be compared with those on other channels. */
interface Comparable {
  readonly publication: PublicationFact
  /** Log response, as if every channel had the same following. */
  readonly value: number
  readonly thisWeek: boolean
}

/** A channel with fewer earlier posts has no level of its own yet. */
const fewestOnChannel = 4
const mostRows = 8
const shownTop = 3

/** Reactions, replies and reposts together; null when the network told none of them. */
export function responses(counters: Counters): number | null {
  const told = [counters.reactions, counters.replies, counters.reposts].filter((each) => each !== null)
  return told.length === 0 ? null : told.reduce((sum, each) => sum + each, 0)
}

/**
 * Posts counted at 48 hours, each set off against what is usual on its channel: a channel with a hundred times the
 * followers would otherwise decide every comparison.
 */
function comparable(publications: readonly PublicationFact[], week: Bounds): Comparable[] {
  const counted = publications.flatMap((publication) => {
    const at = publication.publishedAt
    const drawn = publication.counters?.age === '48h' ? responses(publication.counters) : null
    if (at === null || drawn === null || at >= week.end) return []
    return [{ publication, log: logResponse(drawn), thisWeek: at >= week.start }]
  })
  const levels = new Map<string, number>()
  for (const [channel, posts] of Map.groupBy(counted, (each) => each.publication.channelId)) {
    const earlier = posts.filter((each) => !each.thisWeek)
    if (earlier.length >= fewestOnChannel) levels.set(channel, median(earlier.map((each) => each.log)) ?? 0)
  }
  const known = counted.filter((each) => levels.has(each.publication.channelId))
  if (known.length === 0) return []
  const common = mean(known.map((each) => levels.get(each.publication.channelId) ?? 0))
  return known.map(({ publication, log, thisWeek }) => ({
    publication,
    thisWeek,
    value: log - (levels.get(publication.channelId) ?? 0) + common,
  }))
}

/** Whether the week's posts drew as much as usual, as sentences; empty when nothing went out. */
export function usualText(publications: readonly PublicationFact[], week: Bounds): string {
  const out = publications.filter(
    ({ publishedAt }) => publishedAt !== null && publishedAt >= week.start && publishedAt < week.end,
  )
  if (out.length === 0) return ''
  const counted = out.filter(({ counters }) => counters?.age === '48h' && responses(counters) !== null).length
  if (counted === 0) return 'Responses at 48 hours are not available yet.'
  const young = out.length - counted
  const rest = young > 0 ? ` ${count(young, 'post')} ${young === 1 ? 'has' : 'have'} no count at 48 hours yet.` : ''
  const posts = comparable(publications, week)
  const result = compare(
    posts.filter((each) => each.thisWeek).map((each) => each.value),
    posts.filter((each) => !each.thisWeek).map((each) => each.value),
  )
  if (result === null) return `Too few posts to say whether this week was usual.${rest}`
  const { verdict } = result
  const words = { usual: 'as usual', more: 'more than usual', less: 'less than usual' }[verdict]
  const oneChannel = new Set(posts.map((each) => each.publication.channelId)).size === 1
  const { drew, band } = oneChannel ? inResponses(result) : inTimes(result)
  return `${drew} That is ${words}: by the ${weeksBefore} weeks before, ${band} is ordinary for as many posts.${rest}`
}

function inResponses({ here, low, high }: Comparison) {
  return {
    drew: `A typical post drew ${fine(responsesOf(here))} responses at 48 hours.`,
    band: `${fine(responsesOf(low))} to ${fine(responsesOf(high))}`,
  }
}

/** With one digit after the point, so that what lies outside the band does not look as if it lay on its edge. */
function fine(responses: number): string {
  return responses >= 100 ? figure(responses) : String(Math.round(responses * 10) / 10)
}

/** Over channels of different size only the comparison means something, not the number. */
function inTimes({ here, usual, low, high }: Comparison) {
  const times = (log: number) => Math.exp(log - usual).toFixed(1)
  return {
    drew: `A typical post drew ${times(here)} times what is usual on its channel at 48 hours.`,
    band: `${times(low)} to ${times(high)} times`,
  }
}

/** The posts of the week that drew most, at most three, with plain numbers. */
export function topPosts(publications: readonly PublicationFact[], week: Bounds): TopPost[] {
  return publications
    .flatMap((publication) => {
      const { publishedAt, counters } = publication
      const drawn = counters && responses(counters)
      if (publishedAt === null || publishedAt < week.start || publishedAt >= week.end || !counters || !drawn) return []
      return [{ publication, publishedAt, counters, drawn }]
    })
    .toSorted((a, b) => b.drawn - a.drawn || a.publishedAt.toMillis() - b.publishedAt.toMillis())
    .slice(0, shownTop)
    .map(({ publication, publishedAt, counters }) => ({
      postId: publication.postId,
      channelName: publication.channelName,
      firstWords: opening(publication.text, 70),
      url: publication.url,
      counters: {
        reactions: counters.reactions,
        replies: counters.replies,
        reposts: counters.reposts,
        clicks: counters.clicks,
        impressions: counters.impressions,
        at: isoOf(counters.takenAt),
      },
      publishedAt: isoOf(publishedAt),
      text: `${capital(countersText(publication.network, counters))}, ${countedAt(counters.age)}.`,
    }))
}

/** The typical response by window, by picture and by label, over this week and the weeks before. */
export function estimates(publications: readonly PublicationFact[], week: Bounds, zone: string) {
  const posts = comparable(publications, week)
  const byWindow = rows(arms(posts, ({ publication }) => [windowArm(publication, zone)]))
  const inWindows = posts.filter(({ publication }) => publication.windowName !== null)
  return {
    byWindow,
    byPicture: rows(
      arms(posts, ({ publication }) => [publication.hasPicture ? 'with a picture' : 'without a picture']),
    ),
    byLabel: rows(arms(posts, ({ publication }) => publication.labels)),
    bestWindow: clearlyBest(arms(inWindows, ({ publication }) => [windowArm(publication, zone)])),
  }
}

/** "12 reactions, 3 replies, reposts not available": what the network can tell, and what it did not. */
export function countersText(network: Network, counters: Counters): string {
  const names: Record<keyof Counters, [string, string]> = {
    reactions: ['reaction', 'reactions'],
    replies: ['reply', 'replies'],
    reposts: ['repost', 'reposts'],
    clicks: ['click', 'clicks'],
    impressions: ['view', 'views'],
  }
  const offered = platformRules[network].capabilities.metrics
  const told = (Object.keys(names) as (keyof Counters)[]).flatMap((name) => {
    const value = counters[name]
    if (value !== null) return [count(value, ...names[name])]
    return offered.includes(name) ? [`${names[name][1]} not available`] : []
  })
  return told.length === 0 ? 'counts not available' : told.join(', ')
}

function countedAt(age: CountedFact['age']): string {
  if (age === '48h') return 'as counted at 48 hours'
  return `as counted at ${age === '24h' ? '24 hours' : 'one hour'}, as there is no later count yet`
}

function windowArm({ windowName, slot }: PublicationFact, zone: string): string {
  if (windowName === null) return 'exact time'
  return slot.setZone(zone).weekday > 5 ? `${windowName} (weekend)` : windowName
}

function arms(posts: readonly Comparable[], namesOf: (post: Comparable) => readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const post of posts) {
    for (const name of new Set(namesOf(post))) found.set(name, [...(found.get(name) ?? []), post.value])
  }
  return found
}

/** The kinds with the most posts come first. */
function rows(found: ReadonlyMap<string, readonly number[]>): Estimate[] {
  return [...found]
    .toSorted(([one, a], [other, b]) => b.length - a.length || one.localeCompare(other, 'en-GB'))
    .slice(0, mostRows)
    .map(([name, logs]) => estimate(name, logs))
}

function estimate(name: string, logs: readonly number[]): Estimate {
  const interval = typical(logs)
  const posts = count(logs.length, 'post')
  if (interval === null) {
    return {
      name,
      n: logs.length,
      mean: null,
      low: null,
      high: null,
      text: `${capital(name)}: too few posts to say (${posts}).`,
    }
  }
  const { mean: middle, low, high } = interval
  return {
    name,
    n: logs.length,
    ...interval,
    text: `${capital(name)}: typically ${responsesText(middle)} a post, probably ${figure(low)} to ${figure(high)} (${posts}).`,
  }
}

/** What the chart shows, in one sentence, for those who do not see it. */
export function findingOf(found: readonly Estimate[]): string {
  const told = found.filter((each) => each.mean !== null)
  const few = found.length - told.length
  const parts = told.map(
    (each) => `${each.name} ${figure(each.mean ?? 0)} (${figure(each.low ?? 0)} to ${figure(each.high ?? 0)})`,
  )
  if (parts.length === 0) return 'Too few posts to say.'
  return `Typical responses a post, with the 80 % range: ${listed(parts)}.${few > 0 ? ' Of the others there are too few posts to say.' : ''}`
}

function responsesText(value: number): string {
  const said = figure(value)
  return said === '1' ? '1 response' : `${said} responses`
}

function isoOf(instant: CountedFact['takenAt']): string {
  return instant.toUTC().toISO() ?? ''
}
