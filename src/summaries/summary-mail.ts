import type { MailPart } from '../mail/mail-layout.js'
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
  { needs: 6, channels: 5, windows: 5, kinds: 2, load: 5, words: 50 },
  { needs: 5, channels: 4, windows: 4, kinds: 0, load: 0, words: 40 },
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
  const made = fits.map((fit) => partsOf(summary, links, fit))
  const parts =
    made.find((each) => wordsOf([frame.title, footer, ...each.map(wordsIn)]) <= mostWords - 5) ?? made.at(-1)!
  const shown = parts.some((part) => part.kind === 'image')
  return { ...frame, parts: [...parts, stop], chart: shown ? chartOf(summary) : null }
}

/** How many words a part shows. */
export function wordsOf(texts: readonly string[]): number {
  return texts
    .join(' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length
}

/** All that a part says, without addresses. */
export function wordsIn(part: MailPart): string {
  switch (part.kind) {
    case 'list':
      return part.items.join(' ')
    case 'links':
      return part.items.map((item) => item.text).join(' ')
    case 'table':
      return [part.head, ...part.rows].flat().join(' ')
    case 'button':
      return part.label
    // Read out or shown instead of the picture, which repeats the table under it.
    case 'image':
    case 'picture-note':
      return ''
    default:
      return part.text
  }
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
  const items = shown.map(({ text, path }) => ({ text: short(text, fit.words * 2), href: `${links.origin}${path}` }))
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

function responseParts({ top, usual }: Summary, fit: Fit): MailPart[] {
  const items = top.map(
    (each) => `“${short(each.firstWords, fit.words)}” on ${short(each.channelName, 40)}: ${each.text}`,
  )
  return section('What people responded to', [
    ...(usual === '' ? [] : [{ kind: 'text', text: usual } as const]),
    ...(items.length > 0 ? [{ kind: 'list', items } as const] : []),
  ])
}

function kindParts(summary: Summary, fit: Fit): MailPart[] {
  if (summary.byWindow.length === 0 || fit.windows === 0) return []
  const groups = [
    summary.byWindow.slice(0, fit.windows),
    summary.byPicture.slice(0, fit.kinds),
    summary.byLabel.slice(0, fit.kinds),
  ]
  const told = groups.flat().some((each) => each.mean !== null)
  if (!told) return section('By window, picture and label', [{ kind: 'text', text: 'Too few posts to say.' }])
  const drawn = summary.byWindow.some((each) => each.mean !== null)
  return section('By window, picture and label', [
    ...(drawn ? [{ kind: 'image', cid: chartCid, alt: findingOf(summary.byWindow), width: chartWidth } as const] : []),
    { kind: 'table', head: ['Posts', 'Counted', 'Responses', '80 % range'], rows: groups.flat().map(row) },
    {
      kind: 'small',
      text: 'Channels are made comparable. What goes together need not be cause and effect: what a post says matters most.',
    },
  ])
}

function row(each: Estimate): string[] {
  const { mean, low, high } = each
  const told =
    mean === null || low === null || high === null
      ? ['too few to say', '']
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

function chartOf(summary: Summary): string {
  const options: ChartOptions = {
    title: 'Responses by window',
    description: findingOf(summary.byWindow),
    surface: 'mail',
  }
  return responsesChart(summary.byWindow, options)
}
