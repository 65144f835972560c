import { composeMail, type MailPart } from '../mail/mail-layout.js'
import { type ChartOptions, chartWidth, responsesChart } from './chart.js'
import { type Estimate, findingOf } from './responses.js'
import { reviewSentences } from './review-figures.js'
import type { Summary } from './summary.js'
import { isWeek, spokenWeek } from './week.js'
import { capital, figure, short } from './words.js'

/** A summary as a mail: `chart` is an SVG to attach under `chartCid`, or null when there is nothing to draw. */
export interface SummaryMail {
  readonly subject: string
  /** The headline without the group, which stands above it. */
  readonly title: string
  readonly parts: readonly MailPart[]
  readonly footer: string
  readonly chart: string | null
}

/** Where the links of a mail lead, as whole addresses. */
export interface MailLinks {
  /** Scheme and host, before the workspace's paths. */
  readonly origin: string
  readonly slug: string
  readonly unsubscribe: string
}

export const chartCid = 'responses-by-window'

/** People read a mail of this many words to its end. Addresses are not counted. */
export const mostWords = 350

/** How much of each section there is room for; each step says less than the one before. */
const fits = [
  { needs: 8, channels: 8, windows: 6, kinds: 4, load: 8, words: 70 },
  { needs: 8, channels: 6, windows: 5, kinds: 2, load: 6, words: 60 },
  { needs: 6, channels: 5, windows: 4, kinds: 0, load: 5, words: 50 },
  { needs: 6, channels: 5, windows: 3, kinds: 0, load: 4, words: 40 },
  { needs: 5, channels: 4, windows: 3, kinds: 0, load: 0, words: 40 },
  { needs: 4, channels: 3, windows: 0, kinds: 0, load: 0, words: 30 },
  { needs: 3, channels: 2, windows: 0, kinds: 0, load: 0, words: 20 },
] as const
type Fit = (typeof fits)[number]

/** The mail of a summary: at most `mostWords` words, the least important left out first. */
export function summaryMail(summary: Summary, links: MailLinks): SummaryMail {
  const title = capital(summary.headline.replace(`${summary.group}: `, ''))
  const { seq, hash } = summary.auditHead
  const footer = `Sent by Seconder for ${summary.group}. Audit log: ${seq}:${hash}`
  const stop: MailPart = { kind: 'links', items: [{ text: 'Stop these weekly mails', href: links.unsubscribe }] }
  const frame = { subject: summary.headline, title: `${title}.`, footer }
  // The line of a quiet week is its title.
  if (summary.quiet) return { ...frame, parts: [stop], chart: null }
  const around = { title: frame.title, groupName: summary.group, footer }
  const made = fits.map((fit) => ({ fit, parts: [...partsOf(summary, links, fit), stop] }))
  const { fit, parts } = made.find((each) => wordsOf(composeMail(each.parts, around).text) <= mostWords) ?? made.at(-1)!
  const shown = parts.some((part) => part.kind === 'image')
  return { ...frame, parts, chart: shown ? chartOf(windowsShown(summary, fit)) : null }
}

/** How many words the plain text of a mail has, which says all that the HTML shows; addresses are no words. */
export function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word) && !/^https?:/.test(word)).length
}

function partsOf(summary: Summary, links: MailLinks, fit: Fit): MailPart[] {
  const page = `${links.origin}/g/${links.slug}/engagement?week=${summary.week}`
  return [
    {
      kind: 'small',
      text: isWeek(summary.week) ? spokenWeek(summary.week) + (summary.final ? '' : ' (not over yet)') : '',
    },
    ...needsParts(summary, links, fit),
    ...wentOutParts(summary, fit),
    ...responseParts(summary, fit),
    ...kindParts(summary, fit),
    ...reviewParts(summary, fit),
    ...section('Next week', summary.suggestions.length > 0 ? [{ kind: 'list', items: summary.suggestions }] : []),
    { kind: 'button', label: 'See the whole week', href: page },
  ]
}

function section(heading: string, parts: readonly MailPart[]): MailPart[] {
  return parts.length === 0 ? [] : [{ kind: 'heading', text: heading }, ...parts]
}

function needsParts({ needsYou }: Summary, links: MailLinks, fit: Fit): MailPart[] {
  const shown = needsYou.length > fit.needs ? needsYou.slice(0, fit.needs - 1) : needsYou
  const items = shown.map(({ text, path }) => ({ text: short(text, fit.words * 3), href: `${links.origin}${path}` }))
  const rest = needsYou.length - shown.length
  if (rest > 0) items.push({ text: `${rest} more in the queue.`, href: `${links.origin}/g/${links.slug}/queue` })
  return section('Needs you', items.length > 0 ? [{ kind: 'links', items }] : [])
}

