import fc from 'fast-check'

import { composeMail, type MailPart } from './mail-layout.js'
import { linksOf } from './mailbox-page.js'

const frame = { title: 'Ana asks you to look at a post', groupName: 'Riverside' }

const every: MailPart[] = [
  { kind: 'heading', text: 'On Bluesky' },
  { kind: 'text', text: 'Tuesday, 17:22.\n\nIf nobody answers it will not go out.' },
  { kind: 'quote', text: 'Bring soup & bread\nto the library' },
  { kind: 'picture-note', alt: 'A long table in a park' },
  { kind: 'button', label: 'Look at it', href: 'https://queue.example.org/r/abc?x=1&y=2' },
  { kind: 'list', items: ['One', 'Two'] },
  {
    kind: 'table',
    head: ['Channel', 'Posts'],
    rows: [
      ['Bluesky', '9'],
      ['Noticeboard', '4'],
    ],
  },
  { kind: 'image', cid: 'chart', alt: 'Nine posts went out', width: 536 },
  { kind: 'links', items: [{ text: 'See all', href: 'https://queue.example.org/g/riverside/queue' }] },
  { kind: 'code', text: '481 220' },
  { kind: 'small', text: 'The link works until Tuesday.' },
]

describe('a mail', () => {
  it('says the same in HTML and in plain text', () => {
    const { html, text } = composeMail(every, frame)
    const shown = html
      .replace(/<style>.*<\/style>/s, '')
      .replace(/alt="([^"]*)"/g, '>$1<')
      .replace(/<[^>]*>/g, '')
      .replaceAll('&amp;', '&')
    const words = [
      'Ana asks you to look',
      'Riverside',
      'On Bluesky',
      'it will not go out',
      'soup & bread',
      'A long table',
      'Two',
      'Noticeboard',
      'Nine posts',
      '481 220',
      'until Tuesday',
      'Sent by Seconder',
    ]
    for (const word of words) {
      expect(shown).toContain(word)
      expect(text).toContain(word)
    }
    expect(text).toContain('Look at it:\nhttps://queue.example.org/r/abc?x=1&y=2')
    expect(text).toContain('* See all\n  https://queue.example.org/g/riverside/queue')
    expect(linksOf(html)).toEqual([
      'https://queue.example.org/r/abc?x=1&y=2',
      'https://queue.example.org/g/riverside/queue',
    ])
  })

  it('reads as plain text without the HTML', () => {
    const { text } = composeMail(every.slice(0, 7), { ...frame, footer: 'You get this as a reviewer.' })
    expect(text).toBe(
      [
        'Riverside',
        '',
        'Ana asks you to look at a post',
        '==============================',
        '',
        'On Bluesky',
        '----------',
        '',
        'Tuesday, 17:22.',
        '',
        'If nobody answers it will not go out.',
        '',
        '> Bring soup & bread',
        '> to the library',
        '',
        '[Picture: A long table in a park]',
        '',
        'Look at it:',
        'https://queue.example.org/r/abc?x=1&y=2',
        '',
        '* One',
        '* Two',
        '',
        'Channel: Bluesky',
        'Posts: 9',
        '',
        'Channel: Noticeboard',
        'Posts: 4',
        '',
        '-- ',
        'You get this as a reviewer.',
        '',
      ].join('\n'),
    )
  })

  it('never turns anyone’s words into markup', () => {
    const hostile = `<script>x</script><img src=x onerror=x>"'&`
    const parts: MailPart[] = [
      { kind: 'heading', text: hostile },
      { kind: 'text', text: hostile },
      { kind: 'button', label: hostile, href: 'https://example.org/"onclick="x' },
      { kind: 'quote', text: hostile },
      { kind: 'picture-note', alt: hostile },
      { kind: 'list', items: [hostile] },
      { kind: 'links', items: [{ text: hostile, href: 'https://example.org/"onclick="x' }] },
      { kind: 'table', head: [hostile], rows: [[hostile]] },
      { kind: 'image', cid: hostile, alt: hostile, width: 10 },
      { kind: 'code', text: hostile },
      { kind: 'small', text: hostile },
    ]
    const { html } = composeMail(parts, { title: hostile, groupName: hostile, footer: hostile })
    expect(html).not.toMatch(/<script|<img src=x|onclick="x|'&[^a#]/)
    expect(html.match(/<img /g)).toHaveLength(1)
  })

  it('loads nothing from anywhere', () => {
    expect(composeMail(every, frame).html).not.toMatch(
      /(src|background|href)="(?!cid:|https:\/\/queue\.example\.org)|url\(|@import|<link/,
    )
  })

  it('stays under the size at which mail programs cut it off, and keeps its buttons', () => {
    const button: MailPart = { kind: 'button', label: 'Look at it', href: 'https://queue.example.org/r/abc' }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1500 }), (quotes, rows) => {
        const parts: MailPart[] = [
          ...Array.from({ length: quotes }, (): MailPart => ({ kind: 'quote', text: '😀 & é '.repeat(2000) })),
          { kind: 'table', head: ['A'], rows: Array.from({ length: rows }, () => ['x'.repeat(40)]) },
          button,
        ]
        const { html, text } = composeMail(parts, frame)
        expect(Buffer.byteLength(html)).toBeLessThan(100_000)
        expect(linksOf(html)).toEqual([button.href])
        const whole = quotes === 0 && (html.match(/x{40}/g) ?? []).length === rows
        expect(html.includes('The rest is left out')).toBe(!whole)
        expect(text).not.toContain('\uFFFD')
      }),
      { numRuns: 25 },
    )
  })

  it('has no button that leads to anything but a web page', () => {
    expect(() => composeMail([{ kind: 'button', label: 'x', href: 'javascript:x()' }], frame)).toThrow('javascript:')
  })

  it('has enough contrast in light and in dark (WCAG 1.4.3)', () => {
    const pairs = [
      ['#1b2128', '#ffffff'],
      ['#4b5563', '#ffffff'],
      ['#1b2128', '#eef2f6'],
      ['#ffffff', '#0f5b63'],
      ['#e8ebef', '#1e242b'],
      ['#b6bec8', '#1e242b'],
      ['#e8ebef', '#2a323b'],
      ['#10212f', '#7cc0c3'],
    ] as const
    const { html } = composeMail(every, frame)
    for (const [front, back] of pairs) {
      expect(html).toContain(front)
      expect(html).toContain(back)
      expect(contrast(front, back)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
