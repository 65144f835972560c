import fc from 'fast-check'

import { chartImage } from './chart-image.adapter.js'
import { responsesChart } from './chart.js'
import type { Estimate } from './responses.js'

const row = (name: string, n: number, mean: number | null, low: number | null, high: number | null): Estimate => ({
  name,
  n,
  mean,
  low,
  high,
  text: '',
})
const rows = [row('after work', 16, 7, 4, 12), row('lunch', 9, 3, 1.2, 6), row('evening', 4, null, null, null)]
const options = { title: 'Responses by window', description: 'After work 7 (4 to 12)' }

describe('the chart', () => {
  it('has a dot and a bar for each row that says something, and a name for each', () => {
    const svg = responsesChart(rows, options)
    expect(svg.match(/<circle /g)).toHaveLength(2)
    expect(svg.match(/rx="6"/g)).toHaveLength(2)
    expect(svg).toContain('After work (16)')
    expect(svg).not.toContain('Evening')
    expect(responsesChart(rows.slice(2), options)).toBe('')
  })

  it('says what it shows to people who do not see it', () => {
    const svg = responsesChart(rows, options)
    expect(svg).toContain('role="img"')
    expect(svg).toContain('<title>Responses by window</title><desc>After work 7 (4 to 12)</desc>')
  })

  it('runs nothing, loads nothing, and turns no name into markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('page', 'mail'), (name, surface) => {
        const svg = responsesChart([row(`<script>&"'${name}`, 9, 3, 1, 6)], { ...options, surface })
        expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/<script|href|url\(|http|on\w+=|@import/i)
      }),
      { examples: [['\u0000\ud800', 'mail']] },
    )
  })

  it('keeps every mark inside the picture', () => {
    const values = fc.tuple(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 8 }), (triples) => {
        const svg = responsesChart(
          triples.map((triple, index) => {
            const [low, mean, high] = triple.toSorted((a, b) => a - b) as [number, number, number]
            return row(`row ${index}`, 9, mean, low, high)
          }),
          options,
        )
        for (const [, x, width] of svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(16)
          expect(Number(x) + Number(width)).toBeLessThanOrEqual(523)
        }
        expect((svg.match(/<line /g) ?? []).length).toBeLessThanOrEqual(7)
      }),
    )
  })

  it('becomes an opaque picture for mail with letters in it, twice as fine as shown', () => {
    const png = chartImage(responsesChart(rows, { ...options, surface: 'mail' }), 1072)
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.readUInt32BE(16)).toBe(1072)
    expect(png.length).toBeLessThan(60_000)
    const withoutWords = chartImage(
      responsesChart(rows, { ...options, surface: 'mail' }).replace(/<text.*?<\/text>/g, ''),
      1072,
    )
    expect(png.length).toBeGreaterThan(withoutWords.length * 1.5)
  })
})
