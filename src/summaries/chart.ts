import type { Estimate } from './responses.js'
import { capital, figure, short } from './words.js'

/** `surface`: `page` is clear and takes the colour of the text around it, `mail` is dark on white and opaque. */
export interface ChartOptions {
  readonly title: string
  /** The finding, for people who do not see the picture. */
  readonly description: string
  readonly surface?: 'page' | 'mail'
}

/** In CSS pixels. Large type, because on a telephone the chart is shown at half its size. */
export const chartWidth = 536
const edge = 16
const rowHeight = 70
const axisHeight = 72
const font = "'DejaVu Sans', Verdana, sans-serif"

const colours = {
  page: { text: 'currentColor', bar: 'currentColor', dot: 'currentColor', line: 'currentColor', back: null },
  mail: { text: '#1b2128', bar: '#0f5b63', dot: '#0f5b63', line: '#1b2128', back: '#ffffff' },
} as const

/**
 * A dot for the typical post and a bar for its 80 % interval, row by row, on one axis of responses a post, as static
 * SVG: no script, no link, no font from elsewhere. Empty when no row has an interval.
 */
export function responsesChart(rows: readonly Estimate[], options: ChartOptions): string {
  const drawn = rows.filter((row) => row.mean !== null)
  if (drawn.length === 0) return ''
  const { text, bar, dot, line, back } = colours[options.surface ?? 'page']
  const most = Math.max(...drawn.map((row) => row.high ?? row.mean ?? 0))
  const step = stepFor(most)
  const top = Math.max(step, Math.ceil(most / step) * step)
  const bottom = drawn.length * rowHeight
  const height = bottom + axisHeight
  const x = (value: number) => round(edge + (value / top) * (chartWidth - 2 * edge))
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step)
  const grid = ticks.map(
    (tick) =>
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="8" y2="${bottom}" stroke="${line}" stroke-opacity="0.2"/>` +
      `<text x="${x(tick)}" y="${bottom + 28}" font-size="19" text-anchor="${anchor(tick, top)}">${figure(tick)}</text>`,
  )
  const marks = drawn.map((row, index) => {
    const y = index * rowHeight
    const [low, mean, high] = [row.low ?? 0, row.mean ?? 0, row.high ?? 0].map(x) as [number, number, number]
    const label = `${short(capital(row.name), 30)} (${row.n})`
    return (
      `<text x="${edge}" y="${y + 30}" font-size="21">${escape(label)}</text>` +
      `<rect x="${low}" y="${y + 43}" width="${round(Math.max(2, high - low))}" height="12" rx="6" fill="${bar}" fill-opacity="0.4"/>` +
      `<circle cx="${mean}" cy="${y + 49}" r="8" fill="${dot}"/>`
    )
  })
  const ground = back ? `<rect width="${chartWidth}" height="${height}" fill="${back}"/>` : ''
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" role="img" ` +
    `font-family="${font}" fill="${text}"><title>${escape(options.title)}</title><desc>${escape(options.description)}</desc>` +
    `${ground}${grid.join('')}${marks.join('')}` +
    `<text x="${edge}" y="${bottom + 58}" font-size="19">Responses of a typical post, and its 80 % range</text></svg>`
  )
}

/** A round step that gives two to five lines. */
function stepFor(most: number): number {
  const rough = Math.max(most, 0.4) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power
}

/** The outermost numbers stay inside the picture. */
function anchor(tick: number, top: number): string {
  return tick === 0 ? 'start' : tick >= top ? 'end' : 'middle'
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Characters that XML cannot hold at all are left out: a label may contain anything that somebody typed. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (each) => entities[each] ?? '')
}