function wentOutParts({ wentOut }: Summary, fit: Fit): MailPart[] {
  const items = wentOut
    .slice(0, fit.channels)
    .map((each) => `${short(each.channelName, 40)}: ${short(each.text, fit.words * 3)}`)
  if (wentOut.length > fit.channels) items.push(`${wentOut.length - fit.channels} more channels are on the page.`)
  return section('What went out', items.length > 0 ? [{ kind: 'list', items }] : [])
}

/** Said once, above the list. */
const usualAge = ', as counted at 48 hours.'

function responseParts({ top, usual }: Summary, fit: Fit): MailPart[] {
  const items = top.map(
    (each) =>
      `“${short(each.firstWords, fit.words)}” on ${short(each.channelName, 40)}: ${each.text.replace(usualAge, '.')}`,
  )
  const most = items.length === 0 ? [] : ['Most responded to, at 48 hours:']
  const said = [...(usual === '' ? [] : [usual]), ...most].join(' ')
  return section('What people responded to', [
    ...(said === '' ? [] : [{ kind: 'text', text: said } as const]),
    ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
  ])
}

function kindParts(summary: Summary, fit: Fit): MailPart[] {
  if (summary.byWindow.length === 0 || fit.windows === 0) return []
  const groups = [
    windowsShown(summary, fit),
    summary.byPicture.slice(0, fit.kinds),
    summary.byLabel.slice(0, fit.kinds),
  ]
  const told = groups.flat().some((each) => each.mean !== null)
  const heading = groups.slice(1).flat().length > 0 ? 'By window, picture and label' : 'By window'
  if (!told) return section(heading, [{ kind: 'text', text: 'Too few posts to say.' }])
  const drawn = windowsShown(summary, fit).some((each) => each.mean !== null)
  return section(heading, [
    ...(drawn
      ? [{ kind: 'image', cid: chartCid, alt: altOf(windowsShown(summary, fit)), width: chartWidth } as const]
      : []),
    { kind: 'table', head: ['Kind', 'Posts', 'Responses', '80 % range'], rows: groups.flat().map(row) },
    {
      kind: 'small',
      text: 'What goes together need not be cause and effect.',
    },
  ])
}

/** The finding; the numbers stand in the table under the picture. */
function altOf(found: readonly Estimate[]): string {
  const [first, ...others] = found
    .filter((each) => each.mean !== null)
    .toSorted((a, b) => (b.mean ?? 0) - (a.mean ?? 0))
  if (!first) return 'Too few posts to say.'
  const range = `${figure(first.mean ?? 0)} responses a post, probably ${figure(first.low ?? 0)} to ${figure(first.high ?? 0)}`
  if (others.length === 0) return `${capital(first.name)} typically drew ${range}.`
  const apart = (first.low ?? 0) > Math.max(...others.map((each) => each.high ?? 0))
  return `${capital(first.name)} typically drew most, ${range}; ${apart ? 'clearly apart from the others' : 'not clearly apart from the others'}.`
}

function row(each: Estimate): string[] {
  const { mean, low, high } = each
  const told =
    mean === null || low === null || high === null
      ? ['too few to say', '–']
      : [figure(mean), `${figure(low)} to ${figure(high)}`]
  return [short(capital(each.name), 30), String(each.n), ...told]
}

function reviewParts({ review }: Summary, fit: Fit): MailPart[] {
  const load = (review.load ?? []).filter((each) => each.asked > 0).slice(0, fit.load)
  return section('Review', [
    { kind: 'text', text: reviewSentences(review).join(' ') },
    ...(load.length > 0
      ? [
          {
            kind: 'table',
            head: ['Reviewer', 'Asked', 'Answered'],
            rows: load.map((each) => [short(each.name, 40), String(each.asked), String(each.answered)]),
          } as const,
        ]
      : []),
  ])
}

/** The chart and the table under it show the same. */
function windowsShown({ byWindow }: Summary, fit: Fit): readonly Estimate[] {
  return byWindow.slice(0, fit.windows)
}

function chartOf(windows: readonly Estimate[]): string {
  const options: ChartOptions = {
    title: 'Responses by window',
    description: findingOf(windows),
    surface: 'mail',
  }
  return responsesChart(windows, options)
}
