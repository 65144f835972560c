import fc from 'fast-check'

import { composeMail } from '../mail/mail-layout.js'
import type { Estimate } from './responses.js'
import { mostWords, summaryMail, wordsOf } from './summary-mail.js'
import type { Summary } from './summary.js'

const links = {
  origin: 'https://queue.example.org',
  slug: 'riverside',
  unsubscribe: 'https://queue.example.org/unsubscribe/abc',
}

const estimate = (name: string, n: number, mean: number | null): Estimate => ({
  name,
  n,
  mean,
  low: mean && mean / 2,
  high: mean && mean * 2,
  text: `${name}: …`,
})

function summary(given: Partial<Summary> = {}): Summary {
  return {
    week: '2026-W47',
    from: '2026-11-16',
    to: '2026-11-22',
    group: 'Riverside',
    headline: 'Riverside: 9 posts went out, 2 need a reviewer',
    quiet: false,
    needsYou: [{ text: '2 posts wait for a reviewer, the oldest for 3 days.', path: '/g/riverside/queue' }],
    wentOut: [
      {
        channelName: 'Bluesky',
        network: 'bluesky',
        published: 9,
        failed: 0,
        onTime: 9,
        text: '9 posts went out, all on time.',
      },
    ],
    top: [],
    usual: 'A typical post drew 6 responses at 48 hours.',
    byWindow: [estimate('after work', 16, 7), estimate('lunch', 3, null)],
    byPicture: [estimate('with a picture', 12, 8)],
    byLabel: [],
    review: {
      requests: 3,
      medianMinutes: 40,
      slowestMinutes: 200,
      within24: 'All 3 posts were answered within 24 hours.',
      caught: 'Review sent nothing back and stopped nothing.',
      load: [{ name: 'Ben', asked: 3, answered: 2 }],
    },
    suggestions: [],
    chartSvg: '',
    auditHead: { seq: 128, hash: 'ab'.repeat(32) },
    final: true,
    ...given,
  }
}

const compose = (of: Summary) => {
  const mail = summaryMail(of, links)
  return { ...mail, ...composeMail(mail.parts, { title: mail.title, groupName: of.group, footer: mail.footer }) }
}

describe('the mail of a summary', () => {
  it('has the facts in its subject and begins with what needs somebody, each as one link', () => {
    const { subject, text, html } = compose(summary())
    expect(subject).toBe('Riverside: 9 posts went out, 2 need a reviewer')
    expect(text).toContain('9 posts went out, 2 need a reviewer.\n')
    expect(text.indexOf('Needs you')).toBeLessThan(text.indexOf('What went out'))
    expect(html).toContain('href="https://queue.example.org/g/riverside/queue"')
  })

  it('describes its chart, and has the same numbers in a table and in plain text', () => {
    const { text, html, chart } = compose(summary())
    expect(chart).toContain('#ffffff')
    expect(html).toContain(
      '<img src="cid:responses-by-window" alt="After work typically drew 7 responses a post, probably 3.5 to 14."',
    )
    expect(html.indexOf('<table width="100%"')).toBeGreaterThan(html.indexOf('cid:'))
    expect(text).toContain('Kind: After work\nPosts: 16\nResponses: 7\n80 % range: 3.5 to 14')
    expect(text).toContain('Kind: Lunch\nPosts: 3\nResponses: too few to say')
  })

  it('has no picture while there is too little to draw', () => {
    const { chart, html, text } = compose(summary({ byWindow: [estimate('lunch', 3, null)], byPicture: [] }))
    expect(chart).toBeNull()
    expect(html).not.toContain('<img')
    expect(text).toContain('Too few posts to say.')
  })

  it('ends with the place of the audit log, as the command line takes it', () => {
    expect(compose(summary()).text.trimEnd()).toMatch(new RegExp(`Audit log: 128:${'ab'.repeat(32)}$`))
  })

  it('is one line for a quiet week', () => {
    const { text, chart } = compose(
      summary({ quiet: true, headline: 'Riverside: a quiet week, nothing went out, nothing waits' }),
    )
    expect(chart).toBeNull()
    expect(text.split('-- ')[0]).toBe(
      [
        'Riverside',
        '',
        'A quiet week, nothing went out, nothing waits.',
        '='.repeat(46),
        '',
        '* Stop these weekly mails',
        '  https://queue.example.org/unsubscribe/abc',
        '',
        '',
      ].join('\n'),
    )
  })

  it('has at most 350 words and less than 100 KB, however much there is to tell', () => {
    const words = (most: number) =>
      fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: most }).map((each) => each.join(' '))
    const amount = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(amount, amount, amount, words(60), words(20), (needs, channels, kinds, long, name) => {
        const times = <T>(n: number, make: (index: number) => T) => Array.from({ length: n }, (_, index) => make(index))
        const full = summary({
          needsYou: times(needs, (index) => ({ text: long, path: `/g/riverside/posts/${index}` })),
          wentOut: times(channels, () => ({
            channelName: name,
            network: 'bluesky',
            published: 3,
            failed: 1,
            onTime: 2,
            text: long,
          })),
          top: times(3, () => ({
            postId: 'p',
            channelName: name,
            firstWords: long.slice(0, 70),
            url: null,
            counters: { reactions: 1, replies: null, reposts: null, clicks: null, impressions: null, at: '' },
            publishedAt: '',
            text: '12 reactions, 3 replies, reposts not available, as counted at 48 hours.',
          })),
          byWindow: times(Math.min(kinds, 8), (index) => estimate(`${name} ${index}`, 20, index)),
          byLabel: times(Math.min(kinds, 8), (index) => estimate(`${name} ${index}`, 20, index)),
          review: { ...summary().review, load: times(kinds, () => ({ name, asked: 3, answered: 1 })) },
          suggestions: ['Try “after work” for what matters most: posts there drew more than elsewhere (16 posts).'],
        })
        const mail = compose(full)
        expect(wordsOf(mail.text)).toBeLessThanOrEqual(mostWords)
        expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000)
        expect(mail.text).toContain('See the whole week')
        expect(mail.text).toContain('Stop these weekly mails')
      }),
    )
  })
})
